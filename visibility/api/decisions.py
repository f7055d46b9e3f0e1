"""Deciding about cases: what can be done, what it would do, doing it, approving it, taking it back."""

import re
from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Field, Router
from pydantic import AfterValidator

from visibility.api.people import person_of, signed_in
from visibility.api.shapes import ProblemDetails, Shape
from visibility.core.errors import InputError
from visibility.desk import services
from visibility.desk.evidence import find_case, see_case
from visibility.desk.models import Resolution
from visibility.desk.selectors import ResolutionRow, get_resolution, resolutions_of_case
from visibility.pipeline.trace import case_dict

router = Router(auth=signed_in, tags=["decisions"])
REFUSALS = dict.fromkeys((401, 403, 404, 409, 422, 500, 503), ProblemDetails)
NO_STORE = {"Cache-Control": "no-store"}
KEY = re.compile(r"[\x21-\x7e]{1,255}")
HEADER: dict[str, Any] = {
    "parameters": [
        {
            "in": "header",
            "name": "Idempotency-Key",
            "required": False,
            "schema": {"type": "string", "maxLength": 255},
            "description": "Identity of this decision among those of the same person: sent twice, it is "
            "decided once, and both get the same answer.",
        }
    ]
}


MOST = 2**31 - 1


def _text(value: Any) -> Any:
    if isinstance(value, str) and "\x00" in value:
        raise ValueError("A text holds no NUL.")
    return value


class Asked(Shape):
    """An action, and what is filled in for it."""

    action: str = Field(max_length=40)
    values: dict[str, Annotated[str | bool | int | float | None, AfterValidator(_text)]] = Field(
        default_factory=dict
    )


class Decided(Asked):
    """A decision. `seen_decisions` as the case said it; `evidence` as the preview did, if there was one."""

    seen_decisions: int = Field(ge=0, le=MOST)
    evidence: UUID | None = None


class Reason(Shape):
    """Why."""

    reason: Annotated[str, AfterValidator(_text)] = Field("", max_length=500)


@router.get("/cases/{case_id}", operation_id="getCase", response={200: dict[str, Any], **REFUSALS})
def get_case(request: HttpRequest, case_id: int) -> HttpResponse:
    """A case, what this person may do about it (the recommended first), and what was decided so far."""
    user, scope = person_of(request)
    seen = see_case(scope=scope, case_id=case_id)
    offers = services.offers_of(seen=seen, user=user) if scope.partners is None else []
    answer = {
        **case_dict(seen.case),
        "decisions": seen.case.decisions,
        "offers": [{"action": a.name, **msgspec.to_builtins(offer)} for a, offer in offers],
        "resolutions": [_shown(row) for row in resolutions_of_case(scope=scope, case_id=case_id)],
    }
    return JsonResponse(answer, headers=NO_STORE)


@router.post(
    "/cases/{case_id}/preview", operation_id="previewDecision", response={200: dict[str, Any], **REFUSALS}
)
def preview(request: HttpRequest, case_id: int, asked: Asked) -> HttpResponse:
    """What a decision would change where, and who must approve it. Nothing is done."""
    user, scope = person_of(request)
    found = services.preview_resolution(
        scope=scope, user=user, case_id=case_id, action=asked.action, values=asked.values
    )
    plan = found.plan
    answer = {
        "words": plan.words,
        "case": plan.case,
        "expects": plan.expects,
        "worth": None if plan.worth is None else str(plan.worth),
        "currency": plan.currency,
        "facts": [fact.words for fact in plan.facts],
        "steps": [
            {
                "number": step.number,
                "system": step.command.role,
                "words": step.command.words,
                "after": list(step.after),
            }
            for step in plan.steps
        ],
        "by_hand": list(found.by_hand),
        "approval": found.approval,
        "evidence": str(found.evidence),
        "decisions": find_case(scope=scope, case_id=case_id).decisions,
    }
    return JsonResponse(answer, headers=NO_STORE)


@router.post(
    "/cases/{case_id}/resolve",
    operation_id="resolveCase",
    response={201: dict[str, Any], **REFUSALS},
    openapi_extra=HEADER,
)
def resolve(request: HttpRequest, case_id: int, asked: Decided) -> HttpResponse:
    """Decide. 409 says who was faster, or that the case changed since it was looked at."""
    user, scope = person_of(request)
    resolution = services.resolve_case(
        scope=scope,
        user=user,
        case_id=case_id,
        action=asked.action,
        values=asked.values,
        seen_decisions=asked.seen_decisions,
        evidence=asked.evidence,
        request_key=_key_of(request),
    )
    return _answer(request, resolution, status=201)


@router.post(
    "/resolutions/{resolution_id}/approve",
    operation_id="approveDecision",
    response={200: dict[str, Any], **REFUSALS},
)
def approve(request: HttpRequest, resolution_id: int, why: Reason) -> HttpResponse:
    """Approve what another person proposed; it is carried out as it was proposed."""
    user, scope = person_of(request)
    found = services.approve_resolution(
        scope=scope, user=user, resolution_id=resolution_id, reason=why.reason
    )
    return _answer(request, found)


@router.post(
    "/resolutions/{resolution_id}/reject",
    operation_id="rejectDecision",
    response={200: dict[str, Any], **REFUSALS},
)
def reject(request: HttpRequest, resolution_id: int, why: Reason) -> HttpResponse:
    """Say no to a proposal, and why."""
    user, scope = person_of(request)
    found = services.reject_resolution(scope=scope, user=user, resolution_id=resolution_id, reason=why.reason)
    return _answer(request, found)


@router.post(
    "/resolutions/{resolution_id}/reverse",
    operation_id="reverseDecision",
    response={200: dict[str, Any], **REFUSALS},
)
def reverse(request: HttpRequest, resolution_id: int, why: Reason) -> HttpResponse:
    """Take a decision back, and why."""
    user, scope = person_of(request)
    found = services.reverse_resolution(
        scope=scope, user=user, resolution_id=resolution_id, reason=why.reason
    )
    return _answer(request, found)


def _key_of(request: HttpRequest) -> str:
    key = request.headers.get("Idempotency-Key", "")
    if key and not KEY.fullmatch(key):
        raise InputError("invalid_key", "A key is 1 to 255 printable characters.", "Idempotency-Key")
    return key


def _answer(request: HttpRequest, resolution: Resolution, *, status: int = 200) -> HttpResponse:
    _user, scope = person_of(request)
    row = get_resolution(scope=scope, resolution_id=resolution.pk)
    return JsonResponse(_shown(row) if row else {}, status=status, headers=NO_STORE)


def _shown(row: ResolutionRow) -> dict[str, Any]:
    shown: dict[str, Any] = msgspec.to_builtins(asdict(row))
    return shown

"""Orders end to end, and what is wrong with them."""

from typing import Literal
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Field, Query, Router, Schema

from visibility.api.keys import can_read, scope_of
from visibility.api.shapes import Case, Flow, ProblemDetails
from visibility.pipeline.trace import case_dict, trace_flow, trace_key
from visibility.triage.findings import QUEUES
from visibility.triage.lists import list_cases

router = Router(auth=can_read)
REFUSALS = dict.fromkeys((401, 403, 404, 422, 500, 503), ProblemDetails)
NO_STORE = {"Cache-Control": "no-store"}
PRINTABLE = r"^[^\x00-\x1f\x7f]*$"


class FlowQuestion(Schema):
    """Which orders."""

    key: str = Field(
        min_length=1,
        max_length=200,
        pattern=PRINTABLE,
        description="`scheme:value` (po, so, asn, invoice, bol, tracking, receipt, sscc) or any number "
        "alone: of an order, ship notice, invoice, bill of lading, or a correlation ID.",
        examples=["po:MD-40081"],
    )


class CaseQuestion(Schema):
    """Which cases."""

    queue: Literal[tuple(QUEUES)] | None = Field(None, description="One queue; without it, all.")  # type: ignore[valid-type]  # the queues are data
    state: Literal["open", "closed", "all"] = Field("open", description="Open, closed, or all cases.")
    cursor: str = Field("", max_length=500, pattern=PRINTABLE, description="As the header Link says.")
    limit: int = Field(50, ge=1, le=200)


@router.get(
    "/flows",
    tags=["flows"],
    operation_id="findFlows",
    summary="Orders that a number names",
    response={200: list[Flow], **REFUSALS},
)
def find_flows(request: HttpRequest, asked: Query[FlowQuestion]) -> HttpResponse:
    """Up to 50 orders, the newest first; an empty list where the number names none."""
    return JsonResponse(trace_key(scope=scope_of(request), key=asked.key), safe=False, headers=NO_STORE)


@router.get(
    "/flows/{correlation_id}",
    tags=["flows"],
    operation_id="getFlow",
    summary="One order, end to end",
    response={200: Flow, **REFUSALS},
)
def get_flow(request: HttpRequest, correlation_id: UUID) -> HttpResponse:
    """An order by its correlation ID, or by one that was merged into it."""
    flow = trace_flow(scope=scope_of(request), correlation_id=correlation_id)
    return JsonResponse(flow, headers=NO_STORE)


@router.get(
    "/cases",
    tags=["cases"],
    operation_id="listCases",
    summary="Exception cases",
    response={200: list[Case], **REFUSALS},
)
def find_cases(request: HttpRequest, asked: Query[CaseQuestion]) -> HttpResponse:
    """A page of cases, the gravest first. A further page is named by the header `Link` with rel="next"."""
    page = list_cases(
        scope=scope_of(request),
        queue=asked.queue or "",
        state="" if asked.state == "all" else asked.state,
        cursor=asked.cursor,
        limit=asked.limit,
    )
    answer = JsonResponse([case_dict(row) for row in page.rows], safe=False, headers=NO_STORE)
    if page.next_cursor:
        further = asked.dict(exclude_none=True) | {"cursor": page.next_cursor}
        answer["Link"] = f'<{request.path}?{urlencode(further)}>; rel="next"'
    return answer

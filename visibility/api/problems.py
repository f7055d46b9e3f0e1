"""Refusals as RFC 9457 problem details.

`type` is an address under this API that says what the kind means; `errors` locates each fault.
"""

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse

CONTENT_TYPE = "application/problem+json"
TYPES = "/api/v1/problems/"


@dataclass(frozen=True)
class Kind:
    """A kind of refusal: its status, its title, and what to do about it."""

    status: int
    title: str
    remedy: str


KINDS: dict[str, Kind] = {
    "bad_request": Kind(400, "The request could not be read", "Send it again, whole."),
    "unauthorized": Kind(
        401,
        "A valid key is needed",
        "Send `Authorization: Bearer KEY` with a key of a connection that is neither revoked nor expired.",
    ),
    "forbidden": Kind(
        403,
        "This may not be done with this key, or in this role",
        "Keys of the scope ingest send messages and ask what became of their own; keys of the scope read "
        "see flows, cases and messages. Decisions are taken by people who signed in, within their role.",
    ),
    "not_found": Kind(404, "There is no such thing", "Nothing under this address for this key."),
    "method_not_allowed": Kind(405, "This method is not known here", "See the header Allow."),
    "conflicting_duplicate": Kind(
        409,
        "This id was used before with another body",
        "Repeat a message with the same bytes, or send the change under a new id.",
    ),
    "decided": Kind(
        409,
        "Somebody else was faster",
        "`who`, `words` and `when` say who decided what. Look at the case again; it may be settled.",
    ),
    "changed": Kind(
        409, "It changed since it was looked at", "Look at the case again, and decide about what it says now."
    ),
    "gone": Kind(
        410,
        "This cursor holds no longer",
        "The database was restored or moved. Start again without a cursor; positions stay the same, so pass "
        "over those you have.",
    ),
    "length_required": Kind(411, "The length is missing", "Send a Content-Length, not a chunked body."),
    "too_large": Kind(413, "The message is too large", "Split it."),
    "unsupported_content_type": Kind(
        415, "This content type is not taken", "Send one of the content types that the API describes."
    ),
    "invalid": Kind(422, "The content cannot be used", "`errors` says what is wrong, and where."),
    "internal": Kind(500, "Something broke here", "It is logged. Send the request again later."),
    "unavailable": Kind(
        503, "The service cannot answer now", "Send the request again; nothing of it was kept."
    ),
}


@dataclass(frozen=True)
class Fault:
    """One located fault. `where` is a JSON pointer, a parameter's or header's name, or empty."""

    code: str
    text: str
    where: str = ""


def refuse(
    *,
    request: HttpRequest,
    kind: str,
    detail: str,
    errors: tuple[Fault, ...] = (),
    headers: dict[str, str] | None = None,
    **members: Any,
) -> HttpResponse:
    """The refusal as an answer. `members` are extension members of the problem."""
    found = KINDS[kind]
    faults = errors or (Fault(code=kind, text=detail),)
    problem = {
        "type": TYPES + kind,
        "title": found.title,
        "status": found.status,
        "detail": detail,
        "instance": request.path,
        "errors": [{"code": f.code, "where": f.where, "text": f.text} for f in faults],
        **members,
    }
    return HttpResponse(
        json.dumps(problem, ensure_ascii=False),
        status=found.status,
        reason=HTTPStatus(found.status).phrase,
        content_type=CONTENT_TYPE,
        headers={"Cache-Control": "no-store", **(headers or {})},
    )

"""Messages: sending one, and asking what became of it."""

import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Router

from visibility.api import examples
from visibility.api.bodies import read_message
from visibility.api.keys import can_ask, can_send, key_of, scope_of
from visibility.api.problems import Fault, refuse
from visibility.api.shapes import MessageStatus, ProblemDetails, Receipt
from visibility.canonical.examples import EXAMPLES, example_event
from visibility.core.errors import ConflictError, NotFoundError
from visibility.inbox.lists import list_messages
from visibility.inbox.models import ApiKey
from visibility.inbox.selectors import status_of
from visibility.inbox.services import accept_message
from visibility.pipeline.conflicts import record_conflict
from visibility.pipeline.wake import announce, wake_soon

router = Router(tags=["messages"])
ADDRESS = "/api/v1/messages/"
SHOWN = ("code", "where", "text")

BODIES: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/edi-x12": {
                "schema": {"type": "string", "description": "One or more X12 interchanges, as they are."},
                "examples": {
                    "answer": {"summary": "An 855: 60 of 100 cases, 40 later", "value": examples.X12}
                },
            },
            "application/edifact": {
                "schema": {"type": "string", "description": "One or more EDIFACT interchanges, as they are."},
                "examples": {"answer": {"summary": "An ORDRSP: 60 of 100", "value": examples.EDIFACT}},
            },
            "application/json": {
                "schema": {
                    "description": "A document as a vendor's system writes it, recognised by its structure.",
                    "type": ["object", "array"],
                },
                "examples": {
                    name: {"summary": summary, "value": value}
                    for name, (summary, value) in examples.SHAPES.items()
                },
            },
            "application/cloudevents+json": {
                "schema": {"$ref": "#/components/schemas/Event"},
                "examples": {
                    "order": {"summary": "An order", "value": examples.EVENT},
                    **{
                        kind.replace(".", "_"): {"summary": kind, "value": example_event(kind)}
                        for kind in EXAMPLES
                    },
                },
            },
            "application/cloudevents-batch+json": {
                "schema": {
                    "type": "array",
                    "minItems": 1,
                    "items": {"$ref": "#/components/schemas/Event"},
                },
                "examples": {
                    "two": {
                        "summary": "An order, and that it went out",
                        "value": [examples.EVENT, examples.RELEASED],
                    }
                },
            },
        },
    },
    "parameters": [
        {
            "in": "header",
            "name": "Idempotency-Key",
            "required": False,
            "schema": {"type": "string", "maxLength": 255},
            "description": "Identity of this message on its connection. Without one a CloudEvent's source "
            "and id are its identity, else all of its bytes are.",
        }
    ],
}


@router.post(
    "/messages",
    auth=can_send,
    operation_id="sendMessage",
    summary="Send a message",
    response={
        202: Receipt,
        **dict.fromkeys((400, 401, 403, 409, 411, 413, 415, 422, 500, 503), ProblemDetails),
    },
    openapi_extra=BODIES,
)
def send_message(request: HttpRequest) -> HttpResponse:
    """Keep a message verbatim. 202 says that it is committed; what becomes of it stands at `status_url`.

    Sent again, it is the same message: the same `message_id`, and `duplicate` true.
    """
    connection = key_of(request).connection
    sent = read_message(request)
    try:
        accepted = accept_message(
            connection=connection,
            body=sent.body,
            content_type=sent.content_type,
            idempotency_key=sent.idempotency_key,
            name=sent.name,
        )
    except ConflictError as error:
        message_id = record_conflict(
            connection=connection,
            body=sent.body,
            content_type=sent.content_type,
            idempotency_key=sent.idempotency_key,
        )
        announce({connection.company_id: set()})
        return _refuse_conflict(request, error, message_id)
    status = "received"
    if accepted.duplicate:
        outcome = status_of(message_ids=[accepted.message_id]).get(accepted.message_id)
        status = outcome.status if outcome else status
    else:
        wake_soon(tier=connection.tier)
    url = f"{ADDRESS}{accepted.message_id}"
    receipt = {
        "message_id": str(accepted.message_id),
        "status": status,
        "duplicate": accepted.duplicate,
        "status_url": url,
    }
    return HttpResponse(
        json.dumps(receipt),
        status=202,
        content_type="application/json",
        headers={"Location": url, "Cache-Control": "no-store"},
    )


def _refuse_conflict(request: HttpRequest, error: ConflictError, message_id: UUID | None) -> HttpResponse:
    first: dict[str, Any] = {}
    if message_id is not None:
        first = {"message_id": str(message_id), "status_url": f"{ADDRESS}{message_id}"}
    return refuse(
        request=request,
        kind="conflicting_duplicate",
        detail=error.text,
        errors=(Fault(code=error.code, text=error.text, where=error.where),),
        **first,
    )


@router.get(
    "/messages/{message_id}",
    auth=can_ask,
    operation_id="getMessage",
    summary="What became of a message",
    response={200: MessageStatus, **dict.fromkeys((401, 403, 404, 500, 503), ProblemDetails)},
)
def get_message(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """The status of a message and what is wrong with it.

    A key of the scope read sees its company's messages, one of the scope ingest those of its own connection.
    """
    key = key_of(request)
    # The list's row, because the message itself may be 64 MiB and senders ask often.
    rows = list_messages(scope=scope_of(request), q=str(message_id), limit=1).rows
    if not rows or (key.scope == ApiKey.Scope.INGEST and rows[0].connection != key.connection.name):
        raise NotFoundError("There is no such message for this key.")
    row = rows[0]
    outcome = status_of(message_ids=[row.id]).get(row.id)
    problems = outcome.problems if outcome else []
    answer = {
        "message_id": str(row.id),
        "connection": row.connection,
        "direction": row.direction,
        "content_type": row.content_type,
        "name": row.name,
        "size": row.size,
        "received_at": row.received_at.isoformat(),
        "status": row.status,
        "duplicate": False,
        "entries": row.entries,
        "document_types": row.document_types,
        "problems": [{name: problem.get(name, "") for name in SHOWN} for problem in problems],
        "status_url": f"{ADDRESS}{row.id}",
    }
    return JsonResponse(answer, headers={"Cache-Control": "no-store"})

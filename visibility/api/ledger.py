"""The ledger as a feed, for systems that keep a picture of their own."""

from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from visibility.api.flows import NO_STORE, PRINTABLE
from visibility.api.keys import can_read, scope_of
from visibility.api.shapes import LedgerPage, ProblemDetails
from visibility.canonical.documents import DOCUMENT_TYPES
from visibility.core.errors import InputError
from visibility.flows.selectors import scoped
from visibility.ledger.feed import FeedEntry, read_feed

router = Router(auth=can_read)
REFUSALS = dict.fromkeys((401, 403, 404, 410, 422, 500, 503), ProblemDetails)
MOST = 1000
_json = msgspec.json.Encoder()


class LedgerQuestion(Schema):
    """Which entries."""

    after: str = Field(
        "", max_length=500, pattern=PRINTABLE, description="The `cursor` of the page before; none: the first."
    )
    limit: int = Field(100, ge=1, le=MOST)
    type: list[str] = Field([], max_length=50, description="Entries of these types only, as `order.placed`.")


@router.get(
    "/ledger",
    tags=["ledger"],
    operation_id="readLedger",
    summary="The ledger, entry by entry",
    response={200: LedgerPage, **REFUSALS},
)
def read_ledger(request: HttpRequest, asked: Query[LedgerQuestion]) -> HttpResponse:
    """The entries of the company after a cursor, each once and none left out, however late it committed.

    Every page, also an empty one, has a `cursor` to go on from: keep it with what you made of the page. With
    `more` there is more at once; else ask again after a while. A page may be short, or empty, while `more` is
    true. `correlation_ids` and `superseded` are as they are known now.
    """
    unknown = sorted(set(asked.type) - DOCUMENT_TYPES.keys())
    if unknown:
        raise InputError(
            "unknown_type",
            f"There is no type {unknown[0]}; there are {', '.join(DOCUMENT_TYPES)}.",
            "query type",
        )
    scope = scope_of(request)
    page = read_feed(scope=scope, after=asked.after, types=asked.type, limit=asked.limit)
    flows = {flow for entry in page.entries for flow in entry.flow_ids}
    names = dict(scoped(scope).filter(id__in=flows).values_list("id", "correlation_id"))
    answer = {
        "entries": [_entry(entry, names) for entry in page.entries],
        "cursor": page.cursor,
        "more": page.more,
    }
    return HttpResponse(_json.encode(answer), content_type="application/json", headers=NO_STORE)


def _entry(entry: FeedEntry, names: dict[int, Any]) -> dict[str, Any]:
    return {
        "position": entry.position,
        "type": entry.type,
        "recorded_at": entry.recorded_at,
        "occurred_at": entry.occurred_at,
        "correlation_ids": [names[flow] for flow in entry.flow_ids if flow in names],
        "source": entry.source,
        "message_id": entry.message_id,
        "translation": entry.translation,
        "superseded": entry.superseded,
        "document": msgspec.Raw(entry.document.encode()),
    }

"""What people decide at the desk is recorded in the transaction of the decision: all of it, or nothing.

The decision's events are kept as a message of the desk, like any other, and worked through at once, by the
same stages. Whoever calls has the flows and cases concerned locked already, in the house's order.
"""

import json
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection as database
from django.db import transaction

from visibility.canonical.keys import CORRELATION
from visibility.core import clock, identifiers
from visibility.core.db import server_cursor
from visibility.core.errors import InputError
from visibility.inbox.at_once import keep_claimed
from visibility.inbox.models import Connection
from visibility.masterdata.models import Company
from visibility.pipeline import wake
from visibility.pipeline.chunk import Chunk
from visibility.pipeline.failures import is_passing
from visibility.pipeline.intake import BATCH, EVENT
from visibility.pipeline.stages import commit_chunk
from visibility.pipeline.worker import chunks
from visibility.triage.retrying import in_one_transaction

SOURCE = "/desk"
Json = dict[str, Any]
T = TypeVar("T")


def with_retries(work: Callable[[], T]) -> T:
    """Do a whole decision in one transaction; deadlocks and serialisation failures begin it again.

    Inside of a transaction it is done once: what failed there can only be begun again as a whole.
    """
    return in_one_transaction(work, passing=is_passing)


def desk_event(*, type: str, data: Json) -> Json:
    """An event of the desk with an identity of its own, told now."""
    return {
        "specversion": "1.0",
        "id": str(identifiers.new_id()),
        "source": SOURCE,
        "type": type,
        "time": clock.now().isoformat(),
        "data": data,
    }


def record_in(*, connection: Connection, events: Sequence[Json]) -> UUID:
    """Keep events (desk_event) as one message and work it through inside the caller's transaction.

    Its message id. InputError for what cannot be recorded: then the caller's transaction must not commit.
    Open pages are told after the commit.
    """
    if not database.in_atomic_block:
        raise RuntimeError("record_in belongs into the transaction of what it records")
    body = json.dumps(events if len(events) > 1 else events[0]).encode()
    content_type = BATCH if len(events) > 1 else EVENT
    with server_cursor(database) as cursor:
        claim = keep_claimed(cursor=cursor, connection=connection, body=body, content_type=content_type)
    for chunk in chunks([claim]):
        changed = commit_chunk(chunk)
        _check(chunk)
        transaction.on_commit(partial(wake.announce, changed))
    return claim.message_id


def _check(chunk: Chunk) -> None:
    for work in chunk.units:
        for problem in work.problems:
            if problem.severity == "error":
                raise InputError(problem.code, problem.text, problem.where)


def desk_connection(*, company: Company) -> Connection:
    """The connection by which what people of a company decide comes in."""
    found, _ = Connection.objects.get_or_create(
        name=f"desk-{company.code}",
        defaults={"company": company, "title": "Desk", "witness": Connection.Witness.DESK},
    )
    return found


def order_reference(*, flow_id: int) -> dict[str, str] | None:
    """An order by the narrowest of its numbers, so that no other one can be meant; None: it has none yet."""
    with server_cursor(database) as cursor:
        cursor.execute(
            "SELECT scheme, scope, value FROM ledger_correlation_key "
            "WHERE flow_id = %s AND scheme <> %s ORDER BY length(scope) DESC, scope, scheme, value LIMIT 1",
            [flow_id, CORRELATION],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    scheme, scope, value = row
    issuer, _, system = scope.partition("|")
    return {"scheme": scheme, "issuer": issuer, "system": system, "number": value}

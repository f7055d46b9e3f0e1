"""However long a queue is, and whatever PostgreSQL believes of it, the next messages cost the same."""

from typing import Any, ClassVar

import psycopg
import pytest
from django.db import connection, connections
from factories import company
from factories import connection as way_in

from visibility.inbox.models import MessageWork
from visibility.inbox.work import BATCH_MESSAGES, claim_work, tiers_waiting

LENGTH = 3000
FILL = """
WITH m AS (
    INSERT INTO inbox_message (id, company_id, connection_id, direction, content_type, name, body, size,
        body_digest)
    SELECT gen_random_uuid(), %s, %s, 'in', 'application/json', '', '{}', 2, gen_random_uuid()
    FROM generate_series(1, %s) RETURNING id)
INSERT INTO inbox_messagework (message_id, tier, translation, cursor, attempts, alone, last_error, created_at)
SELECT id, 'batch', 1, 0, 0, false, '', now() - interval '1 hour' + row_number() OVER () * interval '1 ms'
FROM m
"""


class Explaining(psycopg.Cursor[Any]):
    """A cursor that has the plan of every query about the queue told before it is run."""

    plans: ClassVar[list[str]] = []

    def execute(self, query: Any, params: Any = None, **more: Any) -> Any:
        if "inbox_messagework" in str(query):
            super().execute(f"EXPLAIN {query}", params)
            self.plans.append("\n".join(str(row[0]) for row in self.fetchall()))
        return super().execute(query, params, **more)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_the_next_messages_are_found_without_reading_or_sorting_the_queue(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    way = way_in(of=company())
    with connection.cursor() as cursor:
        cursor.execute(FILL, [way.company_id, way.pk, LENGTH])
        # What stands in a short queue is in somebody's hands: so PostgreSQL believes few rows are free.
        cursor.execute("UPDATE inbox_messagework SET company = 1, lease_until = now() + interval '1 hour'")
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE inbox_messagework")
    MessageWork.objects.update(company=0, lease_until=None)
    monkeypatch.setattr(psycopg, "Cursor", Explaining)
    Explaining.plans.clear()
    assert len(claim_work(tier="batch", suspected=False)) == BATCH_MESSAGES
    assert tiers_waiting(seconds=3, tiers=["batch"]) == ["batch"]
    claim, waiting = Explaining.plans
    assert "Sort" not in claim
    assert "Index Scan using work_next" in claim
    assert "created_at <=" in waiting.split("Index Cond:")[1].splitlines()[0]

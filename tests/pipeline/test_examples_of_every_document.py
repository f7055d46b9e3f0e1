"""The published example of every document goes through the pipeline as it stands."""

import msgspec
import pytest
from factories import connection, process

from visibility.canonical.examples import EXAMPLES, example_event
from visibility.ledger.models import LedgerEntry

pytestmark = pytest.mark.django_db
BY_THE_DESK = {"entry.linked", "decision.taken", "command.outcome"}


def test_each_example_becomes_an_entry_of_its_type() -> None:
    at = connection()
    sent = [kind for kind in EXAMPLES if kind not in BY_THE_DESK]
    done = process(at, *(msgspec.json.encode(example_event(kind)) for kind in sent))
    assert [(each.status, each.problems) for each in done] == [("processed", [])] * len(sent)
    types = LedgerEntry.objects.filter(company_id=at.company_id).values_list("type", flat=True)
    assert sorted(types) == sorted(sent)

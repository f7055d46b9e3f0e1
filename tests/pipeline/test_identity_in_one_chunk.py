"""One event told by two messages that are worked through together counts once, and never not at all."""

from collections.abc import Callable

import pytest
from factories import Json, batch, codes, one, order, outcome, send, trace

from visibility.inbox.models import Connection
from visibility.ledger.models import LedgerEntry
from visibility.pipeline.worker import drain

Check = Callable[[], None]


@pytest.mark.django_db
@pytest.mark.parametrize("batch_first", [True, False])
def test_an_event_in_a_batch_and_alone_counts_once_in_whatever_order_they_came(
    trial: Connection, rebuilt_the_same: Check, batch_first: bool
) -> None:
    alone, other = order(id="both"), order("4500002")
    bodies = [batch(alone, other), one(alone)]
    ids = [send(trial, body).message_id for body in (bodies if batch_first else reversed(bodies))]
    drain(message_ids=ids)
    assert {outcome(message_id).status for message_id in ids} == {"processed"}
    assert LedgerEntry.objects.count() == 2
    assert trace("4500001")["order"]["number"] == "4500001"
    rebuilt_the_same()


@pytest.mark.django_db
@pytest.mark.parametrize("batch_first", [True, False])
def test_what_was_accepted_under_an_id_counts_and_the_batch_with_another_body_is_told(
    trial: Connection, batch_first: bool
) -> None:
    accepted: Json = order("4500001", id="both")
    impostor: Json = order("4500009", id="both")
    bodies = {"batch": batch(impostor, order("4500002")), "alone": one(accepted)}
    names = list(bodies) if batch_first else list(reversed(bodies))
    ids = {name: send(trial, bodies[name]).message_id for name in names}
    drain(message_ids=list(ids.values()))
    assert codes(outcome(ids["alone"])) == []
    assert outcome(ids["alone"]).entries == 1
    assert codes(outcome(ids["batch"])) == ["conflicting_duplicate"]
    assert trace("4500001")["order"]["number"] == "4500001"

"""Other systems' changes come into the inbox page by page, once, and the cursor moves only after them."""

import factories as make
import pytest
from django.db import transaction
from outbox import LONG_AGO, endpoint, system_of

from visibility.inbox.models import Message
from visibility.ledger.models import LedgerEntry
from visibility.pipeline.worker import drain
from visibility.sync import reading
from visibility.sync.delivering import deliver_due
from visibility.sync.models import ChangeReading, Endpoint
from visibility.sync.ports import Delivery

pytestmark = pytest.mark.django_db


@pytest.fixture
def erp(settings) -> Endpoint:
    settings.MESSAGE_BELL = ""
    own = endpoint()
    own.settings["changes"] = True
    own.save()
    return own


def again() -> None:
    ChangeReading.objects.update(due_at=LONG_AGO)


def test_changes_become_messages_and_entries_once_however_often_they_are_read(erp, monkeypatch):
    monkeypatch.setattr(reading, "PAGE", 2)
    monkeypatch.setattr("visibility.sync.delivering.PAGE", 2)
    system_of(erp).changes += [make.one(make.order(f"470000{n}", id=f"change-{n}")) for n in range(5)]
    deliver_due()
    own = ChangeReading.objects.get()
    assert (own.cursor, own.events, own.error) == ("5", 5, "")
    assert own.good_at is not None
    assert Message.objects.filter(connection=erp.connection).count() == 3
    drain()
    assert LedgerEntry.objects.count() == 5
    # As after a restore, or from a system that gives no better cursor.
    ChangeReading.objects.update(cursor="1", due_at=LONG_AGO)
    deliver_due()
    drain()
    assert LedgerEntry.objects.count() == 5
    assert ChangeReading.objects.get().cursor == "5"


def test_the_cursor_stays_where_a_page_could_not_be_kept(erp, settings):
    settings.MAX_MESSAGE_BYTES = 10
    system_of(erp).changes.append(make.one(make.order()))
    deliver_due()
    own = ChangeReading.objects.get()
    assert (own.cursor, own.events, own.failures) == ("", 0, 1)
    assert "bytes" in own.error
    settings.MAX_MESSAGE_BYTES = 10_000
    again()
    deliver_due()
    assert ChangeReading.objects.get().cursor == "1"


def test_what_kept_changes_from_being_read_is_told_and_tried_again_later(erp):
    ChangeReading.objects.create(endpoint=erp, cursor="no number")
    deliver_due()
    own = ChangeReading.objects.get()
    assert own.error == "no number is no cursor."
    assert own.lease_until is None
    assert own.due_at > own.ran_at


def test_nothing_is_read_of_a_paused_connection_nor_where_it_was_not_asked_for(erp):
    endpoint()
    Endpoint.objects.filter(pk=erp.pk).update(paused_at=LONG_AGO)
    deliver_due()
    assert ChangeReading.objects.get().ran_at is None


def test_who_lost_the_lease_moves_no_cursor(erp):
    (slow,) = reading.claim_readings(limit=1)
    assert reading.claim_readings(limit=1) == []
    ChangeReading.objects.update(lease_until=LONG_AGO)
    (quick,) = reading.claim_readings(limit=1)
    with transaction.atomic():
        reading.take_in(claim=slow, page=Delivery(result="unknown", text="too late"))
    assert ChangeReading.objects.get().error == ""
    assert ChangeReading.objects.get().lease_token == quick.token

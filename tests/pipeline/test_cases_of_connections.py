"""What is wrong with connections, not with orders: silence, 997s that lack or refuse, lost deliveries."""

import datetime as dt

import pytest

from tests.factories import company, connection, interchange, process, transaction, x12_answer, x12_order
from visibility.core import clock
from visibility.inbox.models import Connection, FunctionalReceipt, Message
from visibility.pipeline.deliveries import look_after_deliveries
from visibility.pipeline.silence import look_for_silence
from visibility.pipeline.sweep import sweep_due
from visibility.pipeline.unanswered_997 import look_for_997
from visibility.sync.models import OutboxMessage
from visibility.triage.models import CaseMember, ExceptionCase

SENT = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)
"""What the envelope says; eight working hours later it is 16:00 in Chicago."""
DUE = dt.datetime(2026, 11, 2, 22, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


def functional(*rows: str, control: int = 900) -> bytes:
    """A 997 from the supplier's system about our group."""
    return interchange(
        transaction("997", *rows), group="FA", sender="ACMEIND", receiver="NORTHGATE", control=control
    )


ACCEPTED = ("AK1*PO*17", "AK2*850*0001", "AK5*A", "AK9*A*1*1*1")
REFUSED = ("AK1*PO*17", "AK2*850*0001", "AK3*PO1*5**8", "AK4*3**7*CQ", "AK5*R*5", "AK9*R*1*1*0")
WITH_ERRORS = ("AK1*PO*17", "AK2*850*0001", "AK3*N1*3**8", "AK5*E*5", "AK9*E*1*1*1")
GROUP_ONLY = ("AK1*PO*17", "AK9*A*1*1*1")
GROUP_REFUSED = ("AK1*PO*17", "AK9*R*1*1*0*2")


@pytest.fixture
def edi(db: None) -> Connection:
    return connection(of=company(time_zone="America/Chicago"), expects_997=True)


def sent(at: Connection, **more) -> None:
    process(at, interchange(x12_order(), control=17, **more))


def standing(*kinds: str) -> list[ExceptionCase]:
    return list(ExceptionCase.objects.filter(kind__in=kinds, is_open=True).order_by("kind", "subject"))


def look(at: dt.datetime) -> list[ExceptionCase]:
    with clock.at(at):
        look_for_997()
    return standing("ack_997_missing", "ack_997_refused")


def test_an_order_without_a_997_is_a_case_once_the_partners_hours_are_over(edi):
    sent(edi)
    assert look(DUE) == []
    (case,) = look(DUE + MINUTE)
    assert (case.kind, case.order_number, case.due_at) == ("ack_997_missing", "4500001", DUE)
    assert case.summary.endswith(
        "has not acknowledged receipt of order 4500001 (997); it was due 2 Nov 16:00"
    )
    assert case.message_id == Message.objects.get(direction="in").pk
    assert look(DUE + MINUTE) == [case]
    process(edi, functional(*ACCEPTED))
    assert look(DUE + MINUTE) == []
    case.refresh_from_db()
    assert case.state == "closed"


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        (ACCEPTED, None),
        (GROUP_ONLY, None),
        (REFUSED, "ack_997_refused"),
        (WITH_ERRORS, "ack_997_refused"),
        (GROUP_REFUSED, "ack_997_refused"),
    ],
)
def test_what_a_997_says_counts_whether_it_came_before_the_order_or_after(edi, rows, kind, before):
    with clock.at(SENT + MINUTE):
        if before:
            process(edi, functional(*rows))
        sent(edi)
        if not before:
            process(edi, functional(*rows))
    assert [case.kind for case in look(DUE + MINUTE)] == ([kind] if kind else [])


def test_a_refusal_shows_the_errors_and_closes_when_a_later_997_accepts(edi):
    sent(edi)
    process(edi, functional(*REFUSED))
    (case,) = look(SENT + MINUTE)
    assert case.severity == "high"
    assert [row[2] for row in case.evidence] == [
        "R",
        "segment 5 PO1: errors in its elements",
        "element 3: code not known (CQ)",
        "segments in error",
    ]
    process(edi, functional(*ACCEPTED, control=901))
    assert look(SENT + MINUTE) == []


def test_numbers_used_again_are_not_answered_by_what_was_said_before(edi):
    sent(edi)
    process(edi, functional(*ACCEPTED))
    process(edi, interchange(x12_order("4500002"), control=17))
    (case,) = look(DUE + MINUTE)
    assert (case.kind, case.order_number) == ("ack_997_missing", "4500002")


def test_nothing_is_asked_of_connections_that_expect_no_997_or_for_what_others_sent(db):
    silent = connection(of=company())
    sent(silent)
    process(silent, functional(*REFUSED))
    expecting = connection(of=company(), expects_997=True)
    process(expecting, interchange(x12_answer(), group="PR", sender="ACMEIND", receiver="NORTHGATE"))
    assert FunctionalReceipt.objects.filter(sent_at__isnull=False).count() == 0
    assert look(DUE + dt.timedelta(days=9)) == []


def test_a_missing_997_does_not_stop_the_clock_of_the_answer(edi):
    sent(edi)
    process(edi, functional(*REFUSED))
    with clock.at(DUE + dt.timedelta(days=9)):
        from_flow = ExceptionCase.objects.filter(kind="acknowledgement_overdue")
        assert not from_flow.exists()
        sweep_due(as_of=clock.now())
        assert from_flow.filter(is_open=True).count() == 1


def heard(at: Connection, moment: dt.datetime) -> None:
    process(at, interchange(x12_order(f"46{moment:%d%H%M}"), control=int(f"{moment:%d%H%M}")))
    Message.objects.filter(connection=at, direction="in").update(received_at=moment)


def test_a_feed_is_silent_after_its_working_minutes_and_speaks_again(db):
    feed = connection(of=company(time_zone="America/Chicago"), title="Acme EDI", silent_after=120)
    never = connection(of=feed.company, silent_after=1)
    heard(feed, dt.datetime(2026, 11, 2, 22, 30, tzinfo=dt.UTC))  # half an hour before closing on Monday
    with clock.at(dt.datetime(2026, 11, 3, 15, 30, tzinfo=dt.UTC)):
        look_for_silence()
        assert standing("feed_silent") == []  # the night does not count
    with clock.at(dt.datetime(2026, 11, 3, 15, 31, tzinfo=dt.UTC)):
        look_for_silence()
        look_for_silence()
        (case,) = standing("feed_silent")
        assert case.summary == "Acme EDI has been silent since 2 Nov 16:30; something was due by 3 Nov 09:30"
        assert (case.subject, case.flow_id) == (feed.name, None)
        assert never.name != case.subject
        heard(feed, dt.datetime(2026, 11, 3, 15, 30, tzinfo=dt.UTC))
        look_for_silence()
        assert standing("feed_silent") == []
    with clock.at(dt.datetime(2026, 11, 3, 17, 31, tzinfo=dt.UTC)):
        look_for_silence()
        assert [case.times_reopened for case in standing("feed_silent")] == [1]


def command(at: Connection, state: str, **more) -> OutboxMessage:
    more.setdefault("cause", "policy:1")
    return OutboxMessage.objects.create(
        company=at.company,
        connection=at,
        type="order.remind",
        data={},
        words="Order 4500001: ask again",
        state=state,
        **more,
    )


def deliveries(at: dt.datetime = DUE) -> dict[str, int]:
    with clock.at(at):
        look_after_deliveries()
    return {case.kind: case.members for case in standing("delivery_failed", "delivery_unknown")}


def test_failed_deliveries_of_a_connection_are_one_case(edi):
    first = command(edi, "failed", cause="resolution:1:1")
    command(edi, "refused")
    command(edi, "refused", cause="resolution:1:2")  # that comes back to the person who decided
    command(edi, "delivered")
    assert deliveries() == {"delivery_failed": 2}
    assert deliveries() == {"delivery_failed": 2}
    OutboxMessage.objects.filter(pk=first.pk).update(state="ready")
    assert deliveries() == {"delivery_failed": 1}
    OutboxMessage.objects.filter(state="refused").update(state="cancelled")
    assert deliveries() == {}
    assert not CaseMember.objects.filter(is_open=True).exists()
    OutboxMessage.objects.filter(pk=first.pk).update(state="failed")
    assert deliveries() == {"delivery_failed": 1}


def test_what_became_of_a_delivery_may_be_unknown_for_ten_minutes(edi):
    command(edi, "unknown", sent_at=DUE)
    assert deliveries(DUE + 10 * MINUTE) == {}
    assert deliveries(DUE + 11 * MINUTE) == {"delivery_unknown": 1}
    OutboxMessage.objects.update(state="delivered")
    assert deliveries(DUE + 12 * MINUTE) == {}

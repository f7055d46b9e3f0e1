"""Orders as they live: corrected, cancelled, replayed, with their cases opening and closing."""

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from django.core.management import call_command
from factories import (
    accepted,
    answer,
    answer_line,
    batch,
    change,
    closing,
    codes,
    company,
    connection,
    event,
    interchange,
    invoice,
    kinds,
    line,
    notice,
    open_cases,
    order,
    outcome,
    process,
    receipt,
    reference,
    states,
    tell,
    trace,
    traces,
    transaction,
    x12_order,
)

from integrations.mappings.cloudevents import CloudEventTranslator
from visibility.access.scopes import scope_of_company
from visibility.core import clock
from visibility.flows.models import Flow
from visibility.inbox.models import Connection
from visibility.inbox.ports import Problem, Unit
from visibility.inbox.services import replay_message
from visibility.ledger.models import LedgerEntry
from visibility.masterdata.models import CrossReference, Item, Location, TradingPartner
from visibility.pipeline import worker
from visibility.pipeline.sweep import sweep_due
from visibility.pipeline.trace import trace_key
from visibility.pipeline.worker import drain
from visibility.triage.models import CaseEvent, ExceptionCase

Check = Callable[[], None]
SHORT = answer("4500001", answer_line("1", accepted(60)))


def _replay(message_id: Any) -> None:
    replay_message(message_id=message_id)
    drain()


# Corrections are new entries


@pytest.mark.django_db
def test_a_cancellation_reverses_as_a_new_entry(trial: Connection, rebuilt_the_same: Check) -> None:
    process(trial, interchange(x12_order()), interchange(x12_order(purpose="01"), time="1000"))
    found = trace("4500001")
    assert found["state"] == "cancelled"
    assert [e["type"] for e in found["entries"]] == ["order.placed", "order.placed"]
    assert LedgerEntry.objects.count() == 2
    rebuilt_the_same()


@pytest.mark.django_db
@pytest.mark.parametrize("backwards", [False, True])
def test_a_replacement_supersedes_as_a_new_entry(
    trial: Connection, backwards: bool, rebuilt_the_same: Check
) -> None:
    first = interchange(x12_order(quantity=100))
    second = interchange(x12_order(quantity=80, purpose="05"), control=2, time="1000")
    process(trial, *((second, first) if backwards else (first, second)))
    found = trace("4500001")
    assert [own["ordered"] for own in found["lines"]] == ["80"]
    assert LedgerEntry.objects.count() == 2
    rebuilt_the_same()


@pytest.mark.django_db
def test_a_cancellation_is_told_behind_what_it_cancels_even_if_it_came_first(trial: Connection) -> None:
    tell(trial, order(), notice(purpose="cancel"), notice())
    told = [entry["summary"] for entry in trace("4500001")["entries"] if entry["type"] == "shipment.notified"]
    assert [text.endswith("cancelled") for text in told] == [False, True]


@pytest.mark.django_db
def test_a_cancelled_notice_takes_back_what_it_shipped(trial: Connection, rebuilt_the_same: Check) -> None:
    tell(trial, order(), notice(), notice(purpose="cancel", issued_at="2026-11-11T15:00:00Z"))
    assert trace("4500001")["lines"][0]["shipped"] in (None, "0")
    assert LedgerEntry.objects.filter(type="shipment.notified").count() == 2
    rebuilt_the_same()


@pytest.mark.django_db
def test_a_replay_supersedes_what_the_first_translation_said(
    trial: Connection, rebuilt_the_same: Check
) -> None:
    (done,) = process(trial, interchange(x12_order()))
    _replay(done.message_id)
    found = trace("4500001")
    assert [own["ordered"] for own in found["lines"]] == ["100"]
    assert len(found["entries"]) == 1
    positions = LedgerEntry.objects.order_by("position").values_list("position", "translation")
    assert [translation for _, translation in positions] == [1, 2]
    assert found["entries"][0]["position"] == positions[1][0]
    rebuilt_the_same()


class Renumbering(CloudEventTranslator):
    """A mapping that was mended: it reads the order's number as another one."""

    def translate(self, message: Any) -> Any:
        body = bytes(message.body).replace(b"4500001", b"4500009")
        return super().translate(msgspec.structs.replace(message, body=body))


@pytest.mark.django_db
def test_a_replay_that_names_another_order_takes_back_what_it_said_of_the_first(
    trial: Connection, monkeypatch: pytest.MonkeyPatch, rebuilt_the_same: Check
) -> None:
    tell(trial, order("4500001", line("1", 100), line("2", 5, sku="SKU-2")))
    (done,) = tell(trial, notice(id="wrong"))
    monkeypatch.setattr(worker, "translator_for", lambda _: Renumbering())
    _replay(done.message_id)
    first, second = trace("4500001"), trace("4500009")
    assert [own["shipped"] for own in second["lines"]] == ["100"]
    assert {own["shipped"] for own in first["lines"]} <= {None, "0"}
    assert [e["type"] for e in first["entries"]] == ["order.placed"]
    rebuilt_the_same()


@pytest.mark.django_db
def test_a_replay_that_fails_leaves_what_was_said_before(
    trial: Connection, monkeypatch: pytest.MonkeyPatch, rebuilt_the_same: Check
) -> None:
    (done,) = tell(trial, order())

    def broken(_: str) -> Any:
        raise LookupError("no such mapping")

    with monkeypatch.context() as patch:
        patch.setattr(worker, "translator_for", broken)
        _replay(done.message_id)
    assert codes(outcome(done.message_id)) == ["processing_failed"]
    assert [own["ordered"] for own in trace("4500001")["lines"]] == ["100"]
    assert len(trace("4500001")["entries"]) == 1
    rebuilt_the_same()


class Refusing(CloudEventTranslator):
    """A mapping that was broken: it can use nothing any more."""

    def translate(self, message: Any) -> Any:
        yield Unit(problems=(Problem(code="no_longer", text=f"{len(message.body)} bytes of no use."),))


@pytest.mark.django_db
def test_a_replay_that_can_use_nothing_leaves_what_was_said_before(
    trial: Connection, monkeypatch: pytest.MonkeyPatch, rebuilt_the_same: Check
) -> None:
    (done,) = tell(trial, order())
    with monkeypatch.context() as patch:
        patch.setattr(worker, "translator_for", lambda _: Refusing())
        _replay(done.message_id)
    assert outcome(done.message_id).status == "rejected"
    assert [own["ordered"] for own in trace("4500001")["lines"]] == ["100"]
    assert len(trace("4500001")["entries"]) == 1
    rebuilt_the_same()


# Cases


@pytest.mark.django_db
def test_a_short_answer_opens_a_case_in_plain_words(trial: Connection) -> None:
    tell(trial, order(), SHORT)
    assert [c for c in open_cases(trial) if c[0] == "confirmed_short"] == [
        ("confirmed_short", "1", "Acme Industries confirmed 60 of 100 CA of SKU-1042; 40 open")
    ]


@pytest.mark.django_db
def test_shipping_the_rest_does_not_close_a_short_answer(trial: Connection) -> None:
    tell(trial, order(), SHORT, notice(), receipt())
    assert "confirmed_short" in kinds(trial)


LATER = answer("4500001", answer_line("1", accepted(100)), at="2026-11-05T15:00:00Z")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "mending",
    [LATER, change("4500001", line("1", 60)), closing("4500001", "1")],
    ids=["a later answer", "an order change", "a short-close"],
)
def test_a_short_answer_closes_by_itself_through(
    trial: Connection, mending: dict[str, Any], rebuilt_the_same: Check
) -> None:
    tell(trial, order(), SHORT)
    assert "confirmed_short" in kinds(trial)
    tell(trial, mending)
    assert "confirmed_short" not in kinds(trial)
    case = ExceptionCase.objects.get(kind="confirmed_short")
    assert case.state == "closed"
    assert case.closed_at is not None
    assert case.close_reason
    rebuilt_the_same()


@pytest.mark.django_db
@pytest.mark.parametrize("quantity", [60, 70], ids=["as it was", "otherwise"])
def test_a_case_that_comes_back_is_reopened_and_stays_one_case(
    trial: Connection, quantity: int, rebuilt_the_same: Check
) -> None:
    again = answer("4500001", answer_line("1", accepted(quantity)), at="2026-11-06T15:00:00Z")
    tell(trial, order(), SHORT, LATER, again)
    case = ExceptionCase.objects.get(kind="confirmed_short")
    assert (case.state, case.is_open, case.times_reopened) == ("reopened", True, 1)
    assert case.summary == (
        f"Acme Industries confirmed {quantity} of 100 CA of SKU-1042; {100 - quantity} open"
    )
    told = CaseEvent.objects.filter(case=case).order_by("id").values_list("what", flat=True)
    assert list(told) == ["opened", "closed", "reopened"]
    rebuilt_the_same()


@pytest.mark.django_db
def test_a_short_answer_that_comes_late_after_a_better_one_opens_nothing(trial: Connection) -> None:
    tell(trial, order(), LATER, SHORT)
    assert "confirmed_short" not in kinds(trial)


@pytest.mark.django_db
def test_every_difference_of_an_order_is_a_case(trial: Connection, rebuilt_the_same: Check) -> None:
    tell(
        trial,
        order(),
        SHORT,
        notice(),
        receipt("R-1", line(quantity=90)),
        invoice("INV-1", line(quantity=110, price="11.00")),
    )
    wanted = {"confirmed_short", "received_short", "over_billed", "invoice_price"}
    assert wanted <= kinds(trial)
    rebuilt_the_same()


@pytest.mark.django_db
def test_a_unit_without_a_factor_is_held_apart_and_said(trial: Connection, rebuilt_the_same: Check) -> None:
    tell(trial, order(), notice("ASN-1", line(quantity=2, unit="PL")))
    assert "unit_not_convertible" in kinds(trial)
    assert trace("4500001")["lines"][0]["shipped"] in (None, "0")
    rebuilt_the_same()


@pytest.mark.django_db
def test_two_bodies_of_one_business_document_conflict_and_the_later_counts(
    trial: Connection, rebuilt_the_same: Check
) -> None:
    later = invoice("INV-1", line(quantity=90, price="10.00"), issued_at="2026-11-14T15:00:00Z")
    for outcome_ in tell(trial, order(), invoice(), later):
        assert outcome_.status == "processed"
    assert "conflicting_duplicate" in kinds(trial)
    assert trace("4500001")["lines"][0]["invoiced"] == "90"
    rebuilt_the_same()


# The clock


@pytest.mark.django_db
def test_a_sweep_opens_what_is_overdue_and_an_answer_closes_it(
    trial: Connection, rebuilt_the_same: Check
) -> None:
    with clock.at(dt.datetime(2026, 11, 2, 16, tzinfo=dt.UTC)):
        tell(trial, order())
        assert "acknowledgement_overdue" not in kinds(trial)
    assert sweep_due(as_of=dt.datetime(2026, 11, 3, tzinfo=dt.UTC)) == 0
    assert sweep_due(as_of=dt.datetime(2026, 11, 9, tzinfo=dt.UTC)) == 1
    assert "acknowledgement_overdue" in kinds(trial)
    rebuilt_the_same()
    tell(trial, answer())
    assert "acknowledgement_overdue" not in kinds(trial)
    rebuilt_the_same()


@pytest.mark.django_db
def test_a_rebuild_is_the_same_whatever_time_a_sweep_looked_at(
    trial: Connection, rebuilt_the_same: Check
) -> None:
    late = {"issued_at": "2030-11-02T15:00:00Z", "released_at": "2030-11-02T15:00:00Z"}
    tell(trial, order("4500001", **late), order("4500002"))
    sweep_due(as_of=dt.datetime(2030, 12, 1, tzinfo=dt.UTC))
    assert [c[0] for c in open_cases(trial)].count("acknowledgement_overdue") == 2
    rebuilt_the_same()


@pytest.mark.django_db
def test_orders_whose_read_models_are_gone_are_rebuilt_from_the_ledger(
    trial: Connection, rebuilt_the_same: Check
) -> None:
    tell(trial, order(), SHORT, notice("ASN-1", line(order=reference("4500002")), of=""))
    numbers = ["po:4500001", "po:4500002"]
    before = states(trial, numbers)
    Flow.objects.all().delete()
    told = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("rebuild_flows", "--check", stdout=told, stderr=io.StringIO())
    assert told.getvalue() == "2 differences\n"
    assert not Flow.objects.exists()
    call_command("rebuild_flows", stdout=told, stderr=io.StringIO())
    assert states(trial, numbers) == before
    rebuilt_the_same()


# Master data


@pytest.mark.django_db
def test_what_nobody_knows_becomes_provisional_and_nothing_waits(trial: Connection) -> None:
    (done,) = tell(trial, order())
    assert done.status == "processed"
    for model in (TradingPartner, Location, Item):
        (record,) = model.objects.filter(company=trial.company)
        assert record.provisional
    assert {k for k, _, _ in open_cases(trial)} >= {"unknown_partner", "unknown_item", "unknown_place"}


@pytest.mark.django_db
def test_a_strict_connection_holds_with_its_reason_and_a_replay_after_mapping_processes(
    rebuilt_the_same: Check,
) -> None:
    strict = connection(on_unknown="hold")
    (held,) = tell(strict, order())
    assert (held.status, held.entries) == ("held", 0)
    assert set(codes(held)) == {"unknown_partner", "unknown_item", "unknown_place"}
    assert all("Map it" in problem["text"] for problem in held.problems)
    assert traces("4500001", at=strict) == []
    assert kinds(strict) == set()
    assert {k for k, _, _ in open_cases(strict)} == {"unknown_partner", "unknown_item", "unknown_place"}
    _map(strict)
    _replay(held.message_id)
    done = outcome(held.message_id)
    assert (done.status, done.entries, codes(done)) == ("processed", 1, [])
    assert trace("4500001", at=strict)["order"]["supplier"] == "Acme"
    assert open_cases(strict) == []
    rebuilt_the_same()


def _map(at: Connection, *, without_item: bool = False) -> None:
    own = at.company
    mapped: list[tuple[str, str, Any]] = [
        ("partner", "ZZ:ACMEIND", TradingPartner(company=own, code="ACME", name="Acme")),
        ("location", "91:DAL", Location(company=own, code="DAL", name="Dallas")),
    ]
    if not without_item:
        mapped.append(("item", "buyer:SKU-1042", Item(company=own, code="SKU-1042")))
    for kind, value, record in mapped:
        record.save()
        CrossReference.objects.create(company=own, kind=kind, value=value, target=record.pk)


@pytest.mark.django_db
def test_a_replay_that_is_held_for_less_closes_the_cases_of_what_was_mended() -> None:
    strict = connection(on_unknown="hold")
    (held,) = tell(strict, order())
    _map(strict, without_item=True)
    _replay(held.message_id)
    assert {k for k, _, _ in open_cases(strict)} == {"unknown_item"}


@pytest.mark.django_db
def test_a_strict_connection_holds_only_the_event_that_names_something_unknown() -> None:
    strict = connection(on_unknown="hold")
    _map(strict)
    unknown = order("4500002", line(sku="SKU-9999"))
    (done,) = process(strict, batch(order(), unknown))
    assert (done.status, done.entries, codes(done)) == ("processed", 1, ["unknown_item"])
    assert "buyer:SKU-9999" in done.problems[0]["text"]


@pytest.mark.django_db
def test_a_set_nobody_maps_is_held_with_its_place_and_its_neighbour_is_used(trial: Connection) -> None:
    unknown = transaction("9Z9", "BIA*00*DD*1*20261102", control="0002")
    (done,) = process(trial, interchange(x12_order(), unknown))
    assert (done.status, done.entries) == ("processed", 1)
    assert "unsupported_set" in codes(done)
    (alone,) = process(trial, interchange(unknown))
    assert alone.status == "held"


@pytest.mark.django_db
def test_an_event_without_an_order_of_an_unknown_type_is_held(trial: Connection) -> None:
    (done,) = tell(trial, event("forecast.published", {}))
    assert (done.status, codes(done)) == ("held", ["unsupported_event_type"])


@pytest.mark.django_db
def test_acknowledgement_hours_are_the_companys() -> None:
    slow = connection(of=company(acknowledgement_hours=90))
    with clock.at(dt.datetime(2026, 11, 2, 16, tzinfo=dt.UTC)):
        tell(slow, order())
    assert sweep_due(as_of=dt.datetime(2026, 11, 9, tzinfo=dt.UTC)) == 0
    assert sweep_due(as_of=dt.datetime(2026, 11, 23, tzinfo=dt.UTC)) == 1


@pytest.mark.django_db
def test_a_code_that_nobody_mapped_is_no_decision_about_the_order(trial: Connection) -> None:
    tell(trial, order("4500001", line()))
    (found,) = trace_key(scope=scope_of_company(trial.company_id), key="4500001")
    assert {case["kind"] for case in found["cases"]} <= {"unknown_item", "unknown_partner", "unknown_place"}
    assert found["cases"]
    assert found["state"] == "open"
    assert "item master" not in found["sentence"]
    assert "partners we know" not in found["sentence"]

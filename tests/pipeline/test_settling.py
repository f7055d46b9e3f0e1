"""Documents that do not say by themselves which order they are about, in any order of arrival."""

import itertools
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection as database
from factories import (
    NORTHGATE,
    Json,
    answer,
    batch,
    codes,
    connection,
    event,
    invoice,
    kinds,
    line,
    notice,
    one,
    order,
    outcome,
    process,
    receipt,
    send,
    status,
    tell,
    trace,
    traces,
)
from settled import placed, unplaced

from visibility.access.scopes import Scope, everything
from visibility.core.errors import InputError, NotFoundError
from visibility.core.identifiers import correlation_id
from visibility.inbox.models import Connection
from visibility.inbox.services import replay_message
from visibility.ledger.models import LedgerEntry
from visibility.pipeline import worker
from visibility.pipeline.linking import link_document
from visibility.pipeline.worker import drain
from visibility.triage.models import ExceptionCase

Check = Callable[[], None]
BEST = {"supplier": {"ids": ["ZZ:BEST"], "name": "Best Goods"}}
HOUSTON = {"ship_to": {"ids": ["91:HOU"], "name": "Houston DC"}}
NUMBER = "4500001"


def of_system(sent: Json, system: str, issuer: str = NORTHGATE) -> Json:
    """The same document, naming the issuer's system whose number it is."""
    data = sent["data"] | {"order": {"number": NUMBER, "issuer": issuer, "system": system}}
    return sent | {"data": data}


def name_of(scope: str, number: str = NUMBER) -> str:
    return str(correlation_id(company="trial", scheme="po", scope=scope, value=number))


SAP1, SAP2 = name_of(f"{NORTHGATE}|SAP1"), name_of(f"{NORTHGATE}|SAP2")
permuted = pytest.mark.parametrize("arrival", list(itertools.permutations(range(3))))
four = pytest.mark.parametrize("arrival", list(itertools.permutations(range(4)))[::3])


# Two systems with one number


@pytest.mark.django_db
@permuted
@pytest.mark.parametrize("together", [True, False])
def test_of_two_orders_with_one_number_a_document_means_the_one_of_its_supplier(
    trial: Connection, arrival: tuple[int, ...], together: bool, rebuilt_the_same: Check
) -> None:
    sent = [
        of_system(order(id="one"), "SAP1"),
        of_system(order(id="two", **BEST), "SAP2"),
        notice(id="asn", **BEST),
    ]
    own = [sent[i] for i in arrival]
    process(trial, batch(*own)) if together else tell(trial, *own)
    assert placed() == {"one": {SAP1}, "two": {SAP2}, "asn": {SAP2}}
    assert not ExceptionCase.objects.filter(kind="ambiguous_order", is_open=True).exists()
    rebuilt_the_same()


@pytest.mark.django_db
@permuted
def test_of_two_orders_of_one_supplier_a_document_means_the_one_that_goes_where_it_goes(
    trial: Connection, arrival: tuple[int, ...], rebuilt_the_same: Check
) -> None:
    sent = [
        of_system(order(id="one"), "SAP1"),
        of_system(order(id="two", **HOUSTON), "SAP2"),
        receipt(id="r", **HOUSTON),
    ]
    tell(trial, *(sent[i] for i in arrival))
    assert placed() == {"one": {SAP1}, "two": {SAP2}, "r": {SAP2}}
    assert trace(SAP2)["lines"][0]["received"] == "100"
    assert trace(SAP1)["lines"][0]["received"] in (None, "0")
    rebuilt_the_same()


@pytest.mark.django_db
@permuted
def test_a_document_that_fits_both_counts_for_neither_and_asks_a_person(
    trial: Connection, arrival: tuple[int, ...], rebuilt_the_same: Check
) -> None:
    sent = [of_system(order(id="one"), "SAP1"), of_system(order(id="two"), "SAP2"), invoice(id="i")]
    tell(trial, *(sent[i] for i in arrival))
    assert placed() == {"one": {SAP1}, "two": {SAP2}, "i": set()}
    assert unplaced() == {"i"}
    (case,) = ExceptionCase.objects.filter(kind="ambiguous_order", is_open=True)
    assert (case.queue, case.order_number, len(case.evidence)) == ("invalid-mappings", NUMBER, 2)
    rebuilt_the_same()


@pytest.mark.django_db
@four
def test_what_a_later_document_tells_of_an_order_settles_an_earlier_doubt(
    trial: Connection, arrival: tuple[int, ...], rebuilt_the_same: Check
) -> None:
    nobody = {"supplier": {}}
    sent = [
        of_system(order(id="one", **nobody), "SAP1"),
        of_system(order(id="two", **nobody), "SAP2"),
        invoice(id="i", **BEST, ship_to={}),
        of_system(answer(id="a", **BEST), "SAP2"),
    ]
    tell(trial, *(sent[i] for i in arrival))
    assert placed() == {"one": {SAP1}, "two": {SAP2}, "a": {SAP2}, "i": {SAP2}}
    assert not ExceptionCase.objects.filter(kind="ambiguous_order", is_open=True).exists()
    rebuilt_the_same()


@pytest.mark.django_db
@permuted
def test_a_number_known_by_its_issuer_alone_is_the_one_system_that_bears_it(
    trial: Connection, arrival: tuple[int, ...], rebuilt_the_same: Check
) -> None:
    sent = [order(id="edi"), of_system(answer(id="erp"), "SAP1"), notice(id="asn", issuer="")]
    tell(trial, *(sent[i] for i in arrival))
    assert set(map(tuple, placed().values())) == {(name_of(NORTHGATE),)}
    assert set(trace(NUMBER)["aliases"]) == {SAP1, name_of("")}
    assert trace(SAP1)["correlation_id"] == trace(name_of(""))["correlation_id"] == name_of(NORTHGATE)
    rebuilt_the_same()


@pytest.mark.django_db
def test_an_order_keeps_its_documents_when_another_system_takes_the_same_number(
    trial: Connection, rebuilt_the_same: Check
) -> None:
    tell(trial, of_system(order(id="one"), "SAP1"), answer(id="a"), notice(id="asn"))
    assert len(trace(SAP1)["entries"]) == 3
    tell(trial, of_system(order(id="two", **BEST), "SAP2"))
    assert placed() == {"one": {SAP1}, "a": {SAP1}, "asn": {SAP1}, "two": {SAP2}}
    rebuilt_the_same()


# Ship notices, bills of lading and what hangs on them


@pytest.mark.django_db
@four
def test_a_bill_known_to_a_status_and_a_receipt_joins_through_the_ship_notice_of_the_receipt(
    trial: Connection, arrival: tuple[int, ...], rebuilt_the_same: Check
) -> None:
    bare = receipt(id="r", of="", shipment="ASN-1", bill_of_lading="BOL-1")
    del bare["data"]["order"]
    sent = [order(id="o"), notice("ASN-1", id="asn"), bare, status("BOL-1", id="s")]
    tell(trial, *(sent[i] for i in arrival))
    assert placed() == {key: {name_of(NORTHGATE)} for key in ["o", "asn", "r", "s"]}
    rebuilt_the_same()


@pytest.mark.django_db
@four
def test_a_truck_with_two_notices_does_not_carry_one_order_into_the_other(
    trial: Connection, arrival: tuple[int, ...], rebuilt_the_same: Check
) -> None:
    sent = [
        notice("ASN-1", of="1", id="first", tracking="T"),
        notice("ASN-2", of="2", id="second", tracking="T"),
        status("", id="truck", tracking="T"),
        status("", id="one notice", shipment="ASN-1", supplier={"ids": ["ZZ:ACMEIND"]}),
    ]
    tell(trial, *(sent[i] for i in arrival))
    first, second = name_of(NORTHGATE, "1"), name_of(NORTHGATE, "2")
    assert placed() == {
        "first": {first},
        "second": {second},
        "truck": {first, second},
        "one notice": {first},
    }
    rebuilt_the_same()


@pytest.mark.django_db
@permuted
def test_a_notice_number_that_two_suppliers_use_says_nothing_without_the_supplier(
    trial: Connection, arrival: tuple[int, ...], rebuilt_the_same: Check
) -> None:
    bare = receipt(id="r", of="", shipment="1001", supplier={})
    del bare["data"]["order"]
    sent = [notice("1001", of="1", id="acme"), notice("1001", of="2", id="best", **BEST), bare]
    tell(trial, *(sent[i] for i in arrival))
    assert placed()["r"] == set()
    assert unplaced() == {"r"}
    rebuilt_the_same()


@pytest.mark.django_db
@four
def test_one_invoice_one_receipt_and_one_notice_of_two_orders_belong_to_both(
    trial: Connection, arrival: tuple[int, ...], rebuilt_the_same: Check
) -> None:
    both = [line(quantity=q, order={"number": n, "issuer": NORTHGATE}) for n, q in (("1", 30), ("2", 50))]
    sent = [
        order("1", line(quantity=30), id="one"),
        receipt("R", *both, of="", id="r"),
        invoice("I", *both, of="", id="i"),
        notice("N", *both, of="", id="n"),
    ]
    for each in sent[1:3]:
        each["data"].pop("order", None)
    tell(trial, *(sent[i] for i in arrival))
    first, second = name_of(NORTHGATE, "1"), name_of(NORTHGATE, "2")
    assert placed() == {"one": {first}} | {key: {first, second} for key in ["r", "i", "n"]}
    assert [trace(first)["lines"][0][k] for k in ("shipped", "received", "invoiced")] == ["30"] * 3
    assert [trace(second)["lines"][0][k] for k in ("shipped", "received", "invoiced")] == ["50"] * 3
    rebuilt_the_same()


@pytest.mark.django_db
@permuted
def test_a_credit_note_that_names_only_the_invoice_it_corrects_joins_its_orders(
    trial: Connection, arrival: tuple[int, ...], rebuilt_the_same: Check
) -> None:
    credit = invoice("CM-1", line(quantity=40), id="c", kind="credit", corrects="INV-1")
    elsewhere = invoice("CM-2", line(quantity=9), id="d", kind="credit", corrects="INV-1", **BEST)
    for each in (credit, elsewhere):
        del each["data"]["order"]
    sent = [order(id="o"), invoice("INV-1", id="i"), credit]
    tell(trial, elsewhere, *(sent[i] for i in arrival))
    assert placed() == {key: {name_of(NORTHGATE)} for key in "oic"} | {"d": set()}
    assert trace(NUMBER)["lines"][0]["invoiced"] == "60"
    rebuilt_the_same()


@pytest.mark.django_db
@permuted
def test_a_receipt_of_a_shared_shipment_is_divided_between_its_orders(
    trial: Connection, arrival: tuple[int, ...], rebuilt_the_same: Check
) -> None:
    parts = [line(quantity=q, order={"number": n, "issuer": NORTHGATE}) for n, q in (("1", 30), ("2", 50))]
    bare = receipt("R", line("", 70), of="", id="r", shipment="N")
    del bare["data"]["order"]
    sent = [order("1", id="o"), notice("N", *parts, of="", id="n"), bare]
    tell(trial, *(sent[i] for i in arrival))
    assert [trace(f"po:{n}")["lines"][0]["received"] for n in "12"] == ["30", "40"]
    rebuilt_the_same()


# Correlation IDs that a system gives


def given(sent: Json, name: str) -> Json:
    return sent | {"correlationid": name}


def bare_status(id: str) -> Json:
    return event("transport.status", {"status": "departed", "occurred_at": "2026-11-11T10:00:00Z"}, id=id)


@pytest.fixture
def trusted(trial: Connection) -> Connection:
    return connection(of=trial.company, trusted=True, issuer=NORTHGATE)


@pytest.mark.django_db
@permuted
def test_what_bears_a_given_id_alone_belongs_to_the_order_that_the_id_came_with(
    trusted: Connection, arrival: tuple[int, ...], rebuilt_the_same: Check
) -> None:
    sent = [
        given(bare_status("s"), "LOAD-77"),
        given(order(id="o"), "LOAD-77"),
        given(receipt(id="r"), "load-77"),
    ]
    tell(trusted, *(sent[i] for i in arrival))
    assert placed() == {key: {name_of(NORTHGATE)} for key in "sor"}
    (alias,) = trace(NUMBER)["aliases"]
    assert trace(alias)["correlation_id"] == name_of(NORTHGATE)
    rebuilt_the_same()


@pytest.mark.django_db
def test_a_given_id_makes_an_order_before_any_number_is_known_and_is_its_name(
    trusted: Connection, rebuilt_the_same: Check
) -> None:
    own = "0191e5a0-7d1c-7cc3-98c4-dc0c0c07398f"
    tell(trusted, given(bare_status("s"), own))
    assert trace(own)["correlation_id"] == own
    rebuilt_the_same()
    tell(trusted, given(order(id="o"), own))
    assert trace(own)["correlation_id"] == name_of(NORTHGATE)
    assert trace(NUMBER)["aliases"] == [own]
    assert placed() == {key: {name_of(NORTHGATE)} for key in "so"}
    rebuilt_the_same()


@pytest.mark.django_db
@permuted
def test_an_id_given_to_two_orders_leaves_what_bears_it_alone_to_supplier_and_place(
    trusted: Connection, arrival: tuple[int, ...], rebuilt_the_same: Check
) -> None:
    sent = [
        given(order("1", id="one"), "X"),
        given(order("2", id="two", **BEST), "X"),
        given(event("goods.received", {"number": "R", **BEST, "lines": [line()]}, id="r"), "X"),
    ]
    tell(trusted, *(sent[i] for i in arrival))
    first, second = name_of(NORTHGATE, "1"), name_of(NORTHGATE, "2")
    assert placed() == {"one": {first}, "two": {second}, "r": {second}}
    rebuilt_the_same()


@pytest.mark.django_db
def test_our_own_correlation_id_given_back_names_the_order(
    trusted: Connection, rebuilt_the_same: Check
) -> None:
    tell(trusted, order(id="o"))
    tell(trusted, given(bare_status("s"), name_of(NORTHGATE).upper()))
    assert placed() == {key: {name_of(NORTHGATE)} for key in "os"}
    rebuilt_the_same()


@pytest.mark.django_db
@permuted
def test_an_orders_own_name_given_before_the_order_is_known_names_it(
    trusted: Connection, arrival: tuple[int, ...], rebuilt_the_same: Check
) -> None:
    own = name_of(NORTHGATE)
    sent = [order(id="o"), given(bare_status("s"), own), given(receipt(id="r", bol="B"), own)]
    tell(trusted, *(sent[i] for i in arrival))
    assert placed() == {key: {own} for key in "osr"}
    rebuilt_the_same()


@pytest.mark.django_db
def test_an_id_over_a_connection_that_is_not_trusted_is_not_believed(trial: Connection) -> None:
    tell(trial, given(order(id="o"), "X"), given(bare_status("s"), "X"))
    assert placed() == {"o": {name_of(NORTHGATE)}, "s": set()}


# What a person says


def link(what: str, to: str, *, linked: bool = True, scope: Scope | None = None) -> None:
    entry = LedgerEntry.objects.get(event_id__in=_ids(what))
    link_document(
        scope=scope or everything(),
        message_id=entry.message_id,
        place=entry.ordinal,
        correlation_id=trace(to)["correlation_id"],
        linked=linked,
        who="rosa",
        reason="the driver said so",
    )


def _ids(what: str) -> Any:
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT e.event_id FROM ledger_entry e JOIN inbox_message m ON m.id = e.message_id "
            "WHERE convert_from(m.body, 'UTF8')::jsonb->>'id' = %s ORDER BY e.translation DESC LIMIT 1",
            [what],
        )
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.django_db
def test_a_person_settles_a_doubt_and_its_case_closes(trial: Connection, rebuilt_the_same: Check) -> None:
    tell(trial, of_system(order(id="one"), "SAP1"), of_system(order(id="two"), "SAP2"), invoice(id="i"))
    link("i", SAP2)
    assert placed()["i"] == {SAP2}
    assert unplaced() == set()
    assert "ambiguous_order" not in kinds(trial)
    words = [e for e in trace(SAP2)["entries"] if e["type"] == "entry.linked"]
    assert len(words) == 1
    assert trace(SAP2)["lines"][0]["invoiced"] == "100"
    rebuilt_the_same()
    link("i", SAP2, linked=False)
    assert placed()["i"] == set()
    assert "ambiguous_order" in kinds(trial)
    rebuilt_the_same()


@pytest.mark.django_db
def test_a_linked_notice_takes_along_what_hangs_on_its_bill_and_gives_it_back(
    trial: Connection, rebuilt_the_same: Check
) -> None:
    orphan = notice("ASN-9", of="", bol="BOL-9", id="asn")
    tell(trial, order(id="o"), status("BOL-9", id="s"), orphan)
    assert placed() == {"o": {name_of(NORTHGATE)}, "s": set(), "asn": set()}
    link("asn", NUMBER)
    assert placed() == {key: {name_of(NORTHGATE)} for key in ["o", "s", "asn"]}
    assert trace(NUMBER)["lines"][0]["shipped"] == "100"
    rebuilt_the_same()
    link("asn", NUMBER, linked=False)
    assert placed() == {"o": {name_of(NORTHGATE)}, "s": set(), "asn": set()}
    assert trace(NUMBER)["lines"][0]["shipped"] in (None, "0")
    assert unplaced() == {"s", "asn"}
    rebuilt_the_same()
    link("asn", NUMBER)
    assert placed()["s"] == {name_of(NORTHGATE)}
    rebuilt_the_same()


@pytest.mark.django_db
def test_a_person_takes_a_document_out_of_the_order_it_names_and_puts_it_into_another(
    trial: Connection, rebuilt_the_same: Check
) -> None:
    tell(trial, order("1", id="one"), order("2", id="two"), receipt(of="1", id="r"))
    link("r", "1", linked=False)
    link("r", "2")
    assert placed()["r"] == {name_of(NORTHGATE, "2")}
    assert [trace(n)["lines"][0]["received"] or "0" for n in "12"] == ["0", "100"]
    rebuilt_the_same()
    replay_message(message_id=LedgerEntry.objects.get(event_id__in=_ids("r")).message_id)
    drain()
    assert placed()["r"] == {name_of(NORTHGATE, "2")}
    assert [trace(n)["lines"][0]["received"] or "0" for n in "12"] == ["0", "100"]
    rebuilt_the_same()


@pytest.mark.django_db
def test_of_a_notice_of_two_orders_a_person_moves_the_part_that_names_the_wrong_one(
    trial: Connection, rebuilt_the_same: Check
) -> None:
    parts = [line(quantity=q, order={"number": n, "issuer": NORTHGATE}) for n, q in (("1", 30), ("2", 50))]
    tell(trial, order("1"), order("2"), order("3"), notice("N", *parts, of="", id="asn"))
    link("asn", "2", linked=False)
    link("asn", "3")
    assert [trace(n)["lines"][0]["shipped"] or "0" for n in "123"] == ["30", "0", "50"]
    rebuilt_the_same()


@pytest.mark.django_db
def test_a_persons_word_holds_for_the_next_translation_of_the_message(
    trial: Connection, rebuilt_the_same: Check
) -> None:
    tell(trial, order(id="o"), notice("ASN-9", of="", id="asn"))
    link("asn", NUMBER)
    replay_message(message_id=LedgerEntry.objects.get(event_id__in=_ids("asn")).message_id)
    drain()
    assert LedgerEntry.objects.filter(type="shipment.notified").count() == 2
    assert placed()["asn"] == {name_of(NORTHGATE)}
    assert trace(NUMBER)["lines"][0]["shipped"] == "100"
    rebuilt_the_same()


@pytest.mark.django_db
def test_nobody_moves_documents_of_others_and_nobody_without_a_reason(trial: Connection) -> None:
    tell(trial, order(id="o"), notice("ASN-9", of="", id="asn"))
    other = connection()
    with pytest.raises(NotFoundError):
        link("asn", NUMBER, scope=Scope(companies=(other.company_id,)))
    with pytest.raises(NotFoundError):
        link("asn", NUMBER, scope=Scope(companies=(trial.company_id,), partners=(1,)))
    entry = LedgerEntry.objects.get(event_id__in=_ids("asn"))
    ask = partial(
        link_document,
        scope=everything(),
        message_id=entry.message_id,
        correlation_id=trace(NUMBER)["correlation_id"],
        linked=True,
        who="rosa",
    )
    with pytest.raises(InputError):
        ask(place=entry.ordinal, reason=" ")
    with pytest.raises(NotFoundError):
        ask(place=entry.ordinal + 1, reason="because")
    assert placed()["asn"] == set()


@pytest.mark.django_db
def test_a_sender_cannot_say_whose_another_document_is(trial: Connection) -> None:
    tell(trial, order(id="o"), notice("ASN-9", of="", id="asn"))
    entry = LedgerEntry.objects.get(event_id__in=_ids("asn"))
    word = {
        "order": {"number": NUMBER, "issuer": NORTHGATE},
        "message": str(entry.message_id),
        "place": entry.ordinal,
    }
    (refused,) = tell(trial, event("entry.linked", word))
    assert (refused.status, codes(refused)) == ("rejected", ["not_from_here"])
    assert placed()["asn"] == set()


# Replays


@pytest.mark.django_db
def test_what_followed_a_wrong_translation_parts_when_the_message_is_translated_right(
    trial: Connection, monkeypatch: pytest.MonkeyPatch, rebuilt_the_same: Check
) -> None:
    tell(trial, order("1", id="one"), order("2", id="two"), status("BOL-1", id="s"))
    wrong, right = notice(of="1", bol="BOL-1", id="asn"), notice(of="2", bol="BOL-1", id="asn")
    message_id = send(trial, one(wrong)).message_id
    drain()
    first, second = name_of(NORTHGATE, "1"), name_of(NORTHGATE, "2")
    assert placed()["s"] == {first}
    real = worker.VerbatimMessage
    monkeypatch.setattr(worker, "VerbatimMessage", lambda **what: real(**(what | {"body": one(right)})))
    replay_message(message_id=message_id)
    drain()
    monkeypatch.undo()
    assert outcome(message_id).status == "processed"
    assert placed()["asn"] == {second}
    assert placed()["s"] == {second}
    assert [trace(n)["lines"][0]["shipped"] or "0" for n in "12"] == ["0", "100"]
    rebuilt_the_same()


@pytest.mark.django_db
def test_an_order_that_no_document_speaks_of_any_more_is_shown_nowhere(
    trial: Connection, monkeypatch: pytest.MonkeyPatch, rebuilt_the_same: Check
) -> None:
    message_id = send(trial, one(notice(of="45O0001", id="asn"))).message_id
    drain()
    assert len(traces("45O0001")) == 1
    real = worker.VerbatimMessage
    monkeypatch.setattr(
        worker, "VerbatimMessage", lambda **what: real(**(what | {"body": one(notice(id="asn"))}))
    )
    replay_message(message_id=message_id)
    drain()
    assert traces("45O0001") == []
    assert placed()["asn"] == {name_of(NORTHGATE)}
    rebuilt_the_same()

"""What was settled once is settled again when what it rested on turns out to mean something else."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from factories import (
    NORTHGATE,
    Json,
    answer,
    codes,
    connection,
    invoice,
    kinds,
    line,
    notice,
    order,
    receipt,
    status,
    tell,
    trace,
)
from placed_anew import misplaced
from settled import placed, unplaced
from test_settling import BEST, NUMBER, SAP1, SAP2, link, name_of, of_system
from test_settling_at_once import word

from visibility.inbox.models import Connection
from visibility.inbox.services import replay_message
from visibility.ledger.models import LedgerEntry
from visibility.pipeline.worker import drain

Check = Callable[[], None]
permuted = pytest.mark.parametrize("arrival", list(itertools.permutations(range(3))))


def bare(shipment: str, **more: Any) -> Json:
    """A receipt that names no order and no supplier."""
    sent = receipt(id="r", shipment=shipment, supplier={}, **more)
    del sent["data"]["order"]
    return sent


@pytest.fixture
def desk(trial: Connection) -> Connection:
    return connection(of=trial.company, witness="desk")


@pytest.mark.django_db
@permuted
def test_a_notice_number_of_two_suppliers_says_nothing_although_both_ship_one_order(
    trial: Connection, arrival: tuple[int, ...], rebuilt_the_same: Check
) -> None:
    sent = [notice("1001", of="1", id="acme"), notice("1001", of="1", id="best", **BEST), bare("1001")]
    tell(trial, *(sent[i] for i in arrival))
    assert placed()["r"] == set()
    assert misplaced() == {}
    rebuilt_the_same()


# A person's word, and then the number turns out to be borne by several orders


@pytest.mark.django_db
@permuted
def test_a_word_on_a_number_that_two_orders_bear_asks_again(
    trial: Connection, desk: Connection, arrival: tuple[int, ...], rebuilt_the_same: Check
) -> None:
    tell(trial, bare("X"))
    said = word(LedgerEntry.objects.get(), NUMBER)
    sent = [
        (trial, of_system(order(id="one"), "SAP1")),
        (trial, of_system(order(id="two", **BEST), "SAP2")),
        (desk, said),
    ]
    for i in arrival:
        tell(*sent[i])
    assert placed()["r"] == set()
    assert unplaced() == {"r"}
    assert "ambiguous_order" in kinds(trial)
    assert misplaced() == {}
    rebuilt_the_same()
    link("r", SAP2)
    assert placed()["r"] == {SAP2}
    assert "ambiguous_order" not in kinds(trial)
    assert misplaced() == {}
    rebuilt_the_same()


@pytest.mark.django_db
@permuted
def test_a_word_on_a_number_that_two_orders_bear_means_the_one_of_the_documents_supplier(
    trial: Connection, desk: Connection, arrival: tuple[int, ...], rebuilt_the_same: Check
) -> None:
    tell(trial, receipt(id="r", of="2", **BEST), order("2"))
    said = word(LedgerEntry.objects.get(type="goods.received"), NUMBER)
    sent = [
        (trial, of_system(order(id="one"), "SAP1")),
        (trial, of_system(order(id="two", **BEST), "SAP2")),
        (desk, said),
    ]
    for i in arrival:
        tell(*sent[i])
    assert placed()["r"] == {name_of(NORTHGATE, "2"), SAP2}
    assert misplaced() == {}
    rebuilt_the_same()


@pytest.mark.django_db
def test_what_a_linked_document_took_along_is_given_back_when_its_number_is_split(
    trial: Connection, rebuilt_the_same: Check
) -> None:
    tell(trial, order(id="w"), status("BOL-9", id="s"), bare("X", bill_of_lading="BOL-9"))
    link("r", NUMBER)
    assert placed()["s"] == placed()["r"] == {name_of(NORTHGATE)}
    tell(trial, of_system(answer(id="a"), "SAP1"), of_system(order(id="two"), "SAP2"))
    assert unplaced() >= {"r", "s"}
    assert misplaced() == {}
    rebuilt_the_same()


# Of other companies


@pytest.mark.django_db
@pytest.mark.parametrize("again", [True, False])
def test_the_desk_of_one_company_cannot_speak_of_another_companys_document(
    again: bool, trial: Connection, rebuilt_the_same: Check
) -> None:
    tell(trial, status("B1", id="s"))
    own = LedgerEntry.objects.get()
    other = connection(witness="desk")
    tell(other, order("77", id="theirs"))
    (refused,) = tell(other, word(own, "77"))
    assert (refused.status, codes(refused)) == ("rejected", ["no_such_document"])
    if again:
        replay_message(message_id=own.message_id)
        drain()
    tell(trial, notice(bol="B1", id="n"), order(id="o"))
    assert placed()["s"] == {name_of(NORTHGATE)}
    assert misplaced() == {}
    rebuilt_the_same()


@pytest.mark.django_db
def test_a_credit_note_follows_its_invoice_although_others_left_the_order(
    trial: Connection, desk: Connection, rebuilt_the_same: Check
) -> None:
    bill = invoice("INV-1", id="i", bill_of_lading="B")
    credit = invoice("CR-1", id="c", corrects="INV-1")
    for each in (bill, credit):
        del each["data"]["order"]
    tell(trial, order(id="o"), notice("N1", of="", id="loose"), notice("N1", id="n", bol="B"), bill)
    link("loose", NUMBER)
    link("loose", NUMBER, linked=False)
    tell(trial, credit)
    assert placed()["c"] == placed()["i"] == {name_of(NORTHGATE)}
    assert misplaced() == {}
    rebuilt_the_same()


@pytest.mark.django_db
def test_a_word_that_a_document_is_where_it_says_changes_nothing(
    trial: Connection, desk: Connection, rebuilt_the_same: Check
) -> None:
    tell(trial, order(id="o"), receipt(id="r", issuer=""))
    link("r", NUMBER)
    assert trace(NUMBER)["lines"][0]["received"] == "100"
    rebuilt_the_same()


@pytest.mark.django_db
def test_the_part_of_a_notice_that_people_moved_to_its_other_order_counts_there(
    trial: Connection, rebuilt_the_same: Check
) -> None:
    parts = [line(quantity=q, order={"number": n, "issuer": NORTHGATE}) for n, q in (("1", 30), ("2", 50))]
    tell(trial, order("1"), order("2"), notice("N", *parts, of="", id="asn"))
    link("asn", "2", linked=False)
    link("asn", "1")
    rebuilt_the_same()
    replay_message(message_id=LedgerEntry.objects.get(type="shipment.notified").message_id)
    drain()
    assert [trace(n)["lines"][0]["shipped"] or "0" for n in "12"] == ["80", "0"]
    rebuilt_the_same()


@pytest.mark.django_db
@permuted
def test_of_two_orders_with_one_number_each_is_known_by_what_people_put_there(
    trial: Connection, desk: Connection, arrival: tuple[int, ...], rebuilt_the_same: Check
) -> None:
    tell(trial, receipt(id="r", of="9", **BEST), order("9"), of_system(order(id="one"), "SAP1"))
    said = word(LedgerEntry.objects.get(type="goods.received"), NUMBER)
    said["data"]["order"]["system"] = "SAP2"
    sent = [
        (desk, said),
        (trial, invoice(id="i", **BEST)),
        (trial, of_system(answer(id="a", supplier={}), "SAP2")),
    ]
    for i in arrival:
        tell(*sent[i])
    assert placed()["i"] == {SAP2}
    assert misplaced() == {}
    rebuilt_the_same()


@pytest.mark.django_db
@permuted
def test_what_is_not_of_a_number_is_of_none_of_the_orders_that_bear_it(
    trial: Connection, desk: Connection, arrival: tuple[int, ...], rebuilt_the_same: Check
) -> None:
    tell(trial, receipt(id="r", **BEST))
    said = word(LedgerEntry.objects.get(), NUMBER, linked=False)
    sent = [
        (desk, said),
        (trial, of_system(order(id="one"), "SAP1")),
        (trial, of_system(order(id="two", **BEST), "SAP2")),
    ]
    for i in arrival:
        tell(*sent[i])
    assert placed() == {"r": set(), "one": {SAP1}, "two": {SAP2}}
    assert misplaced() == {}
    rebuilt_the_same()

"""Correlation IDs that systems give and that are, or turn out to be, the name of an order."""

import itertools
from collections.abc import Callable

import pytest
from factories import NORTHGATE, answer, connection, order, receipt, tell, trace
from placed_anew import misplaced
from settled import placed, unplaced
from test_settling import BEST, NUMBER, SAP1, SAP2, bare_status, given, link, name_of, of_system

from visibility.core.identifiers import correlation_id
from visibility.flows.models import Flow
from visibility.inbox.models import Connection

Check = Callable[[], None]
OWN = "0191e5a0-7d1c-7cc3-98c4-dc0c0c07398f"
permuted = pytest.mark.parametrize("arrival", list(itertools.permutations(range(3))))


@pytest.fixture
def trusted(trial: Connection) -> Connection:
    return connection(of=trial.company, trusted=True)


@pytest.mark.django_db
@permuted
def test_a_name_that_an_order_gets_by_a_narrower_number_is_its_name(
    trusted: Connection, arrival: tuple[int, ...], rebuilt_the_same: Check
) -> None:
    sent = [order(id="o"), of_system(answer(id="a"), "SAP1"), given(bare_status("s"), SAP1)]
    tell(trusted, *(sent[i] for i in arrival))
    assert placed() == {key: {name_of(NORTHGATE)} for key in "oas"}
    assert trace(SAP1)["correlation_id"] == name_of(NORTHGATE)
    assert misplaced() == {}
    rebuilt_the_same()


@pytest.mark.django_db
@permuted
def test_a_name_that_becomes_the_first_of_an_order_is_no_longer_that_of_the_flow_it_made(
    trusted: Connection, arrival: tuple[int, ...], rebuilt_the_same: Check
) -> None:
    sent = [order(id="o", issuer=""), answer(id="a"), given(bare_status("s"), name_of(NORTHGATE))]
    tell(trusted, *(sent[i] for i in arrival))
    assert placed() == {key: {name_of(NORTHGATE)} for key in "oas"}
    assert misplaced() == {}
    rebuilt_the_same()


@pytest.mark.django_db
@permuted
def test_the_name_of_one_of_two_orders_with_one_number_means_that_one(
    trusted: Connection, arrival: tuple[int, ...], rebuilt_the_same: Check
) -> None:
    sent = [
        of_system(order(id="one"), "SAP1"),
        of_system(order(id="two", **BEST), "SAP2"),
        given(bare_status("s"), SAP1),
    ]
    tell(trusted, *(sent[i] for i in arrival))
    assert placed() == {"one": {SAP1}, "two": {SAP2}, "s": {SAP1}}
    assert misplaced() == {}
    rebuilt_the_same()


@pytest.mark.django_db
@pytest.mark.parametrize("arrival", list(itertools.permutations(range(4))))
def test_the_name_of_a_number_that_two_orders_bear_means_what_the_number_means(
    trusted: Connection, arrival: tuple[int, ...], rebuilt_the_same: Check
) -> None:
    lost = given(bare_status("s"), name_of(NORTHGATE))
    lost["data"] |= BEST
    sent = [
        answer(id="w", **BEST),
        of_system(order(id="one"), "SAP1"),
        of_system(order(id="two", **BEST), "SAP2"),
        lost,
    ]
    tell(trusted, *(sent[i] for i in arrival))
    assert placed() == {"one": {SAP1}, "two": {SAP2}, "w": {SAP2}, "s": {SAP2}}
    assert unplaced() == set()
    assert misplaced() == {}
    rebuilt_the_same()


@pytest.mark.django_db
def test_a_document_that_came_with_an_orders_name_stays_when_it_is_linked_to_another_too(
    trusted: Connection, rebuilt_the_same: Check
) -> None:
    tell(trusted, order("1", id="o"), order("2", id="p"))
    tell(trusted, given(bare_status("s"), name_of(NORTHGATE, "1")))
    link("s", "2")
    assert placed()["s"] == {name_of(NORTHGATE, "1"), name_of(NORTHGATE, "2")}
    assert misplaced() == {}
    rebuilt_the_same()


@pytest.mark.django_db
@permuted
def test_the_name_we_gave_to_a_flow_that_has_only_a_given_id_means_that_flow(
    trusted: Connection, arrival: tuple[int, ...], rebuilt_the_same: Check
) -> None:
    ours = str(correlation_id(company="trial", scheme="correlation", scope="", value="LOAD-77"))
    sent = [given(bare_status("s"), "LOAD-77"), given(receipt(id="r"), ours), given(bare_status("t"), ours)]
    tell(trusted, *(sent[i] for i in arrival))
    assert placed() == {key: {name_of(NORTHGATE)} for key in "srt"}
    assert misplaced() == {}
    rebuilt_the_same()


@pytest.mark.django_db
def test_two_companies_are_given_one_id_and_each_has_its_own_order_by_it(
    trusted: Connection, rebuilt_the_same: Check
) -> None:
    other = connection(trusted=True)
    tell(trusted, given(bare_status("s"), OWN))
    tell(other, given(bare_status("t"), OWN))
    for own in (trusted, other):
        assert trace(OWN, at=own)["correlation_id"] == OWN
    assert Flow.objects.count() == 2
    rebuilt_the_same()


@pytest.mark.django_db
@pytest.mark.parametrize("theirs_first", [True, False])
def test_an_order_keeps_its_name_although_another_company_is_given_it(
    trusted: Connection, theirs_first: bool, rebuilt_the_same: Check
) -> None:
    other = connection(trusted=True)
    sent = [(other, given(bare_status("t"), name_of(NORTHGATE))), (trusted, order(id="o"))]
    for each in sent if theirs_first else reversed(sent):
        tell(*each)
    assert trace(NUMBER, at=trusted)["correlation_id"] == name_of(NORTHGATE)
    assert [e["type"] for e in trace(name_of(NORTHGATE), at=other)["entries"]] == ["transport.status"]
    rebuilt_the_same()

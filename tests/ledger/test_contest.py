"""Which order a number means when several orders bear it."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visibility.canonical.documents import GoodsReceived, Party
from visibility.ledger.contest import Told, choose, name_scopes, narrowest, told_by

SCOPES = st.sets(st.sampled_from(["", "A", "B", "A|S1", "A|S2", "B|S1"]), min_size=1)


def told(supplier: str = "", place: str = "") -> Told:
    return Told(frozenset({supplier} - {""}), frozenset({place} - {""}))


@pytest.mark.parametrize(
    ("scopes", "orders"),
    [
        ({""}, [""]),
        ({"", "A"}, ["A"]),
        ({"A", "A|S1"}, ["A|S1"]),
        ({"A", "A|S1", "A|S2"}, ["A|S1", "A|S2"]),
        ({"", "A", "B|S1"}, ["A", "B|S1"]),
        ({"A", "AB"}, ["A", "AB"]),
    ],
)
def test_every_scope_that_no_other_says_more_exactly_is_an_order(scopes: set[str], orders: list[str]) -> None:
    assert narrowest(scopes) == orders


def _live_through(arrival: list[set[str]]) -> tuple[dict[str, int | None], bool]:
    """Name the scopes of one number as they come in, some at once."""
    flows, counter = {}, itertools.count(1)
    contested = False
    for wanted in arrival:
        named = name_scopes(rows=flows, wanted=wanted, new_flow=lambda: next(counter))
        flows, contested = named.flows, named.contested
    return flows, contested


@given(SCOPES, st.randoms(use_true_random=False))
def test_scopes_that_come_one_by_one_or_at_once_mean_the_same_orders(scopes: set[str], random) -> None:
    shuffled = sorted(scopes)
    random.shuffle(shuffled)
    cut = random.randint(0, len(shuffled))
    ways = [[scopes], [{scope} for scope in shuffled], [set(shuffled[:cut]), set(shuffled[cut:])]]
    first, *others = [_shared(*_live_through([way for way in arrival if way])) for arrival in ways]
    assert all(other == first for other in others)


def _shared(flows: dict[str, int | None], contested: bool) -> tuple[set[frozenset[str]], set[str], bool]:
    """Which scopes share an order, which are in doubt: flow ids tell who came first, and do not count."""
    groups = {frozenset(s for s in flows if flows[s] == flow) for flow in flows.values() if flow}
    return groups, {scope for scope, flow in flows.items() if flow is None}, contested


@given(SCOPES)
def test_no_two_orders_share_a_flow_and_a_doubt_is_one_between_at_least_two(scopes: set[str]) -> None:
    flows, contested = _live_through([{scope} for scope in sorted(scopes)])
    orders = narrowest(scopes)
    assert len({flows[scope] for scope in orders}) == len(orders)
    assert contested == any(flow is None for flow in flows.values())


@pytest.mark.parametrize(
    ("own", "orders", "meant"),
    [
        (told("acme"), {1: told("acme"), 2: told("best")}, 1),
        (told("acme", "dal"), {1: told("acme", "dal"), 2: told("acme", "hou")}, 1),
        (told("acme"), {1: told("acme"), 2: told("acme")}, None),
        (told("", "hou"), {1: told("acme", "dal"), 2: told("best", "hou")}, 2),
        (told(), {1: told("acme"), 2: told("best")}, None),
        (told("cust", "dal"), {1: told("acme", "dal"), 2: told("best", "hou")}, None),
        (told("acme"), {1: told("acme"), 2: told()}, 1),
        (told("cust", "dal"), {1: told("", "dal"), 2: told("best", "hou")}, 1),
        (told("anybody"), {1: told("acme")}, 1),
        (told("acme"), {}, None),
    ],
    ids=[
        "by supplier",
        "by place among one supplier's",
        "nothing tells them apart",
        "by place alone",
        "says nothing itself",
        "the supplier is none of theirs",
        "the known supplier fits",
        "one whose supplier nobody has told",
        "only one is left",
        "none is left",
    ],
)
def test_a_document_means_the_order_that_fits_by_supplier_then_by_place(
    own: Told, orders: dict[int, Told], meant: int | None
) -> None:
    assert choose(told=own, orders=orders) == meant
    assert choose(told=own, orders=dict(reversed(orders.items()))) == meant


def test_parties_are_known_by_any_of_their_identifiers_and_by_name() -> None:
    document = GoodsReceived(supplier=Party(ids=("zz:acme ", "92:7"), name="Acme Inc"), ship_to=Party())
    assert told_by(document) == Told(frozenset({"ZZ:ACME", "92:7", "name ACME INC"}), frozenset())

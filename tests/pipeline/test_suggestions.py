"""How well an order fits a document that names none: a table of what counts, and what holds of every pair."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visibility.pipeline.likeness import likeness, slips
from visibility.pipeline.suggestions import Fit, Goods, Number, Order, Paper, Party, fit, gather

DAY = dt.date(2026, 11, 16)
ACME, CANARY = Party(1, "Acme"), Party(2, "Canary")
DALLAS, RENO = Party(7, "Dallas DC"), Party(8, "Reno DC")


def goods(code: str = "SKU-1", quantity: object = 100, unit: str = "CA") -> Goods:
    return Goods(frozenset([code]), None if quantity is None else Decimal(str(quantity)), unit)


PAPER = Paper(supplier=ACME, ship_to=DALLAS, goods=(goods(),), day=DAY)
ORDER = Order(
    supplier=ACME,
    ship_to=DALLAS,
    goods=(goods(),),
    days=(("wanted", dt.date(2026, 11, 18)),),
    ordered_on=dt.date(2026, 11, 2),
    has_lines=True,
)


def changed(base: Paper | Order, **more: object) -> Paper | Order:
    fields = {name: getattr(base, name) for name in base.__dataclass_fields__}
    return type(base)(**{**fields, **more})


@pytest.mark.parametrize(
    ("paper", "order", "reason", "score"),
    [
        ({}, {}, "same supplier", 100),
        ({}, {}, "same item", 100),
        ({}, {}, "exactly what is open", 100),
        ({}, {}, "same ship-to", 100),
        ({}, {}, "2 days before it is wanted", 100),
        ({"supplier": Party(None, "acme ")}, {"supplier": Party(None, "ACME")}, "same supplier", 100),
        ({"goods": (goods(quantity=60),)}, {}, "within what is open", 95),
        ({"day": dt.date(2026, 11, 18)}, {}, "on the day wanted", 100),
        ({"day": dt.date(2026, 11, 19)}, {}, "1 day after it is wanted", 100),
        ({"day": dt.date(2026, 11, 24)}, {}, "6 days after it is wanted", 96),
        ({}, {"days": (("promised", DAY), ("wanted", dt.date(2026, 12, 24)))}, "on the day promised", 100),
        ({"goods": (goods(), goods("SKU-2"))}, {}, "1 of 2 items", 85),
        ({"goods": (goods(), goods("SKU-2"))}, {"goods": (goods(), goods("SKU-2"))}, "same items", 100),
        (
            {"numbers": (Number("bol", "BOL-9918"),)},
            {"numbers": (Number("bol", "BOL-9981"),)},
            "bill of lading BOL-9918 is like its bill of lading BOL-9981, two characters swapped",
            100,
        ),
        (
            {"numbers": (Number("asn", "4500001"),)},
            {"numbers": (Number("po", "4500001"),)},
            "ASN 4500001 is its order",
            100,
        ),
        (
            {"numbers": (Number("asn", "7764"),)},
            {"numbers": (Number("asn", "ASN 7764"),)},
            "ASN 7764 is like its ASN ASN 7764, otherwise spelled",
            100,
        ),
    ],
)
def test_what_agrees_is_a_reason(paper, order, reason, score):
    found = fit(changed(PAPER, **paper), changed(ORDER, **order))
    assert found.score == score
    assert reason in found.reasons


@pytest.mark.parametrize(
    ("paper", "order", "against", "score"),
    [
        ({"supplier": CANARY}, {}, "another supplier", 71),
        ({"ship_to": RENO}, {}, "another ship-to", 88),
        ({"goods": (goods(quantity=101),)}, {}, "more than is open", 82),
        ({"goods": (goods("SKU-9"),)}, {"goods": ()}, "the item is not on it", 64),
        ({"day": dt.date(2026, 11, 1)}, {}, "dated before the order", 88),
        ({"day": dt.date(2027, 2, 1)}, {}, "75 days after it is wanted", 88),
    ],
)
def test_what_differs_speaks_against_it(paper, order, against, score):
    found = fit(changed(PAPER, **paper), changed(ORDER, **order))
    assert (found.against, found.score) == ((against,), score)
    assert against not in found.reasons


@pytest.mark.parametrize(
    ("paper", "order"),
    [
        ({"supplier": Party()}, {}),
        ({}, {"ship_to": Party()}),
        ({"goods": (goods(quantity=None),)}, {}),
        ({"goods": (goods(unit="EA"),)}, {}),
        ({"day": None}, {}),
        ({}, {"days": ()}),
        ({"numbers": (Number("bol", "BOL-1"),)}, {"numbers": (Number("bol", "PRO-77812"),)}),
    ],
)
def test_what_one_side_is_silent_of_speaks_neither_for_nor_against_it(paper, order):
    found = fit(changed(PAPER, **paper), changed(ORDER, **order))
    whole = fit(PAPER, ORDER)
    assert found.against == ()
    assert set(found.reasons) < set(whole.reasons) or paper.get("numbers")
    assert found.score >= 85


def test_one_agreement_alone_is_no_certainty():
    assert fit(Paper(supplier=ACME), Order(supplier=ACME)).score == 36
    assert fit(Paper(), Order()) == Fit(0, (), ())
    swapped = fit(Paper(numbers=(Number("bol", "BOL-9918"),)), Order(numbers=(Number("bol", "BOL-9981"),)))
    assert swapped.score == 26


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        ("bol-9981", "BOL-9981", "same"),
        ("ASN 7764", "ASN7764", "spelled"),
        ("0007764", "7764", "spelled"),
        ("4500018277", "4500018727", "swapped"),
        ("4500018277", "4500018278", "one_off"),
        ("4500018277", "450001827", "one_off"),
        ("45000", "4500", None),
        ("7764", "7765", None),
        ("ASN-7764", "INV-7764", None),
        ("4500018277", "4500018311", None),
        ("", "", None),
    ],
)
def test_numbers_are_alike_up_to_one_slip(one, other, how):
    assert likeness(one, other) == likeness(other, one) == how


numbers = st.text("0123456789AB- ", min_size=0, max_size=12)


@given(numbers, numbers)
def test_being_alike_is_the_same_both_ways_round(one, other):
    assert likeness(one, other) == likeness(other, one)


@given(st.text("0123456789AB-", min_size=4, max_size=12), st.data())
def test_a_number_with_two_characters_swapped_is_looked_up_as_what_it_was(right, data):
    at = data.draw(st.integers(0, len(right) - 2))
    wrong = right[:at] + right[at + 1] + right[at] + right[at + 2 :]
    assert right in slips(wrong)
    assert likeness(wrong, right) == likeness(right, wrong) is not None
    assert len(slips(wrong)) <= 2 * len(wrong) + 6


parties = st.sampled_from([Party(), ACME, CANARY, Party(None, "Acme"), Party(3, "")])
some_goods = st.builds(
    goods,
    st.sampled_from(["SKU-1", "SKU-2", "SKU-3"]),
    st.none() | st.integers(0, 200),
    st.sampled_from(["CA", "EA"]),
)
listed = st.lists(some_goods, max_size=5).map(gather)
days = st.dates(dt.date(2026, 10, 1), dt.date(2027, 1, 31))
known = st.lists(
    st.builds(Number, st.sampled_from(["asn", "bol", "po"]), st.text("0123-A", min_size=1, max_size=8)),
    max_size=3,
).map(tuple)
papers = st.builds(
    Paper, supplier=parties, ship_to=parties, goods=listed, numbers=known, day=st.none() | days
)
orders = st.builds(
    Order,
    supplier=parties,
    ship_to=parties,
    goods=listed,
    numbers=known,
    days=st.lists(st.tuples(st.sampled_from(["wanted", "promised"]), days), max_size=3).map(tuple),
    ordered_on=st.none() | days,
    has_lines=st.booleans(),
)


@given(papers, orders)
def test_every_score_is_from_0_to_100_and_says_why(paper, order):
    found = fit(paper, order)
    assert 0 <= found.score <= 100
    assert bool(found.reasons) == (found.score > 0)
    assert not set(found.reasons) & set(found.against)


@given(papers, orders, st.data())
def test_the_order_in_which_things_are_named_plays_no_part(paper, order, data):
    def shuffled(base, *names):
        return changed(base, **{n: tuple(data.draw(st.permutations(getattr(base, n)))) for n in names})

    again = fit(shuffled(paper, "goods", "numbers"), shuffled(order, "goods", "numbers", "days"))
    assert again == fit(paper, order)


@given(papers, orders)
def test_what_is_compared_is_compared_alike_from_both_sides(paper, order):
    """Parties, items and numbers: who is on which side plays no part in whether they agree."""
    turned = fit(
        Paper(supplier=order.supplier, ship_to=order.ship_to, numbers=order.numbers),
        Order(supplier=paper.supplier, ship_to=paper.ship_to, numbers=paper.numbers),
    )
    straight = fit(
        Paper(supplier=paper.supplier, ship_to=paper.ship_to, numbers=paper.numbers),
        Order(supplier=order.supplier, ship_to=order.ship_to, numbers=order.numbers),
    )
    assert turned.score == straight.score
    assert set(turned.against) == set(straight.against)


@given(papers, orders)
def test_agreeing_on_the_supplier_as_well_never_makes_it_worse(paper, order):
    silent = fit(changed(paper, supplier=Party()), order)
    agreeing = fit(changed(paper, supplier=ACME), changed(order, supplier=ACME))
    assert agreeing.score >= silent.score

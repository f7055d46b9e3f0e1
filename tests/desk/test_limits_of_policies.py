"""Within which limits a policy decides: told by tables."""

from decimal import Decimal

import pytest

from visibility.core.errors import InputError
from visibility.desk.limits import LIMITS, CaseFacts, read_limits, why_outside


def facts(**more) -> CaseFacts:
    known = {"severity": "medium", "gap": Decimal(-4), "expected": Decimal(100), "money": Decimal(240)}
    return CaseFacts(**{**known, "supplier_id": 7, "item": "SKU-1042", **more})


@pytest.mark.parametrize(
    ("limits", "more", "inside"),
    [
        ({"gap": "4"}, {}, True),
        ({"gap": "3.9"}, {}, False),
        ({"gap": "4"}, {"gap": None}, False),
        ({"gap": "0"}, {"gap": Decimal(0)}, True),
        ({"percent": "4"}, {}, True),
        ({"percent": "3.99"}, {}, False),
        ({"percent": "5"}, {"expected": None}, False),
        ({"percent": "5"}, {"expected": Decimal(0)}, False),
        ({"money": "240"}, {}, True),
        ({"money": "239.99"}, {}, False),
        ({"money": "1000"}, {"money": None}, False),
        ({"severity": "medium"}, {}, True),
        ({"severity": "low"}, {}, False),
        ({"severity": "critical"}, {"severity": "critical"}, True),
        ({"suppliers": [7, 8]}, {}, True),
        ({"suppliers": [8]}, {}, False),
        ({"suppliers": [8]}, {"supplier_id": None}, False),
        ({"not_items": ["SKU-2"]}, {}, True),
        ({"not_items": ["SKU-10"]}, {}, False),
        ({"not_items": ["SKU-10"]}, {"item": ""}, False),
        ({"gap": "10", "money": "10"}, {}, False),
    ],
)
def test_a_case_is_within_the_limits_or_it_is_said_why_not(limits, more, inside):
    why = why_outside(limits=limits, facts=facts(**more))
    assert (why == "") is inside, why


def test_what_is_not_known_is_nothing_a_policy_decides_on():
    nothing = CaseFacts(severity="low")
    for name, limit in (
        ("gap", "1"),
        ("percent", "1"),
        ("money", "1"),
        ("suppliers", [1]),
        ("not_items", ["A"]),
    ):
        assert why_outside(limits={name: limit}, facts=nothing) != "", name
    assert set(LIMITS) == {"gap", "percent", "money", "severity", "suppliers", "not_items"}


def test_limits_are_read_as_they_are_filled_in_and_empty_ones_are_left_out():
    read = read_limits(
        given={"gap": " 2 ", "money": "", "severity": "low", "not_items": "SKU-1, SKU-2 SKU-1"}
    )
    assert read == {"gap": "2", "severity": "low", "not_items": ["SKU-1", "SKU-2"]}


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({}, "gap"),
        ({"gap": ""}, "gap"),
        ({"gap": "two"}, "gap"),
        ({"gap": "-1"}, "gap"),
        ({"percent": "NaN"}, "percent"),
        ({"money": "Infinity"}, "money"),
        ({"severity": "huge"}, "severity"),
        ({"wishes": "3"}, "wishes"),
    ],
)
def test_limits_that_make_no_sense_are_refused_by_their_name(given, where):
    with pytest.raises(InputError) as refused:
        read_limits(given=given)
    assert refused.value.where == where

"""Northgate Supply holds together: identifiers are valid and unique."""

import pytest

from integrations.sandbox.company import ITEMS, PLACES, SUPPLIERS, UNKNOWN_ITEM
from integrations.sandbox.gs1 import check_digit, sscc


def is_valid_gs1(digits: str) -> bool:
    """The GS1 rule from the other end: with the check digit included, the weighted sum ends in zero."""
    return sum(int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(reversed(digits))) % 10 == 0


@pytest.mark.parametrize(
    ("digits", "digit"),
    [("629104150021", "3"), ("0061414112345", "2"), ("00614141123456789", "0"), ("37610425002123456", "9")],
)
def test_check_digits_are_those_of_published_examples(digits: str, digit: str) -> None:
    assert check_digit(digits) == digit


def test_there_are_twelve_places_nine_suppliers_and_sixty_items() -> None:
    assert len(PLACES) == 12
    assert len(SUPPLIERS) == 9
    assert len(ITEMS) == 60


def test_every_gs1_identifier_is_valid_unique_and_from_the_example_range() -> None:
    glns = [place.gln for place in PLACES]
    gtins = [item.gtin for item in (*ITEMS, UNKNOWN_ITEM)]
    assert all(len(gln) == 13 and gln.startswith("952") for gln in glns)
    assert all(len(gtin) == 14 and gtin[1:].startswith("952") for gtin in gtins)
    assert all(is_valid_gs1(digits) for digits in (*glns, *gtins, *(i.base_gtin for i in ITEMS)))
    assert len(set(glns)) == len(glns)
    assert len(set(gtins)) == len(gtins)
    assert is_valid_gs1(sscc("9521001", 441020001))


def test_codes_and_numbers_tell_items_and_parties_apart() -> None:
    assert len({item.sku for item in ITEMS}) == len(ITEMS)
    assert len({(item.supplier, item.vendor_part) for item in ITEMS}) == len(ITEMS)
    assert len({s.party.edi_id for s in SUPPLIERS}) == len(SUPPLIERS)
    assert UNKNOWN_ITEM not in ITEMS


def test_a_packed_item_has_another_gtin_than_what_is_in_it() -> None:
    packed = [item for item in ITEMS if item.pack > 1]
    assert packed
    assert all(item.gtin != item.base_gtin and item.base_unit == "EA" for item in packed)


def test_amounts_of_whole_lots_come_out_in_whole_cents() -> None:
    assert [item.sku for item in ITEMS if (item.list_price * item.lot * 100) % 1] == []

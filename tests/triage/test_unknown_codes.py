"""Codes nobody has mapped, told to people who do not read code lists."""

import pytest

from visibility.masterdata.resolve import ITEM, LOCATION, PARTNER, Unknown
from visibility.triage.unknown import detect_unknown


@pytest.mark.parametrize(
    ("what", "summary"),
    [
        (
            Unknown(ITEM, ("buyer:SKU-1099", "vendor:ZZ:ACMEIND:AC-8812"), "Cut-resistant sleeves, 12"),
            "Item SKU-1099 (Cut-resistant sleeves, 12) is not in the item master; "
            "a provisional record stands in",
        ),
        (
            Unknown(PARTNER, ("ZZ:ACMEIND",), "Acme Industries"),
            "Partner ACMEIND (Acme Industries) is not among the partners we know; "
            "a provisional record stands in",
        ),
        (
            Unknown(LOCATION, ("name:DALLAS DC",), "Dallas DC"),
            "Place Dallas DC is not among the places we know; a provisional record stands in",
        ),
    ],
)
def test_an_unknown_code_is_told_as_people_write_it(what: Unknown, summary: str) -> None:
    (finding,) = detect_unknown(unknown=[(what, "10")])
    assert finding.summary == summary
    assert finding.subject == what.codes[0]
    assert [row[1] for row in finding.evidence] == list(what.codes)

"""What mirrors told stands by the line, small and calm."""

from decimal import Decimal

import pytest
from drawn import NOON, line, on

from visibility.flows.state import Mirror
from visibility.web.flows import lines
from visibility.web.flows.mirrored import told

POSTED = Mirror("receipt", "erp-1", "ERP", "mirror", True, Decimal(60), on(16, 15), counted="WMS")
ROLE = {"silent": True, "counted_due_at": on(17)}


def changed(**more):
    values = {name: getattr(POSTED, name) for name in POSTED.__struct_fields__}
    return Mirror(**(values | more))


def test_a_mirror_that_has_not_told_all_is_told_with_what_it_has():
    assert told(line(mirrors=[POSTED], received=100)) == ("receipt posted in ERP 16 Nov 15:00 with 60",)


@pytest.mark.parametrize(
    ("mirror", "text"),
    [
        (POSTED, "receipt posted in ERP 16 Nov 15:00"),
        (changed(fact="order", name="EDI"), "order also in EDI 16 Nov 15:00"),
        (changed(date_only=True), "receipt posted in ERP 16 Nov"),
        (changed(at=None), "receipt posted in ERP"),
        (changed(differs=(Decimal(70), Decimal(60))), "receipt: ERP says 60, WMS 70"),
        (
            changed(due_at=on(17, 23)),
            "receipt posted in ERP 16 Nov 15:00 with 60; the rest is due 17 Nov 23:00",
        ),
        (
            Mirror("receipt", "erp-1", "ERP", "mirror", False, due_at=on(16, 23)),
            "receipt to be posted in ERP by 16 Nov 23:00",
        ),
        (changed(**ROLE), "60 told by ERP (mirror); WMS (primary) has not said so"),
        (changed(**ROLE, role="echo"), "60 told by ERP (echo); WMS (primary) has not said so"),
        (changed(**ROLE, quantity=None), "told by ERP (mirror); WMS (primary) has not said so"),
    ],
)
def test_a_mirror_is_told_in_few_words(mirror, text):
    assert told(line(mirrors=[mirror], ordered=60, received=60)) == (text,)


def test_the_row_of_a_line_carries_what_its_mirrors_told():
    rows = lines.build(lines=[line(mirrors=[POSTED], received=60), line("20")], cases=[], as_of=NOON).rows
    assert [row.mirrored for row in rows] == [("receipt posted in ERP 16 Nov 15:00",), ()]

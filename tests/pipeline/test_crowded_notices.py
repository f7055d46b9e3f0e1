"""Ship notice numbers that several suppliers use: whoever quotes one without its supplier is in the dark."""

from collections.abc import Callable

import pytest
from factories import batch, notice, order, process, receipt, status, tell
from settled import placed, unplaced

from visibility.inbox.models import Connection

Check = Callable[[], None]
BEST = {"supplier": {"ids": ["ZZ:BEST"], "name": "Best Goods"}}


@pytest.mark.django_db
@pytest.mark.parametrize("together", [False, True], ids=["alone", "beside another that quotes the number"])
def test_who_quotes_a_notice_number_alone_is_taken_back_once_another_supplier_uses_it(
    trial: Connection, together: bool, rebuilt_the_same: Check
) -> None:
    tell(trial, order(), notice(id="n"), status("", shipment="ASN-1", id="s"))
    assert placed()["s"] == placed()["n"] != set()
    tell(trial, order("4500002", **BEST))
    theirs = receipt("R-2", of="4500002", shipment="ASN-1", id="r", **BEST)
    process(trial, batch(theirs, *([status("", shipment="ASN-1", id="t")] if together else [])))
    assert placed()["s"] == set()
    assert unplaced() == ({"s", "t"} if together else {"s"})
    rebuilt_the_same()

"""Whole lives of orders through the real pipeline: whatever comes when, the same orders and cases.

Each example is what a handful of systems tell of one or two orders, and one way in which it arrives: in any
order, some of it twice, cut into messages, read in chunks of any size, parts of it read once more, swept in
between. It must end like the same told in order, once, at one go.
"""

import itertools
from typing import Any

import pytest
from arriving import Arrival, arrivals, at_one_go
from django.db import transaction
from factories import connection, invoice, order, receipt, reference, tell
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from living import emptied_after, live
from settled import placed
from untidy import Json, untidy_lives

from visibility.inbox.models import Connection

NO_SHRINKING = [Phase.explicit, Phase.generate]  # a life takes its time; the blob that is printed repeats it


@st.composite
def two_ways(draw: st.DrawFn, *, crowded: bool = False) -> tuple[Arrival, Arrival]:
    """A life at one go, and the same in any other way."""
    life = draw(untidy_lives())
    return at_one_go(life), draw(arrivals(life, crowded=crowded))


def _undone(arrival: Arrival) -> Json:
    with transaction.atomic():
        found = live(arrival)
        transaction.set_rollback(True)
    return found


def _differences(found: Json, expected: Json) -> dict[str, Any]:
    """What differs, part by part, so that a failure can be read."""
    return {
        f"{part}: {name}": (found[part].get(name), expected[part].get(name))
        for part in expected
        for name in {*found[part], *expected[part]}
        if found[part].get(name) != expected[part].get(name)
    }


@pytest.mark.django_db
@settings(max_examples=25, phases=NO_SHRINKING)
@given(both=two_ways())
def test_whole_lives_end_alike_in_whatever_order_and_pieces_they_arrive(
    both: tuple[Arrival, Arrival],
) -> None:
    told, arrival = both
    assert _differences(_undone(arrival), _undone(told)) == {}


@pytest.mark.django_db
@pytest.mark.parametrize("arrival", itertools.permutations(range(3)))
def test_an_order_that_came_with_an_id_is_still_known_by_where_it_goes(
    trial: Connection, arrival: tuple[int, ...]
) -> None:
    """What the ID adds to its names does not make its own documents doubtful."""
    erp = connection(of=trial.company, trusted=True)
    first, second = reference("1") | {"system": "SAP1"}, reference("1") | {"system": "SAP2"}
    told = [
        order("1", order=second, supplier={}, id="o") | {"correlationid": "X1"},
        invoice("I1", order=first, ship_to={}, id="i"),
        receipt("R1", order={"number": "1"}, supplier={}, id="r"),
    ]
    tell(erp, *(told[place] for place in arrival))
    found = placed()
    assert found["r"] == found["o"] != found["i"]


@pytest.mark.django_db(transaction=True)
@settings(max_examples=10, phases=NO_SHRINKING)
@given(both=two_ways(crowded=True))
def test_four_workers_at_the_same_time_end_like_one(both: tuple[Arrival, Arrival]) -> None:
    told, arrival = both
    expected = _undone(told)
    with emptied_after():
        found = live(arrival, workers=4)
    assert _differences(found, expected) == {}

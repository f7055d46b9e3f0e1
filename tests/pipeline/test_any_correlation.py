"""Small untidy worlds of documents: whatever order they come in, each ends in the same orders."""

import itertools
from typing import Any

import pytest
from django.db import transaction
from factories import (
    NORTHGATE,
    answer,
    batch,
    connection,
    event,
    invoice,
    line,
    notice,
    order,
    process,
    receipt,
)
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from settled import placed, unplaced

from visibility.flows.models import Flow
from visibility.inbox.models import Connection
from visibility.masterdata.resolve import forget_kept
from visibility.pipeline.sweep import rebuild
from visibility.triage.models import ExceptionCase

Json = dict[str, Any]
NUMBERS = st.sampled_from(["1", "2"])
ISSUERS = st.sampled_from(["", NORTHGATE, "ZZ:SOUTHGATE"])
SYSTEMS = st.sampled_from(["", "", "SAP1", "SAP2"])
SUPPLIERS = st.sampled_from([{}, {"ids": ["ZZ:ACMEIND"]}, {"ids": ["ZZ:BEST"]}])
PLACES = st.sampled_from([{}, {"ids": ["91:DAL"]}, {"ids": ["91:HOU"]}])
NOTICES = st.sampled_from(["", "N1", "N2"])
BILLS = st.sampled_from(["", "B1", "B2"])
TRUCKS = st.sampled_from(["", "T1"])
GIVEN = st.sampled_from(["", "", "", "X1"])


@st.composite
def references(draw: st.DrawFn) -> Json:
    issuer = draw(ISSUERS)
    found = {"number": draw(NUMBERS)}
    if issuer:
        found |= {"issuer": issuer}
        if system := draw(SYSTEMS):
            found |= {"system": system}
    return found


@st.composite
def documents(draw: st.DrawFn) -> Json:
    """One document of any kind; its id is set once it stands in its world."""
    kind = draw(st.sampled_from(["order", "answer", "notice", "receipt", "status", "invoice"]))
    parties = {"supplier": draw(SUPPLIERS), "ship_to": draw(PLACES)}
    asn, bol, truck = draw(NOTICES), draw(BILLS), draw(TRUCKS)
    if kind == "status":
        data = {"status": "departed", "shipment": asn, "bill_of_lading": bol, "tracking": truck}
        sent = event("transport.status", {**data, **parties, "occurred_at": "2026-11-11T10:00:00Z"})
    else:
        made = {"order": order, "answer": answer, "notice": notice, "receipt": receipt, "invoice": invoice}
        sent = made[kind](**parties)
        if kind == "notice":
            sent["data"] |= {"number": asn or "N1", "bill_of_lading": bol, "tracking": truck}
        if kind in ("receipt", "invoice"):
            sent["data"] |= {"shipment": asn, "bill_of_lading": bol}
        named = draw(st.lists(references(), min_size=kind in ("order", "answer"), max_size=2))
        sent["data"].pop("order", None)
        if len(named) == 1 or kind in ("order", "answer"):
            sent["data"]["order"] = named[0]
        else:
            sent["data"]["lines"] = [line(order=own) for own in named]
    if draw(GIVEN):
        sent["correlationid"] = "X1"
    return sent


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Json], list[list[Json]], list[list[Json]]]:
    """Some documents, in two orders of arrival, each cut into messages."""
    found = draw(st.lists(documents(), min_size=3, max_size=7))
    for number, sent in enumerate(found):
        sent["id"] = f"{number}"
    return found, draw(arrivals(found)), draw(arrivals(found))


@st.composite
def arrivals(draw: st.DrawFn, sent: list[Json]) -> list[list[Json]]:
    shuffled = draw(st.permutations(sent))
    cuts = sorted(draw(st.sets(st.integers(1, len(sent) - 1))))
    return [list(shuffled[a:b]) for a, b in itertools.pairwise([0, *cuts, len(sent)])]


def _live(messages: list[list[Json]]) -> dict[str, Any]:
    """Where the documents end up, from a clean ledger; nothing of it stays."""
    with transaction.atomic():
        trial = Connection.objects.get(name="trial")
        at = connection(of=trial.company, trusted=True, name="trusted")
        for each in messages:
            (done,) = process(at, batch(*each))
            assert done.entries == len(each)
        assert list(rebuild(check=True)) == []
        cases = ExceptionCase.objects.filter(is_open=True, kind="ambiguous_order")
        shown = Flow.objects.exclude(state=Flow.State.VOID)
        found = {
            "placed": placed(),
            "unplaced": unplaced(),
            "doubts": sorted(cases.values_list("order_number", "summary", "evidence")),
            "orders": sorted((str(f.correlation_id), sorted(map(str, f.aliases)), f.sentence) for f in shown),
        }
        transaction.set_rollback(True)
    forget_kept()
    return found


@pytest.mark.django_db
@settings(max_examples=30, phases=[Phase.explicit, Phase.generate])  # worlds are small; shrinking takes long
@given(world=worlds())
def test_documents_end_in_the_same_orders_whichever_came_first(world: Any) -> None:
    _, one_way, another = world
    assert _live(one_way) == _live(another)

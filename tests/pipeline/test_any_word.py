"""Small untidy worlds in which people say whose documents are, and messages are read again, at any time."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from factories import NORTHGATE, batch, connection, event, one, order, outcome, process, send
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from placed_anew import misplaced
from settled import placed, unplaced
from test_any_correlation import Json, arrivals, documents, references

from visibility.core.identifiers import correlation_id
from visibility.flows.models import Flow
from visibility.inbox.models import Connection
from visibility.inbox.services import replay_message
from visibility.masterdata.resolve import forget_kept
from visibility.pipeline import worker
from visibility.pipeline.sweep import rebuild
from visibility.pipeline.worker import drain
from visibility.triage.models import ExceptionCase

UNIT = 1000  # what the ordinals of two events of a batch differ by
REAL = worker.VerbatimMessage


@dataclass(frozen=True)
class Word:
    """A person says that the document `about` (its id) belongs to an order, or does not."""

    about: str
    order: Any
    linked: bool
    day: int


@dataclass(frozen=True)
class Again:
    """A message is read once more: that which told the document `about`."""

    about: str


Step = list[Json] | Word | Again


def named(scope: str) -> str:
    return str(correlation_id(company="trial", scheme="po", scope=scope, value="1"))


NAMES = st.sampled_from(["", "", "", named(""), named(NORTHGATE), named(f"{NORTHGATE}|SAP1"), "X1"])


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Step], list[Step]]:
    """Documents and what people say of them, in two orders of arrival; messages read again in the second."""
    found = draw(st.lists(documents(), min_size=2, max_size=6))
    for number, sent in enumerate(found):
        sent["id"] = f"{number}"
        sent.pop("correlationid", None)
        if name := draw(NAMES):
            sent["correlationid"] = name
    about = st.sampled_from([sent["id"] for sent in found])
    words = [
        Word(draw(about), draw(references()), draw(st.sampled_from([True, True, False])), day)
        for day in range(1, 1 + draw(st.integers(0, 3)))
    ]
    again = [Again(draw(about)) for _ in range(draw(st.integers(0, 2)))]
    one_way: list[Step] = [*draw(arrivals(found)), *words]
    another = draw(st.permutations([*draw(arrivals(found)), *words, *again]))
    return one_way, list(another)


def _live(steps: list[Step], wrong: dict[str, Json] | None = None) -> dict[str, Any]:
    """Where the documents end up, from a clean ledger; nothing of it stays.

    `wrong`: what some documents were taken for by a translation that is put right in the end.
    """
    with transaction.atomic():
        trial = Connection.objects.get(name="trial")
        at = connection(of=trial.company, trusted=True, name="trusted")
        desk = connection(of=trial.company, witness="desk", name="the desk")
        # What people name is known; a word creates no order that nobody placed.
        process(at, batch(*(order(n, id=f"known {n}") for n in "12")))
        where: dict[str, tuple[UUID, int]] = {}
        later = list(steps)
        while later:
            step = next(s for s in later if isinstance(s, list) or s.about in where)
            later.remove(step)
            _take(step, at, desk, where, wrong or {})
        for message_id in sorted({where[key][0] for key in wrong or {}}):
            replay_message(message_id=message_id)
            drain(message_ids=[message_id])
        assert misplaced() == {}
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


def _take(
    step: Step,
    at: Connection,
    desk: Connection,
    where: dict[str, tuple[UUID, int]],
    wrong: dict[str, Json],
) -> None:
    if isinstance(step, Again):
        message_id, _ = where[step.about]
        replay_message(message_id=message_id)
        drain(message_ids=[message_id])
    elif isinstance(step, Word):
        message_id, place = where[step.about]
        data = {
            "order": step.order,
            "message": str(message_id),
            "place": place,
            "linked": step.linked,
            "issued_at": f"2026-11-{step.day:02}T10:00:00Z",
        }
        process(desk, one(event("entry.linked", data)))
    else:
        message_id = send(at, batch(*step)).message_id
        read = batch(*(wrong.get(sent["id"], sent) for sent in step))
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(worker, "VerbatimMessage", lambda **what: REAL(**(what | {"body": read})))
            drain(message_ids=[message_id])
        assert outcome(message_id).entries == len(step)
        where |= {sent["id"]: (message_id, place * UNIT) for place, sent in enumerate(step)}


@pytest.mark.django_db
@settings(max_examples=20, phases=[Phase.explicit, Phase.generate])  # worlds are small; shrinking takes long
@given(world=worlds())
def test_what_people_say_counts_whenever_they_say_it_and_replays_change_nothing(world: Any) -> None:
    one_way, another = world
    assert _live(one_way) == _live(another)


@st.composite
def put_right(draw: st.DrawFn) -> tuple[list[Step], dict[str, Json]]:
    """A world, and what some of its documents were first taken for."""
    _, steps = draw(worlds())
    told = [sent for step in steps if isinstance(step, list) for sent in step]
    taken = st.lists(st.sampled_from(told), min_size=1, max_size=2, unique_by=lambda own: own["id"])
    wrong = {sent["id"]: draw(documents()) | {"id": sent["id"]} for sent in draw(taken)}
    return [step for step in steps if not isinstance(step, Again)], wrong


@pytest.mark.django_db
@settings(max_examples=20, phases=[Phase.explicit, Phase.generate])
@given(world=put_right())
def test_after_a_wrong_translation_was_put_right_everything_is_where_it_belongs(world: Any) -> None:
    steps, wrong = world
    # That nothing is misplaced, and a rebuild the same, is checked where the world is lived through.
    assert _live(steps, wrong)["placed"].keys() == _live(steps)["placed"].keys()

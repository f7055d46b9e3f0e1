"""Hypothesis strategies: in which order and pieces what was told arrives."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from factories import batch
from hypothesis import strategies as st
from untidy import Json, Life, Told


@dataclass(frozen=True)
class Arrival:
    """One way in which a life comes in.

    `messages` in their order, each by its witness. They come in rounds, worked through one after the other:
    `sizes` of them, `again` the messages that are read once more with the next, `sweeps` whether a sweep
    runs in between. `chunk` documents commit together, of `together` messages claimed at once.
    """

    settings: str
    messages: tuple[tuple[str, bytes], ...]
    sizes: tuple[int, ...]
    again: tuple[frozenset[int], ...]
    sweeps: tuple[bool, ...]
    chunk: int
    together: int

    def rounds(self) -> list[tuple[tuple[str, bytes], ...]]:
        """The messages of each round."""
        ends = list(itertools.accumulate(self.sizes, initial=0))
        return [self.messages[start:end] for start, end in itertools.pairwise(ends)]


def at_one_go(life: Life) -> Arrival:
    """All of it in one round, in the order in which it was told: what any other arrival must equal."""
    messages = tuple(bodies(life.told))
    return Arrival(
        settings=life.settings,
        messages=messages,
        sizes=(len(messages),),
        again=(frozenset(),),
        sweeps=(False,),
        chunk=500,
        together=100,
    )


@st.composite
def arrivals(draw: st.DrawFn, life: Life, *, crowded: bool = False) -> Arrival:
    """All of it in some order, some of it twice, cut into messages and rounds.

    `crowded`: in few rounds of many messages, so that several workers have something to do at a time.
    """
    twice = draw(st.lists(st.sampled_from(life.told), max_size=3))
    shuffled = draw(st.permutations([*life.told, *twice]))
    places = st.sampled_from(range(1, len(shuffled)))
    cuts = sorted(draw(st.sets(places, min_size=min(6, len(shuffled) - 1) if crowded else 0)))
    messages = [
        message
        for start, end in itertools.pairwise([0, *cuts, len(shuffled)])
        for message in bodies(shuffled[start:end])
    ]
    messages += [messages[place] for place in draw(st.sets(st.integers(0, len(messages) - 1), max_size=1))]
    sizes, left = [], len(messages)
    while left:
        sizes.append(draw(st.integers(min(6, left) if crowded else 1, left)))
        left -= sizes[-1]
    ends = list(itertools.accumulate(sizes))
    return Arrival(
        settings=life.settings,
        messages=tuple(messages),
        sizes=tuple(sizes),
        again=tuple(draw(st.frozensets(st.integers(0, end - 1), max_size=1)) for end in ends),
        sweeps=tuple(draw(st.booleans()) for _ in ends),
        chunk=draw(st.sampled_from([1, 2, 7, 500])),
        together=draw(st.sampled_from([1, 2] if crowded else [1, 2, 100])),
    )


def bodies(told: Sequence[Told]) -> list[tuple[str, bytes]]:
    """Messages (witness, body): the events of each witness as one batch, interchanges by themselves."""
    events: dict[str, list[Json]] = {}
    interchanges = []
    for own in told:
        if isinstance(own.sent, bytes):
            interchanges.append((own.witness, own.sent))
        else:
            events.setdefault(own.witness, []).append(own.sent)
    return [*((witness, batch(*sent)) for witness, sent in events.items()), *interchanges]

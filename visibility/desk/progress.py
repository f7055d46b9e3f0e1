"""How a decision's steps go on: which may be sent, which are taken back, when it is over. Pure."""

import datetime as dt
from collections.abc import Iterable, Sequence

from msgspec import Struct

from visibility.flows.told_desk import lasting

ENDED = frozenset({"confirmed", "refused", "cancelled", "undone", "stuck"})
UNDER_WAY = frozenset({"sending", "sent", "undoing"})


class StepSeen(Struct, frozen=True, kw_only=True):
    """An effect as far as it matters to the others."""

    number: int
    state: str
    after: tuple[int, ...] = ()
    can_undo: bool = False


class Moves(Struct, frozen=True, kw_only=True):
    """What is to happen next, by the numbers of steps. `over`: nothing is left to happen."""

    release: tuple[int, ...] = ()
    cancel: tuple[int, ...] = ()
    undo: tuple[int, ...] = ()
    stuck: tuple[int, ...] = ()
    over: bool = False


def next_moves(steps: Sequence[StepSeen], *, stopping: bool) -> Moves:
    """What follows from how the steps stand.

    Going on: a step is sent once all it waits for is confirmed; one that is done by hand keeps nobody
    waiting. `stopping`: what was not sent never is, and what was done is taken back in the reverse of its
    order, one at a time: the next once the one before is.
    """
    return _backward(steps) if stopping else _forward(steps)


def _forward(steps: Sequence[StepSeen]) -> Moves:
    state = {step.number: step.state for step in steps}
    release = tuple(
        step.number
        for step in steps
        if step.state == "waiting"
        and all(state.get(number, "cancelled") in ("confirmed", "cancelled") for number in step.after)
    )
    return Moves(release=release, over=all(step.state in ENDED for step in steps))


def _backward(steps: Sequence[StepSeen]) -> Moves:
    cancel = tuple(step.number for step in steps if step.state == "waiting")
    done = sorted((step for step in steps if step.state in ("confirmed", "sent")), key=lambda s: -s.number)
    if any(step.state in ("sending", "undoing") for step in steps):
        return Moves(cancel=cancel)  # what may still happen comes first to be taken back
    stuck: list[int] = []
    for step in done:
        if step.can_undo:
            return Moves(cancel=cancel, undo=(step.number,), stuck=tuple(stuck))
        stuck.append(step.number)
    return Moves(cancel=cancel, stuck=tuple(stuck), over=True)


class EffectSaid(Struct, frozen=True, kw_only=True):
    """An effect as people read of it."""

    system: str
    state: str
    outcome: str = ""
    seconds: int | None = None


def tell_progress(*, words: str, effects: Iterable[EffectSaid], expects: str = "") -> str:
    """ "Accept 60, cancel 40; Tryton updated after 14 s; WMS waits"."""
    told = [words.rstrip("."), *(_said(effect) for effect in effects)]
    if expects:
        told.append(f"waits: {expects}")
    return "; ".join(each for each in told if each)


def _said(effect: EffectSaid) -> str:
    system = effect.system
    said = f": {effect.outcome.rstrip('.')}" if effect.outcome else ""
    return {
        "waiting": f"{system} waits",
        "sending": f"{system} is being told",
        "sent": f"{system} has it, its answer is to come",
        "confirmed": f"{system} updated{_after(effect.seconds)}",
        "refused": f"{system} refused{said}",
        "cancelled": f"{system} not told{said}",
        "undoing": f"{system} is taking it back",
        "undone": f"{system} took it back",
        "stuck": f"{system} could not take it back{said}",
    }[effect.state]


def _after(seconds: int | None) -> str:
    return "" if seconds is None else f" after {lasting(seconds)}"


def seconds_between(start: dt.datetime | None, end: dt.datetime | None) -> int | None:
    """Whole seconds; None where a moment is not known. Clocks that differ a little make no negative ones."""
    return None if start is None or end is None else max(0, round((end - start).total_seconds()))

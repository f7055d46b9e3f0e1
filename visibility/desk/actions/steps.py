"""The order of effects: the system of record first, the others once it has confirmed. Pure."""

from collections.abc import Iterable

from msgspec import Struct

from visibility.desk.plans import Command, Step


class Ordered(Struct, frozen=True, kw_only=True):
    """A command with its place. `after` None: it waits for the first one."""

    command: Command
    undo: Command | None = None
    after: tuple[int, ...] | None = None
    confirmed_by: str = ""


def in_order(asked: Iterable[Ordered | None]) -> tuple[Step, ...]:
    """Steps numbered from 1, as they are given; None is no step. The numbers of `after` are of these."""
    return tuple(
        Step(
            number=number,
            command=each.command,
            after=each.after if each.after is not None else (() if number == 1 else (1,)),
            confirmed_by=each.confirmed_by,
            undo=each.undo,
        )
        for number, each in enumerate((each for each in asked if each is not None), start=1)
    )

"""A dry run: what the rows of a file would become, without writing anything."""

import datetime as dt
from collections import Counter
from typing import Any

import msgspec
from msgspec import Struct

from visibility.inbox.ports import HistoryPlan, Unit

SAMPLES = 3
REASONS = 20


class Sample(Struct):
    """A row, and the documents it becomes."""

    where: str
    documents: list[Any]


class Reason(Struct):
    """Why rows cannot be used, of how many, and where the first of them is."""

    text: str
    where: str
    rows: int = 0


class Trial(Struct):
    """What came of a dry run. `documents`: how many of each type."""

    rows: int = 0
    used: int = 0
    unusable: int = 0
    skipped: int = 0
    documents: dict[str, int] = {}
    samples: list[Sample] = []
    reasons: list[Reason] = []


def try_out(*, plan: HistoryPlan, as_of: dt.date, most: int | None) -> Trial:
    """Read `most` rows, or all. InputError, located, where the file cannot be read on.

    Whether an identity is told twice is not looked at: that is known when rows are recorded.
    """
    trial, reasons, types = Trial(samples=[], reasons=[]), dict[str, Reason](), Counter[str]()
    for part in plan.parts():
        for unit in plan.units_of(part, as_of=as_of):
            if most is not None and trial.rows >= most:
                break
            trial.rows += 1
            _count(trial, unit, reasons, types)
        if most is not None and trial.rows >= most:
            break
    trial.documents = dict(types)
    trial.reasons = sorted(reasons.values(), key=lambda reason: -reason.rows)[:REASONS]
    return trial


def _count(trial: Trial, unit: Unit, reasons: dict[str, Reason], types: Counter[str]) -> None:
    if unit.problems:
        problem = unit.problems[0]
        trial.unusable += 1
        reason = reasons.setdefault(problem.text, Reason(problem.text, problem.where))
        reason.rows += 1
        return
    if unit.skipped:
        trial.skipped += 1
        return
    trial.used += 1
    types.update(str(each.document.__struct_config__.tag) for each in unit.documents)
    if len(trial.samples) < SAMPLES:
        trial.samples.append(
            Sample(unit.documents[0].where, [msgspec.to_builtins(each.document) for each in unit.documents])
        )

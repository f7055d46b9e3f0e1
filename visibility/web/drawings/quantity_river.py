"""The quantity river: five stages of a line, the height of the band being the share of what was ordered.

A drop hatches off the bottom, at least 4 px high however small; what is over stands hatched above; what
is only expected is dashed, divided where several dates are promised.
"""

import datetime as dt
from decimal import Decimal
from typing import Literal

from django.utils.translation import gettext as _
from msgspec import Struct, structs

from visibility.flows.state import LineView, Milestone, MilestoneName
from visibility.web import words
from visibility.web.drawings.milestone_track import expectation

BLOCK = 46
PITCH = 128
WIDTH = 5 * PITCH
HEIGHT = 28
LEAST = 4
HIGHEST_OVER = 14

Fill = Literal["counted", "carried", "expected", "overdue", "missing", "wedge", "over", "damaged"]
StageName = Literal["ordered", "confirmed", "shipped", "received", "invoiced"]
STAGES: tuple[StageName, ...] = ("ordered", "confirmed", "shipped", "received", "invoiced")
MILESTONES: dict[StageName, MilestoneName] = {
    "ordered": "ordered",
    "confirmed": "acknowledged",
    "shipped": "shipped",
    "received": "received",
    "invoiced": "invoiced",
}
BASES: dict[str, tuple[str, ...]] = {"shipped": ("ship", "unstated"), "received": ("dock", "available")}


class Mark(Struct, frozen=True):
    """A shape: what its fill means, and its SVG path."""

    fill: Fill
    path: str


class Label(Struct, frozen=True):
    """What stands above a stage: the figure with its difference, and when the rest is expected."""

    name: str
    figure: str = ""
    gap: str = ""
    gap_token: str = ""
    expected: tuple[str, ...] = ()
    overdue: bool = False


class River(Struct, frozen=True):
    """Marks in a box of `width` × `height` px, a label a stage, and all of it in words."""

    marks: tuple[Mark, ...]
    labels: tuple[Label, ...]
    height: float
    words: str
    width: int = WIDTH


class Stage(Struct):
    """One stage in px, from the top of the band down: `level` counted, then `rest` still expected or `gap`
    missing; `over` stands above the band, `harm` of the level is damaged. `counted` False: nobody has said
    a quantity."""

    label: Label
    counted: bool = True
    level: float = 0
    rest: float = 0
    gap: float = 0
    over: float = 0
    harm: float = 0
    overdue: bool = False
    cuts: tuple[float, ...] = ()
    applies: bool = True

    @property
    def onward(self) -> float:
        """What goes on to the next stage: counted and still expected."""
        return self.level + self.rest


class _Course(Struct):
    """The river as far as it is drawn: what is to reach the next stage, in units and in px."""

    line: LineView
    as_of: dt.datetime
    base: Decimal
    upstream: Decimal
    level: float = HEIGHT
    over: float = 0

    def stage(self, name: StageName) -> Stage:
        """The next stage; what goes on from it is remembered."""
        value: Decimal | None = getattr(self.line, name)
        milestone = next((m for m in self.line.milestones if m.name == MILESTONES[name]), None)
        label = stage_labels()[name]
        if value is None and milestone is not None and not milestone.applicable:
            return Stage(Label(label, expected=(_("n/a"),)), counted=False, applies=False)
        if self.upstream == 0 and not value:
            return Stage(Label(label, expected=(_("none"),)), counted=False, applies=False)
        stage = (
            self._expected(name, label, milestone)
            if value is None or (value == 0 and not self._settled(name, value, milestone))
            else self._counted(name, label, value, milestone)
        )
        if name == "received" and stage.counted and self.line.damaged:
            self._harm(stage, self.line.damaged)
        self.level, self.over = stage.onward, stage.over
        return stage

    def _harm(self, stage: Stage, damaged: Decimal) -> None:
        """The damaged part of what came, hatched inside the band."""
        stage.harm = min(self._share(damaged, HEIGHT), stage.level)
        if not stage.label.gap:
            said = _("%(quantity)s damaged") % {"quantity": words.quantity(damaged)}
            stage.label = structs.replace(stage.label, gap=said, gap_token="warn")

    def _expected(self, name: StageName, label: str, milestone: Milestone | None) -> Stage:
        overdue = milestone is not None and milestone.state(self.as_of) == "overdue"
        dated = _dated(name, self.line, had=Decimal(0), coming=self.upstream)
        return Stage(
            Label(label, expected=_expectation(milestone, dated, self.as_of), overdue=overdue),
            counted=False,
            rest=self.level,
            over=self.over,
            overdue=overdue,
            cuts=_cuts(dated, self.level),
        )

    def _counted(self, name: StageName, label: str, value: Decimal, milestone: Milestone | None) -> Stage:
        """The band is what was ordered at most; what is more stands above it."""
        difference, figure = value - self.upstream, words.quantity(value)
        lost = min(self.upstream, self.base) - min(value, self.base)
        over = self._share(value - self.base, HIGHEST_OVER)
        if lost <= 0:
            came_back = difference < 0 and name == "invoiced"
            gap = "" if came_back or not difference else words.signed(difference)
            self.upstream = value
            return Stage(Label(label, figure, gap, "warn"), level=self.level, over=over)
        missing = max(float(lost / self.base) * HEIGHT, LEAST) if value else self.level
        kept = max(self.level - missing, LEAST) if value else 0.0
        if self._settled(name, value, milestone):
            self.upstream = value
            return Stage(Label(label, figure, words.signed(difference), "bad"), level=kept, gap=missing)
        overdue = milestone is not None and milestone.state(self.as_of) == "overdue"
        dated = _dated(name, self.line, had=value, coming=self.upstream)
        expected = _expectation(milestone, dated, self.as_of)
        cuts = _cuts(dated, missing)
        said = Label(label, figure, expected=expected, overdue=overdue)
        return Stage(said, level=kept, rest=missing, over=self.over, overdue=overdue, cuts=cuts)

    def _share(self, part: Decimal, most: float) -> float:
        """The height of a part of the order: at least 4 px for something, `most` at most."""
        return min(max(float(part / self.base) * HEIGHT, LEAST), most) if part > 0 else 0.0

    def _settled(self, name: StageName, value: Decimal, milestone: Milestone | None) -> bool:
        """Whether what is not here is missing, rather than still to come."""
        if self.line.closed or self.line.cancelled:
            return True
        if name == "confirmed":
            return self.line.answered
        return value >= self.upstream or (milestone is not None and milestone.done)


def draw(line: LineView, *, as_of: dt.datetime) -> River | None:
    """The river of a line; None where no quantity is known that a share could be taken of."""
    known = [value for value in (getattr(line, name) for name in STAGES) if value is not None]
    base = line.ordered or max(known, default=Decimal(0))
    if base <= 0:
        return None
    course = _Course(line=line, as_of=as_of, base=base, upstream=base)
    stages = [course.stage(name) for name in STAGES]
    top = max(stage.over for stage in stages)
    marks: list[Mark] = []
    for index, stage in enumerate(stages):
        if stage.applies:
            before = stages[index - 1] if index and stages[index - 1].applies else None
            marks += _way(index * PITCH, stage, before, top) + _block(index * PITCH, stage, top)
    height = top + max(stage.onward + stage.gap for stage in stages)
    labels = tuple(stage.label for stage in stages)
    return River(tuple(marks), labels, round(height + 1, 1), _in_words(line, labels))


def stage_labels() -> dict[StageName, str]:
    """What the five stages are called."""
    return {
        "ordered": _("Ordered"),
        "confirmed": _("Confirmed"),
        "shipped": _("Shipped"),
        "received": _("Received"),
        "invoiced": _("Invoiced"),
    }


def _dated(
    name: StageName, line: LineView, *, had: Decimal, coming: Decimal
) -> list[tuple[Decimal, dt.date]]:
    """The dated quantities still to come at a stage, where there are several.

    The earliest are taken as `had` first, and no more is dated than is `coming` in all.
    """
    bases = BASES.get(name, ())
    said = sorted(
        (part.date, part.quantity)
        for part in line.promises or line.requests
        if part.basis in bases and part.quantity is not None and part.date is not None
    )
    dated: list[tuple[Decimal, dt.date]] = []
    sofar = Decimal(0)
    for date, amount in said:
        start, sofar = max(sofar, had), min(sofar + amount, coming)
        if sofar > start:
            dated.append((sofar - start, date))
    return dated if len(dated) > 1 else []


def _cuts(dated: list[tuple[Decimal, dt.date]], height: float) -> tuple[float, ...]:
    """Where the dashed band is divided, in px from its top."""
    total = sum((amount for amount, _date in dated), Decimal(0))
    cuts, sofar = [], Decimal(0)
    for amount, _date in dated[:-1]:
        sofar += amount
        cuts.append(float(sofar / total) * height)
    return tuple(cuts)


def _expectation(
    milestone: Milestone | None, dated: list[tuple[Decimal, dt.date]], as_of: dt.datetime
) -> tuple[str, ...]:
    if not dated:
        return (expectation(milestone, as_of),) if milestone is not None else (_("no date"),)
    said = [
        _("%(quantity)s on %(day)s") % {"quantity": words.quantity(amount), "day": words.day(date)}
        for amount, date in dated[:2]
    ]
    if len(dated) > 2:
        said.append(_("and %(count)s more dates") % {"count": len(dated) - 2})
    return tuple(said)


def _block(x: float, stage: Stage, top: float) -> list[Mark]:
    """The shapes of a stage itself."""
    marks: list[Mark] = []
    edge = top + stage.level
    if stage.over and stage.counted:
        marks.append(Mark("over", _box(x, top - stage.over, stage.over)))
    if stage.level:
        marks.append(Mark("counted", _box(x, top, stage.level)))
    if stage.harm:
        marks.append(Mark("damaged", _box(x, edge - stage.harm, stage.harm)))
    if stage.rest:
        fill: Fill = "overdue" if stage.overdue else "expected"
        marks.append(Mark(fill, _box(x, edge, stage.rest)))
        marks += [Mark(fill, f"M{_n(x)} {_n(edge + cut)}h{BLOCK}") for cut in stage.cuts]
    if stage.gap:
        marks.append(Mark("missing", _box(x, edge, stage.gap)))
    return marks


def _way(x: float, stage: Stage, before: Stage | None, top: float) -> list[Mark]:
    """From block to block: pale where counted, dashed where expected, a hatched wedge where some is lost."""
    if before is None:
        return []
    marks: list[Mark] = []
    left, start, end = x - PITCH + BLOCK, top + before.onward, top + stage.level
    carried = stage.counted and before.counted
    if carried and stage.level:
        high, low = _n(top - before.over), _n(top - stage.over)
        edge = _edge(left, x, start, end)
        marks.append(
            Mark("carried", f"M{_n(left)} {high}L{_n(x)} {low}V{_n(end)}{edge}L{_n(left)} {_n(start)}Z")
        )
    if carried and stage.gap:
        marks.append(Mark("wedge", f"M{_n(x)} {_n(start)}V{_n(end)}{_edge(left, x, start, end)}Z"))
    if not carried:
        marks.append(Mark("expected", f"M{_n(left)} {_n(top)}H{_n(x)}"))
    if stage.rest or not carried:
        marks.append(Mark("expected", f"M{_n(left)} {_n(start)}H{_n(x)}"))
    return marks


def _edge(left: float, right: float, start: float, end: float) -> str:
    """The lower edge of the band from right to left: level first, then down to where it was."""
    bend = left + (right - left) * 0.15
    one, two = right - (right - bend) * 0.45, bend + (right - bend) * 0.4
    return f"C{_n(one)} {_n(end)} {_n(two)} {_n(start)} {_n(bend)} {_n(start)}"


def _box(x: float, y: float, height: float) -> str:
    return f"M{_n(x)} {_n(y)}h{BLOCK}v{_n(height)}h-{BLOCK}Z"


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _in_words(line: LineView, labels: tuple[Label, ...]) -> str:
    parts = [
        " ".join(part for part in (label.name, label.figure, label.gap, ", ".join(label.expected)) if part)
        for label in labels
    ]
    return _("Line %(line)s in %(unit)s: %(stages)s") % {
        "line": line.line,
        "unit": line.unit or _("unknown unit"),
        "stages": "; ".join(parts),
    }

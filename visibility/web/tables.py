"""The lists as tables. Columns render text themselves: a template for each cell is what makes tables slow."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visibility.flows.selectors import FlowRow
from visibility.inbox.selectors import GIVEN_UP, MessageRow
from visibility.ledger.uncorrelated import given_ids
from visibility.triage.selectors import CaseRow
from visibility.web import clocks, words
from visibility.web.drawings import gap_bar, milestone_track, status
from visibility.web.drawings.status import Clock, Status
from visibility.web.filters import ListFilter
from visibility.web.flows.lines import gap_words
from visibility.web.messages.document import title_of

NUMBER = {"td": {"class": "num"}, "th": {"class": "num"}}
SHAPE = '<svg class="shape" viewBox="0 0 16 16" aria-hidden="true"><use href="#s-{}"/></svg>'


def show(value: Status, word: str = "") -> SafeString:
    """Shape and word, as the template tag draws them."""
    return format_html(
        '<span class="status {}">' + SHAPE + "<span>{}</span></span>",
        value.token,
        value.shape,
        word or value.word,
    )


def two_lines(first: object, second: object) -> SafeString:
    """One line of meaning, one of identifiers."""
    return format_html('<div class="main-line">{}</div><div class="second-line">{}</div>', first, second)


def cell(css: str) -> dict[str, dict[str, str]]:
    """Attributes of a column's cells."""
    return {"td": {"class": css}, "th": {}}


class ListTable(tables.Table):
    """A table whose sorting is the selector's: `sorts` maps columns to what the selector calls it."""

    sorts: dict[str, str] = {}

    class Meta:
        template_name = "table.html"
        orderable = False

    def __init__(self, rows: Sequence[Any], *, filters: ListFilter | None = None) -> None:
        super().__init__(rows)
        self.filters = filters

    def heads(self) -> list[dict[str, Any]]:
        """The column heads with their sort links; the sort in use is always shown."""
        found = []
        for column in self.columns:
            key = self.sorts.get(column.name, "")
            link = self.filters.address(sort=key) if key and self.filters else ""
            current = bool(key) and self.filters is not None and self.filters.sort_by == key
            found.append(
                {
                    "label": column.header,
                    "css": column.attrs["th"].get("class", ""),
                    "link": link,
                    "sorted": ("descending" if key.startswith("-") else "ascending") if current else "",
                }
            )
        return found


class FlowTable(ListTable):
    """Orders."""

    sorts = {
        "ordered_on": "-ordered_on",
        "wanted_on": "wanted_on",
        "value": "-value",
        "next_due_at": "next_due_at",
    }
    number = tables.Column(verbose_name=gettext_lazy("Order"), empty_values=(), attrs=cell("nowrap"))
    sentence = tables.Column(
        verbose_name=gettext_lazy("What is known"), empty_values=(), attrs=cell("keep-meaning")
    )
    state = tables.Column(verbose_name=gettext_lazy("State"), attrs=cell("keep-gap nowrap"))
    stage = tables.Column(verbose_name=gettext_lazy("Reached"), empty_values=(), attrs=cell("nowrap"))
    ordered_on = tables.Column(verbose_name=gettext_lazy("Ordered"), empty_values=(), attrs=cell("nowrap"))
    wanted_on = tables.Column(verbose_name=gettext_lazy("Wanted"), empty_values=(), attrs=cell("nowrap"))
    next_due_at = tables.Column(
        verbose_name=gettext_lazy("Next due"), empty_values=(), attrs=cell("keep-action nowrap")
    )
    value = tables.Column(verbose_name=gettext_lazy("Value"), empty_values=(), attrs=NUMBER)

    class Meta(ListTable.Meta):
        pass

    def __init__(self, rows: Sequence[Any], *, as_of: dt.datetime, filters: ListFilter | None = None) -> None:
        super().__init__(rows, filters=filters)
        self.as_of = as_of
        # Orders that only a trusted system's ID names: asked for where there are any.
        self.given = given_ids(flow_ids=[row.id for row in rows if not row.number])
        self.stages: dict[str, str] = {str(name): label for name, label in milestone_track.labels().items()}

    def render_number(self, record: FlowRow) -> SafeString:
        """The number opens the order."""
        return format_html(
            '<a href="{}">{}</a>',
            reverse("flow", args=[record.correlation_id]),
            record.number or next(iter(self.given.get(record.id, ())), "") or _("no number"),
        )

    def render_sentence(self, record: FlowRow) -> SafeString:
        """The sentence, then supplier, place and lines."""
        lines = _("1 line") if record.line_count == 1 else _("%(count)s lines") % {"count": record.line_count}
        identifiers = (record.supplier_name or _("supplier not said"), record.ship_to_name, lines)
        sentence = format_html(
            '<a href="{}" data-open>{}</a>', reverse("flow", args=[record.correlation_id]), record.sentence
        )
        return two_lines(sentence, " · ".join(part for part in identifiers if part))

    def render_state(self, record: FlowRow) -> SafeString:
        """The word carries the number of open exceptions."""
        shown = status.of_flow(record.state)
        if record.open_cases:
            count = record.open_cases
            word = _("1 exception") if count == 1 else _("%(count)s exceptions") % {"count": count}
            return show(shown, word)
        return show(shown)

    def render_stage(self, record: FlowRow) -> str:
        """The last milestone done."""
        return self.stages.get(record.stage, record.stage)

    def render_ordered_on(self, record: FlowRow) -> str:
        """Unknown is said."""
        return words.day(record.ordered_on) or _("not yet")

    def render_wanted_on(self, record: FlowRow) -> str:
        """Unknown is said."""
        return words.day(record.wanted_on) or _("no date")

    def render_next_due_at(self, record: FlowRow) -> SafeString | str:
        """The earliest deadline that runs."""
        if record.next_due_at is None:
            if record.state == "untold":
                return _("not known")
            return "" if record.state in ("done", "cancelled") else _("none")
        if record.next_due_at < self.as_of:
            over = _("%(span)s over") % {"span": words.late(self.as_of - record.next_due_at)}
            return show(Status("bad", "diamond", over))
        return show(Status("go", "due", words.due(record.next_due_at)))

    def render_value(self, record: FlowRow) -> str:
        """Money, where every price is known."""
        return words.money(record.value, record.currency) if record.value is not None else _("not known")


class CaseTable(ListTable):
    """Exceptions of a queue."""

    sorts = {"money": "-money", "clock": "due_at", "opened_at": "-opened_at"}
    id = tables.Column(verbose_name=gettext_lazy("Case"), attrs=cell("nowrap"))
    summary = tables.Column(verbose_name=gettext_lazy("What happened"), attrs=cell("keep-meaning"))
    gap = tables.Column(verbose_name=gettext_lazy("Gap"), empty_values=(), attrs=cell("keep-gap nowrap"))
    money = tables.Column(verbose_name=gettext_lazy("At stake"), empty_values=(), attrs=NUMBER)
    next_action = tables.Column(
        verbose_name=gettext_lazy("Next action"), empty_values=(), attrs=cell("keep-action")
    )
    clock = tables.Column(verbose_name=gettext_lazy("Clock"), empty_values=(), attrs=cell("clock-cell"))
    opened_at = tables.Column(verbose_name=gettext_lazy("Opened"), attrs=cell("nowrap"))

    class Meta(ListTable.Meta):
        row_attrs = {"class": lambda record: "gone" if record.state in ("closed", "resolved") else None}

    def __init__(
        self,
        rows: Sequence[Any],
        *,
        as_of: dt.datetime,
        calendar_of: clocks.CalendarOf,
        filters: ListFilter | None = None,
    ) -> None:
        super().__init__(rows, filters=filters)
        self.as_of = as_of
        self.calendar_of = calendar_of

    def render_id(self, value: int) -> SafeString:
        """The number opens the case."""
        return format_html('<a href="{}">{}</a>', reverse("case", args=[value]), value)

    def render_summary(self, record: CaseRow) -> SafeString:
        """The sentence, then order, line and place."""
        order = _("PO %(number)s") % {"number": record.order_number} if record.order_number else ""
        line = _("line %(line)s") % {"line": record.line} if record.line else ""
        ids = " · ".join(
            part for part in (f"{order} {line}".strip(), record.ship_to_name, record.supplier_name) if part
        )
        tag = SafeString("")
        if record.state == "reopened":
            tag = format_html(' <span class="tag warn">{}</span>', _("reopened"))
        elif record.state in ("closed", "resolved"):
            closed = record.closed_at or record.changed_at
            tag = format_html(
                ' <span class="tag ok">{}</span>', _("closed %(at)s") % {"at": words.moment(closed)}
            )
        summary = format_html(
            '<a href="{}" data-open>{}</a>', reverse("case", args=[record.id]), record.summary
        )
        return two_lines(summary, format_html("{}{}", ids, tag))

    def render_gap(self, record: CaseRow) -> SafeString | str:
        """Signed figure above, bar below; a word where the gap is no quantity."""
        if record.gap is None:
            return show(status.of_severity(record.severity))
        token = "bad" if record.gap < 0 else "warn"
        word = gap_words(record.kind, record.gap)
        figure = format_html(
            '<span class="gap-figure {}">{}<span class="visually-hidden"> {}</span></span>',
            token,
            words.signed(record.gap),
            word,
        )
        bar = gap_bar.draw(had=record.had, expected=record.expected)
        return format_html("{}{}", figure, draw_gap(bar)) if bar else figure

    def render_money(self, record: CaseRow) -> str:
        """Without cents: it ranks."""
        if record.money is None:
            return _("not known")
        return words.money(record.money, record.currency or "", cents=False)

    def render_next_action(self, record: CaseRow) -> str:
        """What to do, or why it closed."""
        return record.close_reason if record.state in ("closed", "resolved") else record.next_action

    def render_clock(self, record: CaseRow) -> SafeString | str:
        """The SLA clock of an open case."""
        if record.state in ("closed", "resolved"):
            return ""
        clock = clocks.of_deadline(
            opened_at=record.opened_at,
            due_at=record.due_at,
            as_of=self.as_of,
            calendar=self.calendar_of(record),
        )
        return draw_clock(clock) if clock else _("none")

    def render_opened_at(self, value: dt.datetime) -> str:
        """Day and time."""
        return words.moment(value)


def draw_gap(bar: gap_bar.GapBar) -> SafeString:
    """The gap bar; its figures stand above it in words, so it is decoration to a screen reader."""
    parts = [format_html('<rect class="fill-counted" width="{}" height="8"/>', bar.had)] if bar.had else []
    if bar.missing:
        parts.append(
            format_html('<rect class="fill-missing" x="{}" width="{}" height="8"/>', bar.had, bar.missing)
        )
    if bar.over:
        parts.append(format_html('<rect class="fill-over" x="{}" width="{}" height="8"/>', bar.had, bar.over))
    return format_html(
        '<svg class="gap-bar" viewBox="-.5 -.5 61 9" aria-hidden="true">{}</svg>', SafeString("".join(parts))
    )


def draw_clock(clock: Clock) -> SafeString:
    """The clock's words and its bar with the tick at 75 %."""
    return format_html(
        '<span class="clock">{}<svg class="clock-bar {}" viewBox="0 0 96 6" preserveAspectRatio="none" '
        'aria-hidden="true"><rect class="clock-track" x=".5" y="1.5" width="95" height="3" stroke-width="1"/>'
        '<rect class="clock-used" y="1" width="{}" height="4"/><path class="clock-tick" d="M72 0v6" '
        'stroke-width="1"/></svg></span>',
        show(clock.status),
        clock.status.token,
        clock.px,
    )


class MessageTable(ListTable):
    """Messages; with boxes to choose some of them, where the reader may have them read once more."""

    chosen = tables.Column(
        verbose_name=gettext_lazy("Chosen"), empty_values=(), attrs=cell("nowrap"), visible=False
    )
    received_at = tables.Column(verbose_name=gettext_lazy("Received"), attrs=cell("nowrap"))
    document = tables.Column(
        verbose_name=gettext_lazy("Document"), empty_values=(), attrs=cell("keep-meaning")
    )
    status = tables.Column(verbose_name=gettext_lazy("Status"), attrs=cell("keep-gap nowrap"))
    connection = tables.Column(verbose_name=gettext_lazy("Connection"), attrs=cell("keep-action"))
    entries = tables.Column(verbose_name=gettext_lazy("Entries"), attrs=NUMBER)
    problems = tables.Column(verbose_name=gettext_lazy("Problems"), attrs=NUMBER)
    size = tables.Column(verbose_name=gettext_lazy("Size"), attrs=NUMBER)

    class Meta(ListTable.Meta):
        pass

    def render_chosen(self, record: MessageRow) -> SafeString:
        """A box that belongs to the form above the list."""
        return format_html(
            '<input type="checkbox" name="message" value="{}" form="replay" aria-label="{}">',
            record.id,
            _("Choose %(name)s") % {"name": record.name or record.id},
        )

    def render_received_at(self, record: MessageRow) -> SafeString:
        """The time opens the message."""
        return format_html(
            '<a href="{}">{}</a>',
            reverse("message", args=[record.id]),
            words.moment(record.received_at),
        )

    def render_document(self, record: MessageRow) -> SafeString:
        """What it is, then its file name, and what kept something of it from being used."""
        title = format_html(
            '<a href="{}" data-open>{}</a>', reverse("message", args=[record.id]), title_of(record)
        )
        named = record.name if record.name != title_of(record) else record.content_type
        if not record.reason:
            return two_lines(title, named)
        return two_lines(title, f"{named} · {Truncator(record.reason).chars(90)}")

    def render_status(self, record: MessageRow) -> SafeString:
        """What became of it."""
        return show(status.of_message(GIVEN_UP if record.given_up else record.status))

    def render_connection(self, record: MessageRow) -> str:
        """Which way it came or went."""
        return (
            _("to %(name)s") % {"name": record.connection} if record.direction == "out" else record.connection
        )

    def render_problems(self, value: int) -> str:
        """A counted nothing is said."""
        return str(value) if value else _("none")

    def render_entries(self, value: int) -> str:
        """A counted nothing is said."""
        return str(value) if value else _("none")

    def render_size(self, value: int) -> str:
        """374 bytes"""
        return words.size(value)

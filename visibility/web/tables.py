"""The lists as tables. Rows are rendered here and not by templates: those were most of a page's time."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from visibility.accounts.models import Role
from visibility.flows.selectors import FlowRow
from visibility.inbox.selectors import GIVEN_UP, MessageRow
from visibility.ledger.uncorrelated import given_ids
from visibility.triage.findings import DAYS
from visibility.triage.selectors import CaseRow
from visibility.web import clocks, words
from visibility.web.cases.kinds import kind_label
from visibility.web.drawings import gap_bar, milestone_track, status
from visibility.web.drawings.status import Clock, Status
from visibility.web.filters import ListFilter
from visibility.web.flows.lines import gap_words
from visibility.web.messages.document import title_of

NUMBER = "num"
BROAD = "only-broad"
"""Columns that a narrow desk goes without."""
NOBODY = UUID(int=0)
SETTLED = ("closed", "resolved")
"""States of exceptions that nothing is to be done about."""
ROLES: dict[str, Any] = dict(Role.choices)
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


def column(label: Any, css: str = "") -> tables.Column:
    """A column of a list: how it is called, what classes its cells have. Figures stand right."""
    return tables.Column(
        verbose_name=label,
        attrs={
            "td": {"class": css},
            "th": {"class": css if css == NUMBER else BROAD if BROAD in css else ""},
        },
    )


@lru_cache(maxsize=16)
def _address_of(page: str, nobody: object) -> tuple[str, str]:
    before, after = reverse(page, args=[nobody]).split(str(nobody))
    return before, after


def address(page: str, of: object) -> str:
    """The address of an object's page, asked of the router once for all."""
    before, after = _address_of(page, 0 if isinstance(of, int) else NOBODY)
    return f"{before}{of}{after}"


class ListTable(tables.Table):
    """A table whose sorting is the selector's: `sorts` maps columns to what the selector calls it.

    A column's cells are what `render_` and its name makes of a record, else the record's value.
    """

    sorts: dict[str, str] = {}

    class Meta:
        template_name = "table.html"
        orderable = False

    def __init__(self, records: Sequence[Any], *, filters: ListFilter | None = None) -> None:
        super().__init__(records)
        self.records = records
        self.filters = filters

    def heads(self) -> list[dict[str, Any]]:
        """The column heads with their sort links; the sort in use is always shown."""
        found = []
        for each in self.columns:
            key = self.sorts.get(each.name, "")
            link = self.filters.address(sort=key) if key and self.filters else ""
            current = bool(key) and self.filters is not None and self.filters.sort_by == key
            found.append(
                {
                    "label": each.header,
                    "css": each.column.attrs["th"]["class"],
                    "link": link,
                    "sorted": ("descending" if key.startswith("-") else "ascending") if current else "",
                }
            )
        return found

    def drawn(self) -> Iterator[SafeString]:
        """Every record as a row; the library's own look up path, attributes and arguments of each cell."""
        cells = [
            (
                f'<td class="{each.column.attrs["td"]["class"]}">',
                getattr(self, f"render_{each.name}", None),
                each.name,
            )
            for each in self.columns
        ]
        for record in self.records:
            drawn = [
                f"{begin}{conditional_escape(render(record) if render else getattr(record, name))}</td>"
                for begin, render, name in cells
            ]
            yield SafeString(f"<tr{self.row_class(record)}>{''.join(drawn)}</tr>")

    def row_class(self, record: Any) -> str:
        """An attribute of a row."""
        return ""


class FlowTable(ListTable):
    """Orders."""

    sorts = {
        "ordered_on": "-ordered_on",
        "wanted_on": "wanted_on",
        "value": "-value",
        "next_due_at": "next_due_at",
    }
    number = column(gettext_lazy("Order"), "nowrap")
    sentence = column(gettext_lazy("What is known"), "keep-meaning")
    state = column(gettext_lazy("State"), "keep-gap nowrap")
    stage = column(gettext_lazy("Reached"), "nowrap")
    ordered_on = column(gettext_lazy("Ordered"), "nowrap")
    wanted_on = column(gettext_lazy("Wanted"), "nowrap")
    next_due_at = column(gettext_lazy("Next due"), "keep-action nowrap")
    value = column(gettext_lazy("Value"), NUMBER)

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
            address("flow", record.correlation_id),
            record.number or next(iter(self.given.get(record.id, ())), "") or _("no number"),
        )

    def render_sentence(self, record: FlowRow) -> SafeString:
        """The sentence, then supplier, place and lines."""
        lines = _("1 line") if record.line_count == 1 else _("%(count)s lines") % {"count": record.line_count}
        identifiers = (record.supplier_name or _("supplier not said"), record.ship_to_name, lines)
        sentence = format_html(
            '<a href="{}" data-open>{}</a>', address("flow", record.correlation_id), record.sentence
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
    """Exceptions of a queue. Which columns, in which order, is chosen; `CHOSEN` is so where nobody chose."""

    CHOSEN = ("gap", "money", "days", "next_action", "clock", "assignee")
    FIXED = ("id", "summary")
    """What makes a row a row: always there, before the rest."""

    sorts = {"money": "-risk", "severity": "-money", "clock": "sla_due_at", "opened_at": "-opened_at"}
    chosen = column(gettext_lazy("Chosen"), "choice")
    id = column(gettext_lazy("Case"), "nowrap")
    summary = column(gettext_lazy("What happened"), "keep-meaning")
    gap = column(gettext_lazy("Gap"), "keep-gap nowrap")
    money = column(gettext_lazy("At risk"), NUMBER)
    days = column(gettext_lazy("Hurts"), f"nowrap {BROAD}")
    next_action = column(gettext_lazy("Next action"), "keep-action")
    clock = column(gettext_lazy("SLA clock"), "clock-cell")
    assignee = column(gettext_lazy("Assignee"), f"nowrap {BROAD}")
    severity = column(gettext_lazy("Severity"), "nowrap")
    state = column(gettext_lazy("State"), "nowrap")
    kind = column(gettext_lazy("Kind"), "nowrap")
    supplier_name = column(gettext_lazy("Supplier"), "")
    ship_to_name = column(gettext_lazy("Place"), "")
    owner_role = column(gettext_lazy("Owner"), "nowrap")
    opened_at = column(gettext_lazy("Opened"), "nowrap")

    def __init__(
        self,
        rows: Sequence[Any],
        *,
        as_of: dt.datetime,
        calendar_of: clocks.CalendarOf,
        filters: ListFilter | None = None,
        columns: Sequence[str] = (),
        told: Mapping[int, str] | None = None,
    ) -> None:
        super().__init__(rows, filters=filters)
        self.as_of = as_of
        self.calendar_of = calendar_of
        self.told = told or {}
        shown = [name for name in columns if name in self.choices()] or list(self.CHOSEN)
        self.sequence = [*("chosen", *self.FIXED), *shown, "..."]
        for name in self.columns.names():
            if name not in (*self.FIXED, *shown):
                self.columns.hide(name)

    @classmethod
    def choices(cls) -> dict[str, Any]:
        """The columns that may be chosen, with what they are called."""
        return {
            name: each.verbose_name
            for name, each in cls.base_columns.items()
            if name not in ("chosen", *cls.FIXED)
        }

    def offer_choice(self) -> None:
        """Put a box before each case that something can be done about."""
        self.columns.show("chosen")

    def heads(self) -> list[dict[str, Any]]:
        """The box in the head chooses the whole page."""
        found = super().heads()
        if self.columns["chosen"].visible:
            found[0]["label"] = format_html(
                '<input type="checkbox" data-choose-page aria-label="{}">', _("Choose all of this page")
            )
        return found

    def row_class(self, record: CaseRow) -> str:
        """What is settled steps back; rows are told apart so that one of them can be drawn anew."""
        gone = ' class="gone"' if record.state in SETTLED else ""
        gap = "" if record.gap is None else format(record.gap.normalize(), "f")
        return f' id="case-{record.id}" data-case="{record.id}" data-gap="{gap}"{gone}'

    def render_chosen(self, record: CaseRow) -> SafeString:
        """A box that belongs to the form of the bulk bar."""
        if record.state in SETTLED:
            return SafeString("")
        return format_html(
            '<input type="checkbox" name="case" value="{}" form="bulk" aria-label="{}">',
            record.id,
            _("Choose case %(id)s") % {"id": record.id},
        )

    def render_id(self, record: CaseRow) -> SafeString:
        """The number opens the case."""
        return format_html('<a href="{}">{}</a>', address("case", record.id), record.id)

    def render_summary(self, record: CaseRow) -> SafeString:
        """The sentence, then order, line and place; what changed meanwhile as a tag."""
        summary = format_html('<a href="{}" data-open>{}</a>', address("case", record.id), record.summary)
        return two_lines(summary, format_html("{}{}", identifiers_of(record), self._tag(record)))

    def _tag(self, record: CaseRow) -> SafeString:
        if record.state in SETTLED:
            closed = record.closed_at or record.changed_at
            word = _("resolved %(at)s") if record.state == "resolved" else _("closed %(at)s")
            return format_html(' <span class="tag ok">{}</span>', word % {"at": words.moment(closed)})
        if record.id in self.told:
            return format_html(' <span class="tag go">{}</span>', self.told[record.id])
        if record.state == "reopened":
            return format_html(' <span class="tag warn">{}</span>', _("reopened"))
        if record.state == "snoozed" and record.snoozed_until:
            until = _("until %(at)s") % {"at": words.moment(record.snoozed_until)}
            return format_html(' <span class="tag">{}</span>', until)
        return SafeString("")

    def render_gap(self, record: CaseRow) -> SafeString | str:
        """Signed figure above, bar below; a word where the gap is no quantity."""
        if record.gap is None:
            return show(status.of_severity(record.severity))
        token = "bad" if record.gap < 0 else "warn"
        word = gap_words(record.kind, record.gap)
        if record.unit == DAYS:
            token = "bad" if record.kind == "promised_late" else "warn"
            return format_html('<span class="gap-figure {}">{}</span>', token, word)
        figure = format_html(
            '<span class="gap-figure {}">{}<span class="visually-hidden"> {}</span></span>',
            token,
            words.signed(record.gap),
            word,
        )
        bar = gap_bar.draw(had=record.had, expected=record.expected)
        return format_html("{}{}", figure, draw_gap(bar)) if bar else figure

    def render_money(self, record: CaseRow) -> SafeString | str:
        """Without cents: it ranks."""
        if record.money is None:
            return format_html('<span class="muted">{}</span>', _("not known"))
        return two_lines(words.money(record.money, record.currency or "", cents=False), "")

    def render_days(self, record: CaseRow) -> SafeString:
        """When it hurts, as far as it was known when it was last weighed."""
        if record.days is None:
            return format_html('<span class="muted">{}</span>', _("no date"))
        return format_html(
            '<span class="{}">{}</span>', "bad" if record.days < 0 else "", in_days(record.days)
        )

    def render_next_action(self, record: CaseRow) -> SafeString | str:
        """What to do, which leads to where it is done; or why it is settled, or what it waits for."""
        if record.state in SETTLED:
            said = record.resolution or record.close_reason
            return show(Status("ok", "done", said or _("Nothing to do")))
        if record.state in ("waiting", "in_progress") and record.resolution:
            return format_html('<span class="soft">{}</span>', record.resolution)
        if not record.next_action:
            return ""
        return format_html(
            '<a class="next" href="{}#decide">{}</a>', address("case", record.id), record.next_action
        )

    def render_clock(self, record: CaseRow) -> SafeString | str:
        """The SLA clock of a case that is not settled."""
        if record.state in SETTLED:
            return format_html('<span class="muted">{}</span>', _("until you reload"))
        clock = clocks.of_case(record, as_of=self.as_of, calendar=self.calendar_of(record))
        return draw_clock(clock) if clock else _("none")

    def render_assignee(self, record: CaseRow) -> SafeString:
        """Whose it is."""
        if record.assignee_id is None:
            return format_html('<span class="muted">{}</span>', _("unassigned"))
        letters = "".join(part[0] for part in record.assignee_name.split()[:2]).upper()
        return format_html(
            '<span class="avatar" aria-hidden="true">{}</span> {}', letters, short_name(record.assignee_name)
        )

    def render_severity(self, record: CaseRow) -> SafeString:
        """Shape and word."""
        return show(status.of_severity(record.severity))

    def render_state(self, record: CaseRow) -> SafeString:
        """Shape and word."""
        return show(status.of_case(record.state))

    def render_kind(self, record: CaseRow) -> str:
        """In words."""
        return kind_label(record.kind)

    def render_owner_role(self, record: CaseRow) -> str:
        """Whose work it is."""
        return str(ROLES.get(record.owner_role, "")) or _("nobody's")

    def render_opened_at(self, record: CaseRow) -> str:
        """Day and time."""
        return words.moment(record.opened_at)


def identifiers_of(record: CaseRow) -> str:
    """What a case stands on: how many lines, or order and line; place and supplier."""
    if record.members > 1:
        what = ngettext("%(n)s line", "%(n)s lines", record.members) % {"n": f"{record.members:,}"}
    else:
        order = _("PO %(number)s") % {"number": record.order_number} if record.order_number else ""
        line = _("line %(line)s") % {"line": record.line} if record.line else ""
        what = f"{order} {line}".strip()
    return " · ".join(part for part in (what, record.ship_to_name, record.supplier_name) if part)


def in_days(days: int) -> str:
    """How long until it hurts, or how long it does already."""
    if days == 0:
        return _("today")
    if days > 0:
        return ngettext("in %(n)s day", "in %(n)s days", days) % {"n": days}
    return ngettext("since %(n)s day", "since %(n)s days", -days) % {"n": -days}


def short_name(name: str) -> str:
    """M. Ortiz for Maria Ortiz; a name of one word is itself."""
    first, _space, last = name.rpartition(" ")
    return f"{first[0]}. {last}" if first else last


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

    chosen = column(gettext_lazy("Chosen"), "nowrap")
    received_at = column(gettext_lazy("Received"), "nowrap")
    document = column(gettext_lazy("Document"), "keep-meaning")
    status = column(gettext_lazy("Status"), "keep-gap nowrap")
    connection = column(gettext_lazy("Connection"), "keep-action")
    entries = column(gettext_lazy("Entries"), NUMBER)
    problems = column(gettext_lazy("Problems"), NUMBER)
    size = column(gettext_lazy("Size"), NUMBER)

    def __init__(self, records: Sequence[Any], *, filters: ListFilter | None = None) -> None:
        super().__init__(records, filters=filters)
        self.columns.hide("chosen")

    def offer_choice(self) -> None:
        """Put a box before each message."""
        self.columns.show("chosen")

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
            address("message", record.id),
            words.moment(record.received_at),
        )

    def render_document(self, record: MessageRow) -> SafeString:
        """What it is, then its file name, and what kept something of it from being used."""
        title = format_html('<a href="{}" data-open>{}</a>', address("message", record.id), title_of(record))
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

    def render_problems(self, record: MessageRow) -> str:
        """A counted nothing is said."""
        return str(record.problems) if record.problems else _("none")

    def render_entries(self, record: MessageRow) -> str:
        """A counted nothing is said."""
        return str(record.entries) if record.entries else _("none")

    def render_size(self, record: MessageRow) -> str:
        """374 bytes"""
        return words.size(record.size)

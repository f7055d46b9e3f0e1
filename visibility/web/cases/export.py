"""A list taken along: the rows that the filter shows, all pages of it, the columns of the view, defused."""

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from visibility.core import clock
from visibility.triage.selectors import CaseRow
from visibility.web import words
from visibility.web.cases.asked import Asked, read_address, user_of
from visibility.web.cases.kinds import kind_label, queue_label
from visibility.web.drawings import status
from visibility.web.pages import Desk, page
from visibility.web.tables import ROLES, CaseTable

MOST = 10_000
"""Rows of one file; a longer list is cut there, and the file's name says so."""
AT_ONCE = 1_000
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the beginning of a formula; the full width ones too."""
Cell = str | Decimal | int | dt.datetime | None


def _moment(value: dt.datetime | None) -> dt.datetime | None:
    return None if value is None else words.local(value)


FIELDS: dict[str, list[tuple[Callable[[], str], Callable[[CaseRow], Cell]]]] = {
    "id": [(lambda: _("Case"), lambda row: row.id)],
    "summary": [
        (lambda: _("What happened"), lambda row: row.summary),
        (lambda: _("Order"), lambda row: row.order_number),
        (lambda: _("Line"), lambda row: row.line),
        (lambda: _("Lines of this cause"), lambda row: row.members or None),
        (lambda: _("Place"), lambda row: row.ship_to_name),
        (lambda: _("Supplier"), lambda row: row.supplier_name),
    ],
    "gap": [(lambda: _("Gap"), lambda row: row.gap), (lambda: _("Unit"), lambda row: row.unit)],
    "money": [
        (lambda: _("At risk"), lambda row: row.money),
        (lambda: _("Currency"), lambda row: row.currency if row.money is not None else ""),
    ],
    "days": [(lambda: _("Days until it hurts"), lambda row: row.days)],
    "next_action": [
        (lambda: _("Next action"), lambda row: row.resolution or row.close_reason or row.next_action)
    ],
    "clock": [
        (lambda: _("To be resolved by"), lambda row: _moment(row.sla_due_at)),
        (lambda: _("Clock paused since"), lambda row: _moment(row.sla_paused_at)),
    ],
    "assignee": [(lambda: _("Assignee"), lambda row: row.assignee_name)],
    "severity": [(lambda: _("Severity"), lambda row: status.of_severity(row.severity).word)],
    "state": [(lambda: _("State"), lambda row: status.of_case(row.state).word)],
    "kind": [(lambda: _("Kind"), lambda row: kind_label(row.kind))],
    "supplier_name": [(lambda: _("Supplier"), lambda row: row.supplier_name)],
    "ship_to_name": [(lambda: _("Place"), lambda row: row.ship_to_name)],
    "owner_role": [(lambda: _("Owner"), lambda row: str(ROLES.get(row.owner_role, "")))],
    "opened_at": [(lambda: _("Opened"), lambda row: _moment(row.opened_at))],
}
"""What each column of the table is in a file: one fact a cell, so that it can be reckoned with."""


@page
def export(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The list of this address as CSV or XLSX."""
    asked = read_address(request.GET, desk=desk, user=user_of(request))
    columns = [*CaseTable.FIXED, *(asked.columns or CaseTable.CHOSEN)]
    fields = {head(): cell for name in columns for head, cell in FIELDS[name]}
    heads = list(fields)
    found = list(every_row(asked, desk=desk))
    rows = [[cell(row) for cell in fields.values()] for row in found[:MOST]]
    name = f"{asked.queue or 'exceptions'}-{words.local(clock.now()):%Y-%m-%d-%H%M}"
    name += f"-first-{MOST}" if len(found) > MOST else ""
    if request.GET.get("format") == "xlsx":
        kind, ending = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"
        body = _xlsx(heads, rows, queue_label(asked.queue))
    else:
        kind, ending, body = "text/csv; charset=utf-8", "csv", _csv(heads, rows)
    answer = HttpResponse(body, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def every_row(asked: Asked, *, desk: Desk, most: int = MOST + 1) -> Iterator[CaseRow]:
    """The rows of all pages of a list, in its order, so many at most."""
    cursor, left = "", most
    while left > 0:
        found = asked.read(desk=desk, cursor=cursor, limit=min(AT_ONCE, left))
        yield from found.rows
        left -= len(found.rows)
        cursor = found.next_cursor
        if not cursor:
            return


def defuse(value: Cell) -> Cell:
    """Text that a spreadsheet would take for a formula, so that it stays text. Figures stay figures."""
    if isinstance(value, str) and value.lstrip(" ").startswith(DANGEROUS):
        return f"'{value}"
    return value


def _csv(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with a mark at its beginning, which spreadsheets want in order to read it as such."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([defuse(head) for head in heads])
    for row in rows:
        writer.writerow([_plain(defuse(cell)) for cell in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _plain(value: Cell) -> Any:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, dt.datetime):
        return value.isoformat(timespec="minutes")
    return "" if value is None else value


def _xlsx(heads: Sequence[str], rows: Iterable[Sequence[Cell]], title: str) -> bytes:
    """One sheet with a head that stays; moments as the place's wall clock has them."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(title[:31])
    bold, moment = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet.freeze_panes(1, 0)
    for at, head in enumerate(heads):
        sheet.write_string(0, at, str(defuse(head)), bold)
    for number, row in enumerate(rows, 1):
        for at, cell in enumerate(row):
            _write(sheet, number, at, defuse(cell), moment)
    book.close()
    return out.getvalue()


def _write(sheet: Any, row: int, column: int, value: Cell, moment: Any) -> None:
    if isinstance(value, str):
        sheet.write_string(row, column, value)
    elif isinstance(value, dt.datetime):
        sheet.write_datetime(row, column, value.replace(tzinfo=None), moment)
    elif value is not None:
        sheet.write_number(row, column, float(value))

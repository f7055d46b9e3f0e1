"""The lines behind a case that stands for many: one unknown code is one case, whatever it holds up."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visibility.access.cursors import LOST, read_cursor, write_cursor
from visibility.core.errors import NotFoundError
from visibility.pipeline.deliveries import KINDS as OF_DELIVERIES
from visibility.pipeline.mapping_runs import Progress, progress_of
from visibility.triage.models import CaseMember
from visibility.triage.selectors import CaseRow

PAGE = 50
_READ = (
    "is_open",
    "kind",
    "line",
    "summary",
    "money",
    "order_number",
    "supplier_name",
    "message_id",
    "case_id",
    "flow__correlation_id",
    "flow__currency",
)


@dataclass(frozen=True)
class Members:
    """A page of a case's findings, the open ones first; `cursor` of the next page, empty at the end.

    `progress` of looking at them again, once somebody mended the cause. `of_deliveries`: they stand on
    commands to other systems, not on messages that came.
    """

    rows: list[CaseMember]
    cursor: str
    said: str
    progress: Progress | None = None
    of_deliveries: bool = False


def members_of(*, row: CaseRow, cursor: str = "", limit: int = PAGE, orders: int = 0) -> Members | None:
    """The findings of a case that the reader may see; None where it stands for itself alone.

    `orders`: of how many orders those are that are left. Keyset pages: what the hundredth costs is what the
    first costs.
    """
    if row.correlation_id is not None and not row.members:  # what stands on an order stands for itself
        return None
    is_open, after = _read(cursor)
    rows = _walk(row.id, is_open, after, limit + 1)
    if not rows and not row.members and not cursor:
        return None
    last = rows[limit - 1] if len(rows) > limit else None
    return Members(
        rows=rows[:limit],
        cursor=write_cursor(int(last.is_open), last.pk) if last else "",
        said=_said(row, orders) if row.members else _("none left open"),
        progress=progress_of(case_id=row.id),
        of_deliveries=row.kind in OF_DELIVERIES,
    )


def _said(row: CaseRow, orders: int) -> str:
    """ "214 findings on 31 orders"."""
    said = ngettext("%(n)s finding", "%(n)s findings", row.members) % {"n": f"{row.members:,}"}
    if not orders:
        return said
    of = ngettext("on %(n)s order", "on %(n)s orders", orders) % {"n": f"{orders:,}"}
    return f"{said} {of}"


def _walk(case_id: int, is_open: bool, after: int, limit: int) -> list[CaseMember]:
    """So many findings from there on: the open ones by number, then those that were mended."""
    found = CaseMember.objects.filter(case_id=case_id).select_related("flow").only(*_READ)
    rows = list(found.filter(is_open=is_open, pk__gt=after).order_by("pk")[:limit])
    if is_open and len(rows) < limit:
        rows += found.filter(is_open=False).order_by("pk")[: limit - len(rows)]
    return rows


def _read(cursor: str) -> tuple[bool, int]:
    if not cursor:
        return True, 0
    is_open, after = read_cursor(cursor, size=2)
    if not isinstance(after, int) or not 0 <= after < 2**63:
        raise NotFoundError(LOST)
    return bool(is_open), after

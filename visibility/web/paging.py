"""What stands under a list: how many, and the way on."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from visibility.web.filters import ListFilter


@dataclass(frozen=True)
class Pager:
    """The count in words and the addresses of the next and the first page; empty where there is none."""

    said: str
    following: str
    first: str


def pager(
    *, shown: int, count: int, capped: bool, cursor: str, filters: ListFilter, cut: bool = False
) -> Pager:
    """`cursor` is the next page's; `cut`: the page ends there because so many were looked through."""
    if capped:
        said = _("%(shown)s shown of more than %(count)s") % {"shown": shown, "count": f"{count:,}"}
    elif shown == count:
        said = _("all %(count)s shown") % {"count": f"{count:,}"}
    else:
        said = _("%(shown)s of %(count)s shown") % {"shown": shown, "count": f"{count:,}"}
    if cut:
        said = _("%(shown)s found among those looked through so far; the next page looks further") % {
            "shown": shown
        }
    on_later_page = bool(filters.text("cursor"))
    return Pager(
        said=said,
        following=filters.address(cursor=cursor) if cursor else "",
        first=filters.address() if on_later_page else "",
    )

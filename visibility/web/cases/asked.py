"""A list of exceptions as an address asks for it: to be shown, exported, or worked on as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from visibility.accounts.models import User
from visibility.flows.lists import flow_facets
from visibility.triage import lists, tallies
from visibility.triage.findings import QUEUES
from visibility.triage.lists import CasePage
from visibility.web.drawings import status
from visibility.web.filters import CaseFilter, kind_options
from visibility.web.pages import Desk
from visibility.web.tables import CaseTable

SEVERITIES = ("critical", "high", "medium", "low")
ME, NOBODY = "me", "none"
CURSOR = "cursor"


def states() -> list[tuple[str, str]]:
    """Which part of the cases a list shows; the first where nothing is said."""
    return [
        ("open", _("open")),
        ("snoozed", _("snoozed")),
        ("waiting", _("waiting for others")),
        ("closed_today", _("closed today")),
        ("closed", _("closed")),
        ("all", _("all")),
    ]


@dataclass(frozen=True)
class Asked:
    """A list as its address asks for it, ready to be read: also for an export, or for work on all of it."""

    filters: CaseFilter
    queue: str
    state: str
    columns: list[str]
    arguments: Mapping[str, Any]
    own: Mapping[str, str]
    """The company's own queues: what they are called."""

    def read(self, *, desk: Desk, cursor: str = "", limit: int = 50) -> CasePage:
        """A page of it."""
        return lists.list_cases(scope=desk.scope, cursor=cursor, limit=limit, **self.arguments)


def read_address(query: QueryDict, *, desk: Desk, user: User) -> Asked:
    """What an address of the queue asks for. What makes no sense is left out."""
    known = tallies.own_queues(scope=desk.scope)
    own = known.get(query.get("queue", ""))
    queue = query.get("queue", "") if own is not None or query.get("queue", "") in QUEUES else ""
    facets = flow_facets(scope=desk.scope)
    people = tallies.people_of(scope=desk.scope)
    filters = CaseFilter(
        query,
        kind=kind_options(queue if own is None else ""),
        supplier=facets["supplier"],
        place=facets["ship_to"],
        sla=[("over", _("over")), ("warning", _("running out"))],
        assignee=[(ME, _("me")), (NOBODY, _("nobody")), *((str(pk), name) for pk, name in people)],
        severity=[(each, status.of_severity(each).word) for each in SEVERITIES],
        state=states(),
    )
    state = filters.text("state") or "open"
    known_columns = CaseTable.choices()
    columns = filters.columns_of(list(known_columns)) or [
        name for name in (own.columns if own else ()) if name in known_columns
    ]
    sorts = [key for key, _label in filters.sorts]
    sort = filters.text("sort") or (own.sort if own and own.sort in sorts else "") or filters.sort_by
    names = {code: each.name for code, each in known.items()}
    return Asked(filters, queue, state, columns, _arguments(filters, queue, state, sort, user), names)


def _arguments(filters: CaseFilter, queue: str, state: str, sort: str, user: User) -> dict[str, Any]:
    assignee, mine = filters.text("assignee"), filters.text("mine")
    found: dict[str, Any] = {
        "queue": queue,
        "state": "" if state == "all" else state,
        "kind": filters.text("kind"),
        "supplier_id": filters.value("supplier"),
        "ship_to_id": filters.value("place"),
        "q": filters.text("q"),
        "sort": sort,
    }
    if assignee == NOBODY:
        found["unassigned"] = True
    elif assignee:
        found["assignee_id"] = user.pk if assignee == ME else int(assignee)
    if mine:
        found["watching_by" if mine == "watching" else "mentions_of"] = user.pk
    return found | {name: filters.text(name) for name in ("sla", "severity") if filters.text(name)}


def user_of(request: HttpRequest) -> User:
    """Who asks; pages are for people who are signed in."""
    if not isinstance(request.user, User):
        raise TypeError("A page of the queue was asked for by nobody.")
    return request.user


def may_work(desk: Desk) -> bool:
    """Readers of one partner's part look on; cases are worked on inside the company."""
    return desk.scope.partners is None


def without_page(query: QueryDict) -> str:
    """An address without the place in the list: what a view keeps, and what is chosen as a whole."""
    copy = query.copy()
    copy.pop(CURSOR, None)
    return copy.urlencode()

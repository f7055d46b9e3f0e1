"""Any number, one box: exactly one hit opens the order."""

import re
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from visibility.access.scopes import Scope
from visibility.core import clock
from visibility.core.errors import NotFoundError
from visibility.flows.search import find_flows
from visibility.inbox.selectors import get_message
from visibility.triage.selectors import get_case
from visibility.web.pages import Desk, page
from visibility.web.tables import FlowTable

MOST = 50
_CASE = re.compile(r"^(?:case|exception)\s*#?\s*(\d{1,18})$", re.IGNORECASE)


@page
def search(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Orders by any identifier; "case 10482" and a message's id are found too."""
    text = request.GET.get("q", "").strip()[:120].replace("\x00", "")
    rows = find_flows(scope=desk.scope, text=text, limit=MOST) if text else []
    if len(rows) == 1:
        return redirect("flow", correlation_id=rows[0].correlation_id)
    other = None if rows else _elsewhere(desk.scope, text)
    if other is not None:
        return other
    context = {
        "query": text,
        "searched": text,
        "rows": rows,
        "most": MOST,
        "table": FlowTable(rows, as_of=clock.now()),
    }
    return render(request, "search/results.html", context)


def _elsewhere(scope: Scope, text: str) -> HttpResponse | None:
    """A case by its number, a message by its id."""
    case = _CASE.match(text)
    try:
        if case is not None:
            get_case(scope=scope, case_id=int(case.group(1)))
            return redirect("case", case_id=int(case.group(1)))
        message_id = UUID(text)
        get_message(scope=scope, message_id=message_id)
    except (ValueError, NotFoundError):
        return None
    return redirect("message", message_id=message_id)

"""Pages and their parts: a list answers htmx with its list alone, everybody else with the page."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_htmx.middleware import HtmxDetails


def render_part(request: HttpRequest, template: str, part: str, context: dict[str, Any]) -> HttpResponse:
    """The named partial for a swap by htmx, the whole page otherwise (also when history is restored)."""
    details = cast(HtmxDetails | None, getattr(request, "htmx", None))
    swap = (
        bool(details) and details is not None and not details.boosted and not details.history_restore_request
    )
    response = render(request, f"{template}#{part}" if swap else template, context)
    response["Vary"] = "HX-Request"
    return response

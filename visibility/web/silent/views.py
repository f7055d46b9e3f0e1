"""The report of the silent run, the findings behind each figure, and switching detectors on."""

import datetime as dt

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visibility.access.scopes import Scope
from visibility.accounts.models import Role
from visibility.masterdata.golive import Mode, Speaker, partners_with_words, words_said
from visibility.masterdata.models import Company, TradingPartner
from visibility.pipeline.switching import set_live_from, switch_detectors, watches_of
from visibility.triage.silent import Tally, count_silent, list_silent
from visibility.triage.watching import KINDS, Watch
from visibility.web.cases.kinds import kind_label
from visibility.web.filters import SilentFilter
from visibility.web.htmx import render_part
from visibility.web.pages import Desk, page
from visibility.web.paging import pager
from visibility.web.silent.page import NOT_KNOWN, found_address, in_words, rows_by_kind, settings_of

MOST_PARTNERS = 500
WORDS_SHOWN = 20
SWITCHING = (Role.SUPPLIER_MANAGER, Role.DATA_STEWARD, Role.INTEGRATION)
MODES: dict[str, Mode] = {"silent": "silent", "live": "live", "inherit": "inherit"}


def whole(desk: Desk) -> Scope:
    """The reader's scope. For who sees one partner's part only, these pages do not exist."""
    if desk.scope.partners is not None:
        raise Http404
    return desk.scope


def may_switch(request: HttpRequest) -> bool:
    """Those who answer for partners, for master data and for the connections say who is live."""
    return getattr(request.user, "role", "") in SWITCHING


@page
def silent_run(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What silent detectors would have opened, by kind and partner. Posted to, it switches."""
    scope = whole(desk)
    if request.method == "POST":
        return _switch(request, scope)
    tallies = count_silent(scope=scope)
    companies = list(Company.objects.filter(pk__in=scope.companies).order_by("name"))
    context = {
        "kinds": rows_by_kind(tallies, _watches(companies, tallies)),
        "would_have": sum(each.would_have for each in tallies),
        "still": sum(each.still for each in tallies),
        "all_found": found_address(),
        "all_still": found_address(state="still"),
        "settings": settings_of(
            companies, partners_with_words(companies=scope.companies, limit=MOST_PARTNERS)
        ),
        "words": [in_words(word) for word in words_said(companies=scope.companies, limit=WORDS_SHOWN)],
        "may_switch": may_switch(request),
        "whoms": _whoms(companies),
        "kind_choices": [(kind, kind_label(kind)) for kind in KINDS],
    }
    return render(request, "silent/run.html", context)


def _watches(companies: list[Company], tallies: list[Tally]) -> dict[tuple[int, int], Watch | None]:
    """Which detectors are silent today, by company and partner."""
    found: dict[tuple[int, int], Watch | None] = {}
    for company in companies:
        partners = {0, *(each.supplier_id or 0 for each in tallies if each.company_id == company.pk)}
        own = watches_of(company=company, partners=partners)
        found |= {(company.pk, partner): watch for partner, watch in own.items()}
    return found


def _whoms(companies: list[Company]) -> list[tuple[str, str]]:
    """The companies and their partners, as the forms offer them."""
    partners = TradingPartner.objects.filter(company__in=companies).select_related("company")
    return [
        *((f"c{each.pk}", _("%(company)s, the whole company") % {"company": each}) for each in companies),
        *(
            (f"p{each.pk}", f"{each}, {each.company}")
            for each in partners.order_by("name", "pk")[:MOST_PARTNERS]
        ),
    ]


def _switch(request: HttpRequest, scope: Scope) -> HttpResponse:
    if not may_switch(request):
        raise Http404
    company, partner = _whom(request.POST.get("whom", ""), scope)
    speaker = Speaker(str(request.user), request.POST.get("reason", ""))
    name = str(partner or company)
    if request.POST.get("do") == "live_from":
        day = _day(request.POST.get("day", ""))
        set_live_from(company=company, partner=partner, live_from=day, speaker=speaker)
        said = (
            _("%(name)s is live from %(day)s.") if day else _("%(name)s has no go-live day of its own now.")
        )
        notes.info(request, said % {"name": name, "day": day})
        return redirect("silent-run")
    kind, mode = request.POST.get("kind", ""), MODES.get(request.POST.get("mode", ""))
    if mode is None or (mode == "inherit" and partner is None) or (kind and kind not in KINDS):
        notes.error(request, _("Nothing was changed: say silent or live, of a kind that there is."))
        return redirect("silent-run")
    orders = switch_detectors(company=company, partner=partner, kind=kind, mode=mode, speaker=speaker)
    what = kind_label(kind) if kind else _("All detectors")
    texts = {
        "silent": _("%(what)s of %(name)s: silent. What is on the desk stays there."),
        "live": ngettext(
            "%(what)s of %(name)s: live. What is true still of %(orders)s order is opened shortly.",
            "%(what)s of %(name)s: live. What is true still of %(orders)s orders is opened shortly.",
            orders,
        ),
        "inherit": _("%(what)s of %(name)s: as the company."),
    }
    notes.info(request, texts[mode] % {"what": what, "name": name, "orders": orders})
    return redirect("silent-run")


def _whom(text: str, scope: Scope) -> tuple[Company, TradingPartner | None]:
    """The company or partner that a form names; 404 where it is not the reader's."""
    kind, number = text[:1], text[1:]
    if not number.isdecimal() or len(number) > 18:
        raise Http404
    if kind == "p":
        partner = TradingPartner.objects.select_related("company").filter(pk=int(number)).first()
        if partner is not None and partner.company_id in scope.companies:
            return partner.company, partner
    company = Company.objects.filter(pk=int(number), pk__in=scope.companies).first() if kind == "c" else None
    if company is None:
        raise Http404
    return company, None


def _day(text: str) -> dt.date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


@page
def silent_found(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What was found, order by order: the list that a figure of the report was counted from."""
    scope = whole(desk)
    partners = TradingPartner.objects.filter(company_id__in=scope.companies).order_by("name", "pk")
    filters = SilentFilter(
        request.GET,
        kind=[(kind, kind_label(kind)) for kind in KINDS],
        supplier=[(NOT_KNOWN, _("not known")), *((p.pk, str(p)) for p in partners[:MOST_PARTNERS])],
        state=[("still", _("true still"))],
    )
    found = list_silent(
        scope=scope,
        kind=filters.text("kind"),
        supplier_id=0 if filters.value("supplier") == NOT_KNOWN else filters.value("supplier"),
        still=filters.text("state") == "still",
        cursor=filters.text("cursor"),
    )
    context = {
        "filters": filters,
        "found": [(row, kind_label(row.kind)) for row in found.rows],
        "pager": pager(
            shown=len(found.rows),
            count=found.count,
            capped=found.capped,
            cursor=found.next_cursor,
            filters=filters,
        ),
        "count": found.count,
        "capped": found.capped,
    }
    return render_part(request, "silent/found.html", "list", context)

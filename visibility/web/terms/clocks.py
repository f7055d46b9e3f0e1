"""Deadlines of partners, resolution hours of cases and approval limits: reading and setting them."""

from functools import partial

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from visibility.accounts.models import Role
from visibility.core.errors import InputError
from visibility.desk.catalogue import ACTIONS
from visibility.masterdata import approvals, deadlines, service_levels
from visibility.masterdata.golive import Speaker
from visibility.masterdata.models import Company, Severity, TradingPartner
from visibility.triage.findings import QUEUE_OF_KIND
from visibility.web import words
from visibility.web.cases.kinds import kind_label
from visibility.web.pages import Desk, page
from visibility.web.terms.forms import (
    MOST_PARTNERS,
    Context,
    changes_of,
    company_of,
    number,
    partner_choices,
    partner_of,
    posted,
    shown,
    whole,
    whole_number,
)
from visibility.web.terms.said import clock_label, kind_or_all, role_label, severity_label


@page
def deadline_page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Within how many working hours each answer, notice, receipt and bill is due. Posted to, it sets them."""
    company = company_of(request, whole(desk))
    context: Context = {}
    if request.method == "POST":
        back = f"{reverse('terms-deadlines')}?company={company.code}"
        done, context = posted(request, do=partial(_set_deadlines, request, company), back=back)
        if done is not None:
            return done
    chosen = _chosen(request, company)
    record: Company | TradingPartner = company if chosen is None else chosen
    clocks = deadlines.CLOCKS_OF_COMPANY if chosen is None else deadlines.CLOCKS_OF_PARTNER
    own = context.get("filled") or {clock: _text(getattr(record, clock)) for clock in clocks}
    context |= {
        "rows": _rows(company),
        "chosen": chosen,
        "partners": partner_choices(company),
        "fields": [
            (clock, clock_label(clock), own.get(clock, ""), _text(getattr(company, clock)))
            for clock in clocks
        ],
        "history": changes_of(company, deadlines.ENTITY_OF_COMPANY, deadlines.ENTITY_OF_PARTNER),
    }
    status = 400 if "wrong" in context else 200
    return shown(
        request,
        template="terms/deadlines.html",
        company=company,
        tab="terms-deadlines",
        context=context,
        status=status,
    )


def _chosen(request: HttpRequest, company: Company) -> TradingPartner | None:
    """The partner whose hours the form holds; None: the company's own."""
    text = request.POST.get("partner", request.GET.get("partner", ""))
    try:
        return partner_of(text, company)
    except InputError:
        return None


def _rows(company: Company) -> list[dict[str, object]]:
    """The company's hours, then those partners who have some of their own."""
    has_own = Q()
    for clock in deadlines.CLOCKS_OF_PARTNER:
        has_own |= Q(**{f"{clock}__isnull": False})
    partners = TradingPartner.objects.filter(has_own, company=company).order_by("name", "pk")
    rows: list[dict[str, object]] = [{"name": str(company), "partner": "", "hours": _hours(company)}]
    rows += [
        {"name": str(each), "partner": each.pk, "hours": _hours(each)} for each in partners[:MOST_PARTNERS]
    ]
    return rows


def _hours(record: Company | TradingPartner) -> list[tuple[str, int]]:
    """The clocks that have hours here, with them."""
    clocks = deadlines.CLOCKS_OF_COMPANY if isinstance(record, Company) else deadlines.CLOCKS_OF_PARTNER
    found = [(clock_label(clock), getattr(record, clock)) for clock in clocks]
    return [(label, hours) for label, hours in found if hours is not None]


def _text(hours: int | None) -> str:
    return "" if hours is None else str(hours)


def _set_deadlines(request: HttpRequest, company: Company, speaker: Speaker) -> str:
    partner = partner_of(request.POST.get("partner", ""), company)
    clocks = deadlines.CLOCKS_OF_COMPANY if partner is None else deadlines.CLOCKS_OF_PARTNER
    hours = {
        clock: whole_number(request.POST[clock], f"/{clock}") for clock in clocks if clock in request.POST
    }
    changed = deadlines.set_deadlines(company=company, partner=partner, hours=hours, speaker=speaker)
    if not changed:
        return _("Nothing was changed: these hours are set already.")
    return _("Set for %(name)s. The orders it concerns are looked at shortly.") % {"name": partner or company}


@page
def hours_page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Within how many working hours cases are to be resolved. Posted to, it sets them."""
    company = company_of(request, whole(desk))
    context: Context = {"filled": request.GET.dict()}
    if request.method == "POST":
        back = f"{reverse('terms-hours')}?company={company.code}"
        done, more = posted(request, do=partial(_set_hours, request, company), back=back)
        if done is not None:
            return done
        context |= more
    found = service_levels.service_hours(company_id=company.pk)
    kinds = sorted({kind for _severity, kind in found.rows if kind}, key=kind_label)
    context |= {
        "rows": [
            {
                "severity": severity_label(severity),
                "kind": kind_or_all(kind),
                "service": found.of(severity=severity, kind=kind),
                "set": (severity, kind) in found.rows,
            }
            for kind in ["", *kinds]
            for severity in Severity.values
            if not kind or (severity, kind) in found.rows
        ],
        "severities": Severity.choices,
        "kinds": sorted(((kind, kind_label(kind)) for kind in QUEUE_OF_KIND), key=lambda each: each[1]),
        "warn": service_levels.WARN_PERCENT,
        "history": changes_of(company, service_levels.ENTITY),
    }
    return shown(
        request,
        template="terms/hours.html",
        company=company,
        tab="terms-hours",
        context=context,
        status=400 if "wrong" in context else 200,
    )


def _set_hours(request: HttpRequest, company: Company, speaker: Speaker) -> str:
    severity, kind = request.POST.get("severity", ""), request.POST.get("kind", "")
    if kind and kind not in QUEUE_OF_KIND:
        raise InputError("kind_unknown", "There is no such kind of exception.", "/kind")
    warn = whole_number(request.POST.get("warn_percent", ""), "/warn_percent")
    changed = service_levels.set_service_level(
        company=company,
        severity=severity,
        kind=kind,
        hours=whole_number(request.POST.get("hours", ""), "/hours"),
        warn_percent=service_levels.WARN_PERCENT if warn is None else warn,
        speaker=speaker,
    )
    if not changed:
        return _("Nothing was changed: it is set like this already.")
    return _("Set for %(severity)s, %(kind)s. Cases that are open keep the clock they have.") % {
        "severity": severity_label(severity),
        "kind": kind_or_all(kind),
    }


@page
def limit_page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Up to what worth each role decides alone, and who approves more. Posted to, it sets a limit."""
    company = company_of(request, whole(desk))
    context: Context = {"filled": request.GET.dict()}
    if request.method == "POST":
        back = f"{reverse('terms-limits')}?company={company.code}"
        done, more = posted(request, do=partial(_set_limit, request, company), back=back)
        if done is not None:
            return done
        context |= more | {"approving": request.POST.getlist("approvers")}
    context |= {
        "rows": [
            {
                "role": role_label(each.role),
                "action": action_label(each.action) if each.action else _("every action"),
                "amount": words.money(each.amount, cents=False),
                "approvers": ", ".join(role_label(role) for role in each.approvers),
            }
            for each in approvals.limits_of(company_id=company.pk)
        ],
        "roles": [
            (value, label) for value, label in Role.choices if value != getattr(request.user, "role", "")
        ],
        "approver_roles": Role.choices,
        "actions": [(name, action_label(name)) for name in ACTIONS],
        "history": changes_of(company, approvals.ENTITY),
    }
    return shown(
        request,
        template="terms/limits.html",
        company=company,
        tab="terms-limits",
        context=context,
        status=400 if "wrong" in context else 200,
    )


def _set_limit(request: HttpRequest, company: Company, speaker: Speaker) -> str:
    role = request.POST.get("role", "")
    if role == getattr(request.user, "role", ""):
        raise PermissionDenied  # nobody sets what they may decide alone themselves
    action = request.POST.get("action", "")
    if action and action not in ACTIONS:
        raise InputError("action_unknown", "There is no such action.", "/action")
    changed = approvals.set_approval_limit(
        company=company,
        role=role,
        action=action,
        amount=number(request.POST.get("amount", ""), "/amount"),
        approving=request.POST.getlist("approvers"),
        speaker=speaker,
    )
    if not changed:
        return _("Nothing was changed: it is set like this already.")
    return _("The limit of %(role)s is set.") % {"role": role_label(role)}


def action_label(name: str) -> str:
    """What an action is called where no case gives it its numbers."""
    return name.replace("_", " ").capitalize()

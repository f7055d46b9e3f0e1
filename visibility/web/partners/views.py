"""Partners: the list, and the profile of one."""

from functools import partial

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from visibility.masterdata.models import Company, ControlRange, CrossReference, PartnerProfile, TradingPartner
from visibility.masterdata.profiles import (
    CODE_LISTS,
    ENTITY,
    IN_KINDS,
    OUT_KINDS,
    Agreed,
    agreed_with,
    partner_of,
)
from visibility.web.pages import Desk, page
from visibility.web.partners import said
from visibility.web.partners.forms import CHANGING, SEPARATORS, carry_out, first_fields
from visibility.web.terms.forms import Context, changes_of, company_of, filled, may_change, posted, whole

SHOWN = 200


@page
def partner_list(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Every partner with how far its documents are agreed, those with a profile first."""
    scope = whole(desk)
    company = company_of(request, scope)
    asked = request.GET.get("q", "").strip()[:80]
    partners = TradingPartner.objects.filter(company=company).select_related("profile")
    if asked:
        partners = partners.filter(Q(name__icontains=asked) | Q(code__icontains=asked))
    found = list(
        partners.prefetch_related("profile__sets").order_by("profile__pk", "name", "pk")[: SHOWN + 1]
    )
    companies = list(Company.objects.filter(pk__in=scope.companies).order_by("name"))
    context = {
        "rows": [_row(each) for each in found[:SHOWN]],
        "more": len(found) > SHOWN,
        "asked": asked,
        "company": company,
        "companies": companies if len(companies) > 1 else [],
    }
    return render(request, "partners/list.html", context)


def _row(partner: TradingPartner) -> Context:
    profile: PartnerProfile | None = getattr(partner, "profile", None)
    sets = list(profile.sets.all()) if profile else []
    return {
        "partner": partner,
        "profile": profile,
        "status": said.profile_status(profile, sets),
        "kinds": sorted(
            {each.kind for each in sets if each.direction == "in" and each.standing == "expected"}
        ),
    }


@page
def partner_page(request: HttpRequest, desk: Desk, *, partner_id: int) -> HttpResponse:
    """How documents are exchanged with a partner. Posted to, it agrees a part of it."""
    scope = whole(desk)
    partner = partner_of(companies=scope.companies, partner_id=partner_id)
    agreed = agreed_with(companies=scope.companies, partner_id=partner_id)
    context: Context = {}
    if request.method == "POST":
        done, context = posted(
            request,
            do=partial(carry_out, request, partner, agreed),
            back=reverse("partner", kwargs={"partner_id": partner_id}),
            roles=CHANGING,
        )
        if done is not None:
            return done
    status = 400 if "wrong" in context else 200
    context = _page(request, partner, agreed, context)
    return render(request, "partners/detail.html", context, status=status)


def _page(
    request: HttpRequest, partner: TradingPartner, agreed: Agreed | None, posted_context: Context
) -> Context:
    profile = agreed.profile if agreed else None
    references = agreed.references if agreed else _references(partner)
    sets = agreed.sets if agreed else ()
    failed = request.POST.get("do", "") if "wrong" in posted_context else ""
    fills = {"profile": first_fields(partner, agreed, references)}
    syntax = profile.syntax if profile else "x12"
    if failed:
        fills[failed] = filled(request.POST)
    return {
        "partner": partner,
        "profile": profile,
        "status": said.profile_status(profile, sets),
        "references": references,
        "fills": fills,
        "wrongs": {failed: posted_context.get("wrong", "")},
        "wrong_text": posted_context.get("wrong_text", ""),
        "sets": [
            {
                "row": each,
                "name": said.kind_name(each.kind),
                "days": said.days_of(each),
                "status": said.standing_status(each.standing),
            }
            for each in sets
        ],
        "codes": [(each, said.list_label(each.code_list)) for each in agreed.codes] if agreed else [],
        "ranges": [(each, said.range_label(each.kind)) for each in agreed.ranges] if agreed else [],
        "range_kinds": [(kind, said.range_label(kind)) for kind in ControlRange.Kind.values],
        "syntaxes": PartnerProfile.Syntax.choices,
        "usages": PartnerProfile.Usage.choices,
        "marks": [
            (name, said.separator_label(name), fills["profile"].get(f"separator_{name}", ""))
            for name in SEPARATORS
        ],
        "in_kinds": [(kind, said.kind_name(kind)) for kind in IN_KINDS[syntax]],
        "out_kinds": [(kind, said.kind_name(kind)) for kind in OUT_KINDS[syntax]],
        "code_lists": [(name, said.list_label(name)) for name in CODE_LISTS],
        "may_change": may_change(request, CHANGING),
        "history": [
            {**each, "field": said.field_name(each["field"])}
            for each in (changes_of(partner.company, ENTITY, entity_id=profile.pk) if profile else [])
        ],
    }


def _references(partner: TradingPartner) -> tuple[str, ...]:
    rows = CrossReference.objects.filter(
        company_id=partner.company_id, kind=CrossReference.Kind.PARTNER, target=partner.pk
    )
    return tuple(each for each in rows.order_by("value").values_list("value", flat=True) if ":" in each)

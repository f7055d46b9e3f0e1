"""What the pages of terms share: whose they are, who may change them, and forms that are shown again."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages as notes
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from visibility.access.scopes import Scope
from visibility.accounts.models import Role
from visibility.core.errors import InputError
from visibility.masterdata.audit import history_of
from visibility.masterdata.golive import Speaker
from visibility.masterdata.models import Company, TradingPartner
from visibility.web.pages import Desk
from visibility.web.terms.said import change_in_words

CHANGING = (Role.SUPPLIER_MANAGER, Role.DATA_STEWARD)
MOST_PARTNERS = 500
WORDS_SHOWN = 10
LONGEST_NUMBER = 30
Context = dict[str, Any]


def whole(desk: Desk) -> Scope:
    """The reader's scope. For who sees one partner's part only, these pages do not exist."""
    if desk.scope.partners is not None or not desk.scope.companies:
        raise Http404
    return desk.scope


def may_change(request: HttpRequest, roles: Sequence[Role] = CHANGING) -> bool:
    """Those who answer for partners and for master data agree terms; the others read them."""
    return getattr(request.user, "role", "") in roles


def company_of(request: HttpRequest, scope: Scope) -> Company:
    """The company that is asked for, else the reader's first; 404 where it is not theirs."""
    asked = request.GET.get("company", "")
    companies = Company.objects.filter(pk__in=scope.companies).order_by("pk")
    found = companies.filter(code=asked).first() if asked else companies.first()
    if found is None:
        raise Http404
    return found


def shown(
    request: HttpRequest, *, template: str, company: Company, tab: str, context: Context, status: int = 200
) -> HttpResponse:
    """A page of terms with its tabs."""
    companies = list(Company.objects.filter(pk__in=_companies(request)).order_by("name"))
    query = f"?company={company.code}" if len(companies) > 1 else ""
    more = {
        "company": company,
        "companies": companies if len(companies) > 1 else [],
        "query": query,
        "tab": tab,
        "may_change": may_change(request),
        "tabs": [(name, f"{reverse(name)}{query}", label) for name, label in tabs()],
    }
    return render(request, template, {**context, **more}, status=status)


def _companies(request: HttpRequest) -> tuple[int, ...]:
    desk: Desk = request._desk  # type: ignore[attr-defined]  # set by pages.desk_of before any view
    return desk.scope.companies


def tabs() -> list[tuple[str, str]]:
    """The pages of terms: address and label."""
    return [
        ("terms", _("Tolerances")),
        ("terms-deadlines", _("Deadlines")),
        ("terms-hours", _("Resolution hours")),
        ("terms-limits", _("Approval limits")),
        ("terms-calendars", _("Calendars")),
        ("terms-history", _("History")),
    ]


def posted(
    request: HttpRequest, *, do: Callable[[Speaker], str], back: str, roles: Sequence[Role] = CHANGING
) -> tuple[HttpResponse | None, Context]:
    """Carry out a form. The way on, or what the form is to say, so that it is shown again as it was.

    `do` gets who says it and why, and returns what to tell them. Who may not change terms gets 403.
    """
    if not may_change(request, roles):
        raise PermissionDenied
    speaker = Speaker(str(request.user), request.POST.get("reason", "").strip())
    try:
        told = do(speaker)
    except InputError as error:
        wrong = error.where.strip("/")
        return None, {"wrong": wrong, "wrong_text": error.text, "filled": filled(request.POST)}
    if told:
        notes.info(request, told)
    return redirect(back), {}


def filled(values: Mapping[str, str]) -> dict[str, str]:
    """What a form holds, by its fields."""
    return {name: values[name] for name in values if name != "csrfmiddlewaretoken"}


def number(text: str, where: str) -> Decimal | None:
    """A number somebody wrote, with or without commas for thousands; None: nothing."""
    plain = text.strip().replace(",", "").replace(" ", "").removesuffix("%")
    if not plain:
        return None
    try:
        found = Decimal(plain) if len(plain) <= LONGEST_NUMBER else None
    except InvalidOperation:
        found = None
    if found is None or not found.is_finite():
        raise InputError("no_number", "Write a number, like 5 or 2.5.", where)
    return found


def whole_number(text: str, where: str) -> int | None:
    """A whole number somebody wrote; None: nothing."""
    found = number(text, where)
    if found is None:
        return None
    if found != found.to_integral_value() or abs(found) > 10**6:
        raise InputError("no_number", "Write a whole number.", where)
    return int(found)


def partner_of(text: str, company: Company) -> TradingPartner | None:
    """The partner a form names by its id; None: none. InputError where it is not the company's."""
    if not text:
        return None
    if text.isdecimal() and len(text) <= 18:
        found = TradingPartner.objects.filter(pk=int(text), company=company).first()
        if found is not None:
            return found
    raise InputError("partner_unknown", "There is no such supplier.", "/partner")


def partner_choices(company: Company) -> list[tuple[str, str]]:
    """The company's partners, as forms offer them."""
    partners = TradingPartner.objects.filter(company=company).order_by("name", "pk")
    return [(str(each.pk), str(each)) for each in partners[:MOST_PARTNERS]]


def changes_of(company: Company, *entities: str, entity_id: int | None = None) -> list[dict[str, str]]:
    """The last changes of these kinds of things, as rows."""
    found = history_of(companies=[company.pk], limit=WORDS_SHOWN, entities=entities, entity_id=entity_id)
    return [change_in_words(word) for _id, word in found]

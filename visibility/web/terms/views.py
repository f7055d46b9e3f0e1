"""Tolerances: what is agreed on which level, who set it, and changing it."""

from dataclasses import dataclass
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from visibility.core.errors import InputError, NotFoundError
from visibility.masterdata.audit import history_of
from visibility.masterdata.golive import Speaker
from visibility.masterdata.models import Company, Item, Tolerance
from visibility.masterdata.tolerance_setting import (
    ENTITY,
    Whom,
    remove_tolerance,
    set_tolerance,
    whom_of,
)
from visibility.web import words
from visibility.web.pages import Desk, page
from visibility.web.terms.forms import (
    Context,
    changes_of,
    company_of,
    number,
    partner_choices,
    partner_of,
    posted,
    shown,
    whole,
)
from visibility.web.terms.said import change_in_words, tolerance

SHOWN = 100
HISTORY_SHOWN = 50
LEVELS = ("line", "item", "partner", "company")


@dataclass(frozen=True)
class Row:
    """A tolerance as a row of the list."""

    id: int
    level: str
    whom: str
    measure: str
    value: str
    who: str
    when: str
    reason: str


def level_of(row: Tolerance) -> str:
    """On which of the levels, in words."""
    if row.order_number:
        return _("Order line")
    if row.item_id is not None:
        return _("Supplier and item")
    return _("Supplier") if row.partner_id is not None else _("Company")


def row_of(row: Tolerance, company: Company) -> Row:
    """A tolerance in words."""
    return Row(
        id=row.pk,
        level=level_of(row),
        whom=str(whom_of(row)) or str(company),
        measure=str(Tolerance.Measure(row.measure).label),
        value=tolerance(measure=row.measure, percent=row.percent, amount=row.amount, both=row.both),
        who=row.set_by,
        when=words.moment(row.set_at),
        reason=row.reason,
    )


@page
def tolerance_list(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What is agreed, the newest first. Posted to, it agrees one more or replaces one."""
    company = company_of(request, whole(desk))
    context: Context = {"filled": request.GET.dict()}
    if request.method == "POST":
        done, more = posted(request, do=partial(_set, request, company), back=_address("terms", company))
        if done is not None:
            return done
        context |= more
    rows = Tolerance.objects.filter(company=company).select_related("partner", "item").order_by("-pk")
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) <= 18:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: SHOWN + 1])
    context |= {
        "rows": [row_of(each, company) for each in found[:SHOWN]],
        "older": found[SHOWN - 1].pk if len(found) > SHOWN else None,
        "partners": partner_choices(company),
        "measures": Tolerance.Measure.choices,
        "choices": Tolerance.Both.choices,
        "history": changes_of(company, ENTITY),
    }
    return shown(
        request,
        template="terms/tolerances.html",
        company=company,
        tab="terms",
        context=context,
        status=400 if "wrong" in context else 200,
    )


def _set(request: HttpRequest, company: Company, speaker: Speaker) -> str:
    posted_values = request.POST
    row = set_tolerance(
        company=company,
        whom=Whom(
            partner=partner_of(posted_values.get("partner", ""), company),
            item=_item(posted_values.get("item", ""), company),
            order_number=posted_values.get("order", "").strip(),
            line=posted_values.get("line", "").strip(),
        ),
        measure=posted_values.get("measure", ""),
        percent=number(posted_values.get("percent", ""), "/percent"),
        amount=number(posted_values.get("amount", ""), "/amount"),
        both=posted_values.get("both", Tolerance.Both.LOWER),
        speaker=speaker,
    )
    return _said_of(row, company)


def _said_of(row: Tolerance, company: Company) -> str:
    own = row_of(row, company)
    return _("%(measure)s of %(whom)s: %(value)s. The orders it concerns are looked at shortly.") % {
        "measure": own.measure,
        "whom": own.whom,
        "value": own.value,
    }


def _item(code: str, company: Company) -> Item | None:
    if not code.strip():
        return None
    found = Item.objects.filter(company=company, code=code.strip()).first()
    if found is None:
        raise InputError("item_unknown", "There is no item with this code.", "/item")
    return found


@page
def tolerance_page(request: HttpRequest, desk: Desk, *, tolerance_id: int) -> HttpResponse:
    """One tolerance with its history. Posted to, it is changed or taken back."""
    scope = whole(desk)
    row = (
        Tolerance.objects.filter(pk=tolerance_id, company_id__in=scope.companies)
        .select_related("partner", "item", "company")
        .first()
    )
    if row is None:
        raise NotFoundError("There is no such tolerance.")
    company = row.company
    context: Context = {
        "filled": {"percent": _plain(row.percent), "amount": _plain(row.amount), "both": row.both}
    }
    if request.method == "POST":
        done, more = posted(request, do=partial(_change, request, row), back=_address("terms", company))
        if done is not None:
            return done
        context |= more
    context |= {
        "row": row_of(row, company),
        "days": row.measure in Tolerance.DAYS,
        "ways": row.measure == Tolerance.Measure.MATCH,
        "choices": Tolerance.Both.choices,
        "history": changes_of(company, ENTITY, entity_id=row.pk),
    }
    return shown(
        request,
        template="terms/tolerance.html",
        company=company,
        tab="terms",
        context=context,
        status=400 if "wrong" in context else 200,
    )


def _change(request: HttpRequest, row: Tolerance, speaker: Speaker) -> str:
    if request.POST.get("do") == "remove":
        remove_tolerance(company=row.company, tolerance_id=row.pk, speaker=speaker)
        own = row_of(row, row.company)
        return _("%(measure)s of %(whom)s: taken back; the next level counts.") % {
            "measure": own.measure,
            "whom": own.whom,
        }
    changed = set_tolerance(
        company=row.company,
        whom=whom_of(row),
        measure=row.measure,
        percent=number(request.POST.get("percent", ""), "/percent"),
        amount=number(request.POST.get("amount", ""), "/amount"),
        both=request.POST.get("both", row.both),
        speaker=speaker,
    )
    return _said_of(changed, row.company)


def _plain(value: object) -> str:
    text = "" if value is None else f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _address(name: str, company: Company) -> str:
    return f"{reverse(name)}?company={company.code}"


@page
def history(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Every change of terms, the newest first."""
    company = company_of(request, whole(desk))
    before = request.GET.get("before", "")
    found = history_of(
        companies=[company.pk],
        limit=HISTORY_SHOWN + 1,
        before=int(before) if before.isdecimal() and len(before) <= 18 else None,
    )
    context = {
        "history": [change_in_words(word) for _id, word in found[:HISTORY_SHOWN]],
        "older": found[HISTORY_SHOWN - 1][0] if len(found) > HISTORY_SHOWN else None,
    }
    return shown(
        request, template="terms/history.html", company=company, tab="terms-history", context=context
    )

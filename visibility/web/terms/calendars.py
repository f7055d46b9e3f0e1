"""Working calendars: the ordinary week, the days that are otherwise, and who works by them."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from visibility.core.errors import InputError, NotFoundError
from visibility.masterdata.calendar_setting import ENTITY, remove_day, set_day
from visibility.masterdata.golive import Speaker
from visibility.masterdata.models import CalendarDay, Company, Location, TradingPartner, WorkCalendar
from visibility.web import words
from visibility.web.pages import Desk, page
from visibility.web.terms.forms import Context, changes_of, company_of, posted, shown, whole

USERS_SHOWN = 20
DAYS_SHOWN = 200


def weekdays() -> list[str]:
    """Monday first."""
    return [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")]


def week_in_words(week: list[list[str]]) -> str:
    """ "Mon – Fri 08:00-17:00, Sat 08:00-12:00": days that are alike together."""
    groups: list[tuple[int, int, list[str]]] = []
    for number, hours in enumerate(week):
        if groups and groups[-1][2] == hours:
            groups[-1] = (groups[-1][0], number, hours)
        else:
            groups.append((number, number, hours))
    names = weekdays()
    return ", ".join(
        f"{names[first]}{f' – {names[last]}' if last > first else ''} {' and '.join(hours)}"
        for first, last, hours in groups
        if hours
    )


@page
def calendar_list(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The calendars of a company, with their weeks and the next days that are otherwise."""
    company = company_of(request, whole(desk))
    calendars = list(WorkCalendar.objects.filter(company=company).order_by("name", "code"))
    coming: dict[int, list[CalendarDay]] = {}
    for each in CalendarDay.objects.filter(calendar__in=calendars, day__gte=words.today()).order_by("day"):
        coming.setdefault(each.calendar_id, []).append(each)
    context = {
        "rows": [
            {
                "id": each.pk,
                "name": str(each),
                "zone": each.time_zone or _("of who uses it"),
                "week": week_in_words(each.week),
                "coming": [_day_in_words(own) for own in coming.get(each.pk, [])[:3]],
                "own": each.pk == company.calendar_id,
            }
            for each in calendars
        ],
        "otherwise": _("Monday to Friday, %(opens)02d:00 to %(closes)02d:00, %(zone)s")
        % {"opens": company.opens, "closes": company.closes, "zone": company.time_zone},
    }
    return shown(
        request, template="terms/calendars.html", company=company, tab="terms-calendars", context=context
    )


def _day_in_words(day: CalendarDay) -> str:
    hours = " and ".join(day.hours) or _("closed")
    return (
        f"{words.weekday(day.day)} {day.name}, {hours}" if day.name else f"{words.weekday(day.day)} {hours}"
    )


@page
def calendar_page(request: HttpRequest, desk: Desk, *, calendar_id: int) -> HttpResponse:
    """One calendar: its week, its days, who works by it. Posted to, a day is set or taken back."""
    scope = whole(desk)
    calendar = (
        WorkCalendar.objects.filter(pk=calendar_id, company_id__in=scope.companies)
        .select_related("company")
        .first()
    )
    if calendar is None:
        raise NotFoundError("There is no such calendar.")
    context: Context = {"filled": {}}
    if request.method == "POST":
        back = reverse("terms-calendar", kwargs={"calendar_id": calendar.pk})
        done, more = posted(request, do=partial(_set_day, request, calendar), back=back)
        if done is not None:
            return done
        context |= more
    days = calendar.days.filter(day__gte=words.today().replace(month=1, day=1)).order_by("day")
    context |= {
        "calendar": calendar,
        "week": [
            (name, " and ".join(hours) or _("closed"))
            for name, hours in zip(weekdays(), calendar.week, strict=True)
        ],
        "days": [
            {
                "iso": each.day.isoformat(),
                "day": words.weekday(each.day),
                "name": each.name,
                "hours": " and ".join(each.hours) or _("closed"),
                "past": each.day < words.today(),
            }
            for each in days[:DAYS_SHOWN]
        ],
        "users": _users(calendar),
        "history": changes_of(calendar.company, ENTITY, entity_id=calendar.pk),
    }
    return shown(
        request,
        template="terms/calendar.html",
        company=calendar.company,
        tab="terms-calendars",
        context=context,
        status=400 if "wrong" in context else 200,
    )


def _users(calendar: WorkCalendar) -> list[str]:
    """Who works by it: the company, places, partners."""
    own = Company.objects.filter(calendar=calendar)
    places = Location.objects.filter(calendar=calendar).order_by("name")[:USERS_SHOWN]
    partners = TradingPartner.objects.filter(calendar=calendar).order_by("name")[:USERS_SHOWN]
    return [*map(str, own), *map(str, places), *map(str, partners)]


def _set_day(request: HttpRequest, calendar: WorkCalendar, speaker: Speaker) -> str:
    try:
        day = parse_date(request.POST.get("day", ""))
    except ValueError:
        day = None
    if day is None:
        raise InputError("day_wrong", "Write a day, like 2026-12-25.", "/day")
    if request.POST.get("do") == "remove":
        remove_day(calendar=calendar, day=day, speaker=speaker)
        return _("%(day)s is like its weekday again.") % {"day": words.weekday(day)}
    hours = [each.strip() for each in request.POST.get("hours", "").split(",") if each.strip()]
    set_day(
        calendar=calendar, day=day, name=request.POST.get("name", "").strip(), hours=hours, speaker=speaker
    )
    return _("%(day)s is set. Deadlines that it touches are worked out anew shortly.") % {
        "day": words.weekday(day)
    }

"""What belongs to a profile: which documents are exchanged, codes of the partner's own, control numbers."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from visibility.core import clock
from visibility.core.errors import InputError, NotFoundError
from visibility.masterdata.audit import Values, keep_changes, need_reason
from visibility.masterdata.golive import Speaker
from visibility.masterdata.models import (
    CodeOverride,
    ControlRange,
    PartnerProfile,
    ProfileSet,
    TradingPartner,
)
from visibility.masterdata.profiles import ACKNOWLEDGEMENTS, ENTITY, INVOICES, SHIP_NOTICES, standing_on
from visibility.masterdata.profiles_setting import keep_change, lock_profile
from visibility.masterdata.terms_changes import tell_change

LAST_CONTROL = 999_999_999
_KIND = re.compile(r"[A-Za-z0-9._]{1,40}")
_SENDS = {
    "sends_acknowledgements": ACKNOWLEDGEMENTS,
    "sends_ship_notices": SHIP_NOTICES,
    "sends_invoices": INVOICES,
}


def set_standing(
    *,
    profile: PartnerProfile,
    direction: str,
    kind: str,
    standing: str,
    starts_on: dt.date | None = None,
    ends_on: dt.date | None = None,
    speaker: Speaker,
) -> ProfileSet:
    """Agree whether a kind of document is exchanged, from a day on and up to another.

    One agreed from the same day is replaced. What the partner never sends no clock waits for, from the day
    on. InputError says what is wrong.
    """
    need_reason(speaker)
    if direction not in ProfileSet.Direction.values or standing not in ProfileSet.Standing.values:
        raise InputError("standing_unknown", "Choose whose document it is, and how it stands.", "/standing")
    if not _KIND.fullmatch(kind):
        raise InputError("kind_wrong", "Write a set or message type like 855 or ORDRSP.", "/kind")
    if starts_on and ends_on and ends_on < starts_on:
        raise InputError("days_wrong", "It ends before it begins.", "/ends_on")
    with transaction.atomic():
        lock_profile(profile=profile)
        rows = ProfileSet.objects.filter(profile=profile, direction=direction, kind=kind)
        row = rows.filter(starts_on=starts_on).first()
        others = rows.exclude(pk=row.pk) if row else rows
        if others.filter(_meets(starts_on, ends_on)).exists():
            raise InputError(
                "days_twice",
                f"What is agreed of {kind} on some of these days already: end that first.",
                "/starts_on",
            )
        before = _standing_values(row)
        if row is None:
            row = ProfileSet(profile=profile, direction=direction, kind=kind, starts_on=starts_on)
        row.standing, row.ends_on = standing, ends_on
        row.save()
        keep_change(profile=profile, before=before, after=_standing_values(row), speaker=speaker)
        apply_standings(profile=profile, speaker=speaker)
    return row


def remove_standing(*, profile: PartnerProfile, set_id: int, speaker: Speaker) -> None:
    """Take back what was agreed of a kind of document. NotFoundError where it is not the profile's."""
    need_reason(speaker)
    with transaction.atomic():
        lock_profile(profile=profile)
        row = ProfileSet.objects.filter(profile=profile, pk=set_id).first()
        if row is None:
            raise NotFoundError("There is no such set.")
        keep_change(profile=profile, before=_standing_values(row), after={}, speaker=speaker)
        row.delete()
        apply_standings(profile=profile, speaker=speaker)


def _meets(starts_on: dt.date | None, ends_on: dt.date | None) -> Q:
    """Of sets that stand on some of these days."""
    found = Q()
    if ends_on is not None:
        found &= Q(starts_on__isnull=True) | Q(starts_on__lte=ends_on)
    if starts_on is not None:
        found &= Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on)
    return found


def _standing_values(row: ProfileSet | None) -> Values:
    if row is None:
        return {}
    days = f" from {row.starts_on}" if row.starts_on else ""
    days += f" to {row.ends_on}" if row.ends_on else ""
    return {f"{row.kind} {row.get_direction_display().lower()}": f"{row.standing}{days}"}


def apply_standings(*, profile: PartnerProfile, speaker: Speaker) -> list[str]:
    """Have the clocks wait for what the partner sends today, and for nothing else; what changed.

    The one place where standings meet the terms: expected documents are waited for, optional ones and those
    never sent are not. Where nothing is agreed of a document, what the terms say stays.
    """
    day = clock.now().astimezone(ZoneInfo(profile.company.time_zone)).date()
    sets = list(ProfileSet.objects.filter(profile=profile, direction=ProfileSet.Direction.IN))
    partner = TradingPartner.objects.select_for_update(no_key=True).get(pk=profile.partner_id)
    wanted = {}
    for name, kinds in _SENDS.items():
        words = standing_on(sets, direction=ProfileSet.Direction.IN, kinds=kinds, day=day)
        if words:
            wanted[name] = ProfileSet.Standing.EXPECTED in words
    before = {name: getattr(partner, name) for name in wanted}
    changed = keep_changes(
        company_id=profile.company_id,
        entity=ENTITY,
        entity_id=profile.pk,
        subject=str(partner),
        before=before,
        after=wanted,
        speaker=speaker,
    )
    if changed:
        TradingPartner.objects.filter(pk=partner.pk).update(**{name: wanted[name] for name in changed})
        tell_change(company_id=profile.company_id, partner_id=partner.pk)
    return changed


DAYS_BACK = 7
"""A day that nobody looked at (the machine was off) is caught up with for so long."""


def apply_due_standings() -> int:
    """Have the clocks follow standings whose day has come or gone; how many partners it changed."""
    today = clock.now().date()
    days = (today - dt.timedelta(days=DAYS_BACK), today + dt.timedelta(days=1))
    due = ProfileSet.objects.filter(
        Q(starts_on__range=days) | Q(ends_on__range=(days[0] - dt.timedelta(days=1), days[1])),
        direction=ProfileSet.Direction.IN,
    )
    profiles = PartnerProfile.objects.filter(pk__in=due.values("profile_id")).select_related("company")
    changed = 0
    for profile in profiles.order_by("pk"):
        with transaction.atomic():
            lock_profile(profile=profile)
            speaker = Speaker("Throughline", "As agreed from this day on")
            changed += bool(apply_standings(profile=profile, speaker=speaker))
    return changed


def set_code(
    *, profile: PartnerProfile, code_list: str, theirs: str, standard: str, speaker: Speaker
) -> CodeOverride:
    """Say what a code of the partner's stands for. Messages that are read from now on are read so."""
    need_reason(speaker)
    for where, text in (("/code_list", code_list), ("/theirs", theirs), ("/standard", standard)):
        if not text.strip() or len(text) > 40:
            raise InputError("code_missing", "Write a code of at most 40 characters.", where)
    if not re.fullmatch(r"[a-z_]+", code_list):
        raise InputError("list_wrong", "A list is named in small letters, like line_status.", "/code_list")
    with transaction.atomic():
        lock_profile(profile=profile)
        row = CodeOverride.objects.filter(profile=profile, code_list=code_list, theirs=theirs).first()
        before = {f"{code_list} {theirs}": row.standard} if row else {}
        if row is None:
            row = CodeOverride(profile=profile, code_list=code_list, theirs=theirs)
        row.standard = standard
        row.save()
        keep_change(
            profile=profile, before=before, after={f"{code_list} {theirs}": standard}, speaker=speaker
        )
    return row


def remove_code(*, profile: PartnerProfile, code_id: int, speaker: Speaker) -> None:
    """Read a code as the standard has it again. NotFoundError where it is not the profile's."""
    need_reason(speaker)
    with transaction.atomic():
        lock_profile(profile=profile)
        row = CodeOverride.objects.filter(profile=profile, pk=code_id).first()
        if row is None:
            raise NotFoundError("There is no such code.")
        keep_change(
            profile=profile, before={f"{row.code_list} {row.theirs}": row.standard}, after={}, speaker=speaker
        )
        row.delete()


def set_range(*, profile: PartnerProfile, kind: str, first: int, last: int, speaker: Speaker) -> ControlRange:
    """Give control numbers towards the partner from another range. What is in use is not given out again."""
    need_reason(speaker)
    if kind not in ControlRange.Kind.values:
        raise InputError("kind_unknown", "There are ranges of interchanges, groups and sets.", "/kind")
    if not 1 <= first <= last <= LAST_CONTROL:
        raise InputError(
            "range_wrong", f"Write 1 to {LAST_CONTROL}, the last not before the first.", "/first"
        )
    with transaction.atomic():
        lock_profile(profile=profile)
        row, _ = ControlRange.objects.get_or_create(profile=profile, kind=kind)
        row = ControlRange.objects.select_for_update().get(pk=row.pk)
        before = {f"{kind} numbers": f"{row.first} to {row.last}"}
        after = {f"{kind} numbers": f"{first} to {last}"}
        if before != after:
            row.first, row.last = first, last
            # Numbers given out before may come again: from now on each is looked up first.
            row.laps += 1 if row.taken is not None else 0
            row.save(update_fields=["first", "last", "laps"])
            keep_change(profile=profile, before=before, after=after, speaker=speaker)
    return row

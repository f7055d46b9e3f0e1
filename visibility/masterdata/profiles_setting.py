"""Agreeing how documents are exchanged: the one writer of profiles, who keeps who did it and why."""

import re
from dataclasses import asdict, dataclass, field
from uuid import uuid4

from django.db import transaction

from visibility.core.errors import InputError, NotFoundError
from visibility.masterdata.audit import Values, keep_changes, need_reason
from visibility.masterdata.calendars import is_zone
from visibility.masterdata.golive import Speaker
from visibility.masterdata.models import Company, ControlRange, PartnerProfile, TradingPartner
from visibility.masterdata.profiles import DEFAULT_SEPARATORS, ENTITY

LINE_ENDS = ("", "\n", "\r\n")
_VERSIONS = {
    PartnerProfile.Syntax.X12: (re.compile(r"\d{6}[A-Z0-9]{0,6}"), "004010"),
    PartnerProfile.Syntax.EDIFACT: (re.compile(r"[A-Z]:\d\d[AB](:[A-Z]{2}(:[A-Z0-9]{1,6})?)?"), "D:96A:UN"),
}
_LONGEST_ID = {PartnerProfile.Syntax.X12: 15, PartnerProfile.Syntax.EDIFACT: 35}
_IN_ENVELOPE = re.compile(r"[A-Za-z0-9 ._/@&#-]*")


@dataclass(frozen=True, kw_only=True)
class ProfileValues:
    """What a profile says of itself, as its table names it."""

    syntax: str
    version: str = ""
    our_qualifier: str = ""
    our_id: str = ""
    their_qualifier: str = ""
    their_id: str = ""
    our_group: str = ""
    their_group: str = ""
    separators: dict[str, str] = field(default_factory=dict)
    time_zone: str = ""
    usage: str = PartnerProfile.Usage.TEST
    wants_functional: bool = True
    expects_functional: bool = True
    asks_interchange: bool = False


def set_profile(
    *, company: Company, partner: TradingPartner, values: ProfileValues, speaker: Speaker
) -> PartnerProfile:
    """Agree how documents are exchanged with a partner, for the first time or anew.

    InputError, with the field's name in `where`, says what cannot be.
    """
    need_reason(speaker)
    _check(values)
    after = asdict(values)
    defaults = DEFAULT_SEPARATORS.get(values.syntax, {})
    after["separators"] = {
        name: text for name, text in values.separators.items() if text != defaults.get(name, "")
    }
    with transaction.atomic():
        Company.objects.select_for_update(no_key=True).get(pk=company.pk)
        _check_whose(company, partner, values)
        row = PartnerProfile.objects.filter(partner=partner).first()
        before = {name: getattr(row, name) for name in after} if row else {}
        if row is None:
            row = PartnerProfile(company=company, partner=partner)
        for name, value in after.items():
            setattr(row, name, value)
        row.save()
        for kind in ControlRange.Kind.values:
            ControlRange.objects.get_or_create(profile=row, kind=kind)
        told = {**after, "separators": _told(after["separators"])}
        if before:
            before = {**before, "separators": _told(before["separators"])}
        keep_change(profile=row, before=before, after=told, speaker=speaker)
    return row


def _told(separators: dict[str, str]) -> str:
    return ", ".join(f"{name} {text!r}" for name, text in sorted(separators.items()))


def _check(values: ProfileValues) -> None:
    if values.syntax not in PartnerProfile.Syntax.values:
        raise InputError("syntax_unknown", "There is no such syntax.", "/syntax")
    if values.usage not in PartnerProfile.Usage.values:
        raise InputError("usage_unknown", "Choose test or production.", "/usage")
    if values.time_zone and not is_zone(values.time_zone):
        raise InputError("zone_unknown", 'Write a time zone like "America/Chicago".', "/time_zone")
    if values.syntax not in PartnerProfile.WRITTEN:
        return
    pattern, example = _VERSIONS[PartnerProfile.Syntax(values.syntax)]
    if not pattern.fullmatch(values.version):
        raise InputError("version_wrong", f'Write the guide\'s version like "{example}".', "/version")
    _check_ids(values)
    _check_separators(values)


def _check_ids(values: ProfileValues) -> None:
    x12 = values.syntax == PartnerProfile.Syntax.X12
    longest = _LONGEST_ID[PartnerProfile.Syntax(values.syntax)]
    for name in ("our_id", "their_id", "our_group", "their_group", "our_qualifier", "their_qualifier"):
        text = getattr(values, name)
        if len(text) > longest or not _IN_ENVELOPE.fullmatch(text):
            raise InputError("id_wrong", f"At most {longest} letters, digits, . _ / @ & # and -.", f"/{name}")
    for name in ("our_id", "their_id"):
        if not getattr(values, name).strip():
            raise InputError("id_missing", "An envelope names both sides: write the identifier.", f"/{name}")
    for name in ("our_qualifier", "their_qualifier"):
        text = getattr(values, name)
        if (x12 and len(text) != 2) or len(text) > 4:
            raise InputError(
                "qualifier_wrong", "Two characters in X12, like ZZ or 01; up to four in EDIFACT.", f"/{name}"
            )


def _check_separators(values: ProfileValues) -> None:
    known = DEFAULT_SEPARATORS[values.syntax]
    for name, text in values.separators.items():
        where = f"/separator_{name}"
        if name not in known:
            raise InputError("separator_unknown", "There is no such separator.", where)
        if name == "line_end":
            if text not in LINE_ENDS:
                raise InputError("line_end_wrong", "Choose a line end.", where)
        elif len(text) != 1 or text.isalnum() or text == " " or not text.isascii():
            raise InputError("separator_wrong", "One character that is no letter, digit or blank.", where)
    used = {**known, **values.separators}
    used = {name: text for name, text in used.items() if name not in ("line_end", "decimal")}
    for name, text in used.items():
        if sum(text == other for other in used.values()) > 1:
            raise InputError("separator_twice", f"{text} separates two things.", f"/separator_{name}")


def _check_whose(company: Company, partner: TradingPartner, values: ProfileValues) -> None:
    if partner.company_id != company.pk:
        raise NotFoundError("There is no such partner.")
    if not values.their_id:
        return
    others = PartnerProfile.objects.filter(
        company=company, their_qualifier__iexact=values.their_qualifier, their_id__iexact=values.their_id
    ).exclude(partner=partner)
    other = others.select_related("partner").first()
    if other is not None:
        raise InputError("id_taken", f"{other.partner} is known by this identifier.", "/their_id")


def lock_profile(*, profile: PartnerProfile) -> None:
    """Nobody else changes it until the transaction ends."""
    PartnerProfile.objects.select_for_update(no_key=True).get(pk=profile.pk)


def keep_change(*, profile: PartnerProfile, before: Values, after: Values, speaker: Speaker) -> None:
    """Into the history, and have every process read the company's profiles anew."""
    changed = keep_changes(
        company_id=profile.company_id,
        entity=ENTITY,
        entity_id=profile.pk,
        subject=str(profile.partner),
        before=before,
        after=after,
        speaker=speaker,
    )
    if changed:
        Company.objects.filter(pk=profile.company_id).update(profiles_mark=uuid4())

"""The forms of a partner's profile: what they hold, and carrying them out."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from visibility.accounts.models import Role
from visibility.core.errors import InputError
from visibility.masterdata.golive import Speaker
from visibility.masterdata.models import PartnerProfile, TradingPartner
from visibility.masterdata.profiles import DEFAULT_SEPARATORS, Agreed, separators_of
from visibility.masterdata.profiles_parts import (
    remove_code,
    remove_standing,
    set_code,
    set_range,
    set_standing,
)
from visibility.masterdata.profiles_setting import ProfileValues, set_profile
from visibility.web.partners.said import LINE_ENDS
from visibility.web.terms.forms import filled, whole_number

CHANGING = (Role.INTEGRATION, Role.DATA_STEWARD, Role.SUPPLIER_MANAGER)
SEPARATORS = ("element", "component", "segment", "repetition", "release", "decimal")
TEXTS = (
    "version",
    "our_qualifier",
    "our_id",
    "their_qualifier",
    "their_id",
    "our_group",
    "their_group",
    "time_zone",
)
TICKS = ("wants_functional", "expects_functional", "asks_interchange")
Fields = Mapping[str, str]


@dataclass(frozen=True)
class Posted:
    """A form that somebody sent: whose it is, and what it says."""

    partner: TradingPartner
    agreed: Agreed | None
    fields: Fields

    @property
    def profile(self) -> PartnerProfile:
        """What it belongs to. InputError where nothing is agreed yet."""
        if self.agreed is None:
            raise InputError("no_profile", _("Agree the profile first."), "/syntax")
        return self.agreed.profile


def carry_out(request: HttpRequest, partner: TradingPartner, agreed: Agreed | None, speaker: Speaker) -> str:
    """Do what the form asks; what to tell whoever sent it. InputError, at its field, for what cannot be."""
    form = Posted(partner, agreed, filled(request.POST))
    deed = _DEEDS.get(request.POST.get("do", ""))
    if deed is None:
        raise InputError("deed_unknown", _("There is no such form."), "/do")
    return deed(form, speaker)


def first_fields(partner: TradingPartner, agreed: Agreed | None, references: tuple[str, ...]) -> Fields:
    """What the profile's form holds before anybody wrote in it."""
    if agreed is not None:
        return _fields_of(agreed.profile)
    our_qualifier, _colon, our_id = partner.company.issuer.partition(":")
    # ISA's qualifiers have two characters; of others nobody knows yet which they will be.
    theirs = next((each for each in references if each.index(":") == 2 and each[:2] not in ("91", "92")), "")
    their_qualifier, _colon, their_id = theirs.partition(":")
    defaults = DEFAULT_SEPARATORS["x12"]
    return {
        "syntax": "x12",
        "version": "004010",
        "our_qualifier": our_qualifier,
        "our_id": our_id,
        "their_qualifier": their_qualifier,
        "their_id": their_id,
        "time_zone": partner.company.time_zone,
        "usage": "test",
        "wants_functional": "1",
        "expects_functional": "1",
        "line_end": "lf",
        **{f"separator_{name}": defaults.get(name, "") for name in SEPARATORS},
    }


def _fields_of(profile: PartnerProfile) -> Fields:
    marks = separators_of(profile)
    ends = {text: name for name, text in LINE_ENDS.items()}
    return {
        "syntax": profile.syntax,
        "usage": profile.usage,
        "line_end": ends.get(marks.get("line_end", ""), "none"),
        **{name: getattr(profile, name) for name in TEXTS},
        **{name: "1" if getattr(profile, name) else "" for name in TICKS},
        **{f"separator_{name}": marks.get(name, "") for name in SEPARATORS},
    }


def _set_profile(form: Posted, speaker: Speaker) -> str:
    fields = form.fields
    syntax = fields.get("syntax", "")
    known = DEFAULT_SEPARATORS.get(syntax, {})
    asked = {name: fields.get(f"separator_{name}", "").strip() for name in SEPARATORS if name in known}
    marks = {name: text for name, text in asked.items() if text}
    if "line_end" in known:
        marks["line_end"] = LINE_ENDS.get(fields.get("line_end", ""), "")
    set_profile(
        company=form.partner.company,
        partner=form.partner,
        values=ProfileValues(
            syntax=syntax,
            usage=fields.get("usage", ""),
            separators=marks,
            **{name: fields.get(name, "").strip() for name in TEXTS},
            wants_functional=bool(fields.get("wants_functional")),
            expects_functional=bool(fields.get("expects_functional")),
            asks_interchange=bool(fields.get("asks_interchange")),
        ),
        speaker=speaker,
    )
    return _("The profile of %(partner)s is agreed.") % {"partner": form.partner}


def _set_standing(form: Posted, speaker: Speaker) -> str:
    fields = form.fields
    row = set_standing(
        profile=form.profile,
        direction=fields.get("direction", ""),
        kind=fields.get("kind", "").strip(),
        standing=fields.get("standing", ""),
        starts_on=_day(fields, "starts_on"),
        ends_on=_day(fields, "ends_on"),
        speaker=speaker,
    )
    return _("%(kind)s: %(standing)s.") % {"kind": row.kind, "standing": row.get_standing_display()}


def _remove_standing(form: Posted, speaker: Speaker) -> str:
    remove_standing(profile=form.profile, set_id=_id(form.fields), speaker=speaker)
    return _("Taken back.")


def _set_code(form: Posted, speaker: Speaker) -> str:
    row = set_code(
        profile=form.profile,
        code_list=form.fields.get("code_list", "").strip(),
        theirs=form.fields.get("theirs", "").strip(),
        standard=form.fields.get("standard", "").strip(),
        speaker=speaker,
    )
    return _("%(theirs)s is read as %(standard)s from now on.") % {
        "theirs": row.theirs,
        "standard": row.standard,
    }


def _remove_code(form: Posted, speaker: Speaker) -> str:
    remove_code(profile=form.profile, code_id=_id(form.fields), speaker=speaker)
    return _("Taken back.")


def _set_range(form: Posted, speaker: Speaker) -> str:
    first, last = (whole_number(form.fields.get(name, ""), f"/{name}") for name in ("first", "last"))
    row = set_range(
        profile=form.profile,
        kind=form.fields.get("range", ""),
        first=first or 0,
        last=last or 0,
        speaker=speaker,
    )
    return _("The next number is %(number)s.") % {"number": row.following}


def _day(fields: Fields, name: str) -> dt.date | None:
    text = fields.get(name, "").strip()
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise InputError("no_day", _("Write a day like 2027-01-31."), f"/{name}") from error


def _id(fields: Fields) -> int:
    text = fields.get("id", "")
    return int(text) if text.isdecimal() and len(text) <= 18 else 0


_DEEDS: Mapping[str, Callable[[Posted, Speaker], str]] = {
    "profile": _set_profile,
    "set": _set_standing,
    "remove-set": _remove_standing,
    "code": _set_code,
    "remove-code": _remove_code,
    "range": _set_range,
}

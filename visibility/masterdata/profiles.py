"""Reading what is agreed with partners about documents."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from visibility.core.errors import NotFoundError
from visibility.masterdata.models import (
    CodeOverride,
    ControlRange,
    CrossReference,
    PartnerProfile,
    ProfileSet,
    TradingPartner,
)

ENTITY = "partner_profile"
CODE_LISTS = (
    "acknowledgement_type",
    "line_status",
    "order_type",
    "purpose",
    "unit",
)
"""Lists that partners are known to write codes of their own in; a mapping may read others."""
ACKNOWLEDGEMENTS = ("855", "ORDRSP", "order.acknowledged")
SHIP_NOTICES = ("856", "DESADV", "shipment.notified")
INVOICES = ("810", "880", "INVOIC", "invoice.received")
IN_KINDS: Mapping[str, tuple[str, ...]] = {
    PartnerProfile.Syntax.X12: ("855", "865", "856", "810", "997"),
    PartnerProfile.Syntax.EDIFACT: ("ORDRSP", "DESADV", "INVOIC", "CONTRL"),
    PartnerProfile.Syntax.JSON: ("order.acknowledged", "shipment.notified", "invoice.received"),
}
"""What suppliers usually send, for forms."""
OUT_KINDS: Mapping[str, tuple[str, ...]] = {
    PartnerProfile.Syntax.X12: ("850", "860", "861", "940", "997", "TA1"),
    PartnerProfile.Syntax.EDIFACT: ("ORDERS", "ORDCHG", "RECADV", "CONTRL"),
    PartnerProfile.Syntax.JSON: ("order.placed", "order.changed", "goods.received"),
}
DEFAULT_SEPARATORS: Mapping[str, Mapping[str, str]] = {
    PartnerProfile.Syntax.X12: {
        "element": "*",
        "component": ":",
        "segment": "~",
        "repetition": "^",
        "line_end": "\n",
    },
    PartnerProfile.Syntax.EDIFACT: {
        "element": "+",
        "component": ":",
        "segment": "'",
        "repetition": "*",
        "release": "?",
        "decimal": ".",
        "line_end": "\n",
    },
    PartnerProfile.Syntax.JSON: {},
}


@dataclass(frozen=True)
class Agreed:
    """A profile with all that belongs to it, and the partner's other envelope ids."""

    profile: PartnerProfile
    sets: tuple[ProfileSet, ...] = ()
    codes: tuple[CodeOverride, ...] = ()
    ranges: tuple[ControlRange, ...] = ()
    references: tuple[str, ...] = ()

    @property
    def envelope_ids(self) -> tuple[str, ...]:
        """By which its documents are known, in capitals: the profile's own and those mapped to it."""
        ids = (self.profile.their_envelope_id, *self.references)
        return tuple(dict.fromkeys(each.upper() for each in ids if each))

    def codes_by_list(self) -> dict[str, dict[str, str]]:
        """By list what the partner writes, and the standard's for it."""
        found: dict[str, dict[str, str]] = {}
        for each in self.codes:
            found.setdefault(each.code_list, {})[each.theirs] = each.standard
        return found


def separators_of(profile: PartnerProfile) -> dict[str, str]:
    """The separators documents to the partner are written with."""
    own = {name: text for name, text in profile.separators.items() if isinstance(text, str)}
    return {**DEFAULT_SEPARATORS.get(profile.syntax, {}), **own}


def agreed_of_company(*, company_id: int) -> list[Agreed]:
    """Every profile of a company with what belongs to it. Five queries."""
    rows = PartnerProfile.objects.filter(company_id=company_id).select_related("partner").order_by("pk")
    return _together(list(rows))


def agreed_with(*, companies: Sequence[int], partner_id: int) -> Agreed | None:
    """What is agreed with a partner; None: nothing yet. NotFoundError for a partner of nobody's here."""
    partner_of(companies=companies, partner_id=partner_id)
    rows = PartnerProfile.objects.filter(partner_id=partner_id).select_related("partner", "company")
    return next(iter(_together(list(rows))), None)


def partner_of(*, companies: Sequence[int], partner_id: int) -> TradingPartner:
    """A partner of these companies. NotFoundError where it is none."""
    partners = TradingPartner.objects.select_related("company").filter(company_id__in=companies)
    found = partners.filter(pk=partner_id).first()
    if found is None:
        raise NotFoundError("There is no such partner.")
    return found


def _together(rows: list[PartnerProfile]) -> list[Agreed]:
    if not rows:
        return []
    ids = [row.pk for row in rows]
    sets = ProfileSet.objects.filter(profile_id__in=ids).order_by("direction", "kind", "starts_on", "pk")
    codes = CodeOverride.objects.filter(profile_id__in=ids).order_by("code_list", "theirs")
    ranges = ControlRange.objects.filter(profile_id__in=ids).order_by("pk")
    references = CrossReference.objects.filter(
        company_id__in={row.company_id for row in rows},
        kind=CrossReference.Kind.PARTNER,
        target__in=[row.partner_id for row in rows],
    ).order_by("value")
    all_sets, all_codes, all_ranges = list(sets), list(codes), list(ranges)
    named = list(references.values_list("target", "value"))
    return [
        Agreed(
            profile=row,
            sets=tuple(each for each in all_sets if each.profile_id == row.pk),
            codes=tuple(each for each in all_codes if each.profile_id == row.pk),
            ranges=tuple(each for each in all_ranges if each.profile_id == row.pk),
            references=tuple(value for target, value in named if target == row.partner_id),
        )
        for row in rows
    ]


def standing_on(
    sets: Sequence[ProfileSet], *, direction: str, kinds: Sequence[str], day: dt.date
) -> set[str]:
    """What is agreed of these kinds on a day."""
    return {
        each.standing
        for each in sets
        if each.direction == direction
        and each.kind in kinds
        and (each.starts_on is None or each.starts_on <= day)
        and (each.ends_on is None or day <= each.ends_on)
    }

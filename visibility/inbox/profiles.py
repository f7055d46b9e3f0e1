"""What is agreed with partners about reading, as translators want it: by a sender's envelope id."""

import time
from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

from visibility.inbox.ports import ReadingProfile, Separators, SetStanding
from visibility.masterdata.models import Company, PartnerProfile, ProfileSet
from visibility.masterdata.profiles import Agreed, agreed_of_company, separators_of

KEEP_SECONDS = 30.0
"""A code mapped to a partner elsewhere changes no profile; it is seen after so long at the latest."""
Profiles = Mapping[str, ReadingProfile]
_NONE: Profiles = MappingProxyType({})
_kept: dict[int, tuple[UUID, float, Profiles]] = {}


def reading_profiles(*, company: Company) -> Profiles:
    """The profiles of a company by envelope ids in capitals ("ZZ:ACMEIND").

    Kept as long as the company's mark is the same: a message costs no query for them.
    """
    mark = company.profiles_mark
    if mark is None:
        return _NONE
    now, kept = time.monotonic(), _kept.get(company.pk)
    if kept is not None and kept[0] == mark and kept[1] > now:
        return kept[2]
    found: Profiles = MappingProxyType(
        {
            envelope_id: reading
            for agreed in agreed_of_company(company_id=company.pk)
            for reading in (reading_profile(agreed),)
            for envelope_id in agreed.envelope_ids
        }
    )
    _kept[company.pk] = (mark, now + KEEP_SECONDS, found)
    return found


def reading_profile(agreed: Agreed) -> ReadingProfile:
    """What is agreed with one partner, as its documents are read by it."""
    return ReadingProfile(
        partner=str(agreed.profile.partner),
        time_zone=agreed.profile.time_zone,
        codes=agreed.codes_by_list(),
        sets=tuple(
            SetStanding(
                kind=each.kind,
                standing=each.standing,  # type: ignore[arg-type]  # one of the table's choices
                starts_on=each.starts_on,
                ends_on=each.ends_on,
            )
            for each in agreed.sets
            if each.direction == ProfileSet.Direction.IN
        ),
        acknowledged=agreed.profile.wants_functional,
        separators=writing_separators(agreed.profile),
    )


def writing_separators(profile: PartnerProfile) -> Separators | None:
    """What documents to the partner are written with; None where none are."""
    if profile.syntax not in PartnerProfile.WRITTEN:
        return None
    return Separators(**separators_of(profile))

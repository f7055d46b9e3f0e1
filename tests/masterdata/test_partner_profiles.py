"""What is agreed with a partner about documents is checked, kept in the history, and moves the clocks."""

import datetime as dt

import factories as make
import pytest
from profiled import KIM, partner_of, profile_of, values

from visibility.core import clock
from visibility.core.errors import InputError, NotFoundError
from visibility.masterdata.golive import Speaker
from visibility.masterdata.models import AuditEntry, Company, PartnerProfile, ProfileSet, TradingPartner
from visibility.masterdata.profiles import agreed_with, separators_of
from visibility.masterdata.profiles_parts import (
    apply_due_standings,
    remove_code,
    remove_standing,
    set_code,
    set_range,
    set_standing,
)
from visibility.masterdata.profiles_setting import set_profile

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 2, 18, tzinfo=dt.UTC)


@pytest.fixture
def company(db: None) -> Company:
    return make.company(time_zone="America/Chicago")


def history(of: PartnerProfile) -> list[tuple[str, str, str]]:
    rows = AuditEntry.objects.filter(entity="partner_profile", entity_id=of.pk).order_by("id")
    return list(rows.values_list("field", "before", "after"))


def mark_of(company: Company):
    return Company.objects.get(pk=company.pk).profiles_mark


def test_a_profile_is_kept_with_who_agreed_it_and_why(company):
    profile = profile_of(company)
    first = mark_of(company)
    assert first is not None
    assert ("their_id", "", "ACMEIND") in history(profile)
    entry = AuditEntry.objects.filter(entity="partner_profile").latest("id")
    assert (entry.who, entry.why, entry.subject) == ("J. Kim", KIM.reason, "Acme Industries")
    profile_of(company, separators={"element": "|"})
    assert history(profile)[-1] == ("separators", "", "element '|'")
    assert separators_of(PartnerProfile.objects.get())["element"] == "|"
    assert mark_of(company) != first


def test_agreeing_the_same_again_changes_nothing(company):
    profile = profile_of(company)
    before, mark = history(profile), mark_of(company)
    profile_of(company)
    assert (history(profile), mark_of(company)) == (before, mark)


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"version": "4010"}, "/version"),
        ({"syntax": "morse"}, "/syntax"),
        ({"their_id": ""}, "/their_id"),
        ({"their_id": "A" * 16}, "/their_id"),
        ({"our_id": "NORTH*GATE"}, "/our_id"),
        ({"our_qualifier": "Z"}, "/our_qualifier"),
        ({"time_zone": "Mars/Phobos"}, "/time_zone"),
        ({"usage": "rehearsal"}, "/usage"),
        ({"separators": {"element": "A"}}, "/separator_element"),
        ({"separators": {"element": ":"}}, "/separator_element"),
        ({"separators": {"release": "?"}}, "/separator_release"),
        ({"separators": {"line_end": "~"}}, "/separator_line_end"),
        ({"syntax": "edifact", "version": "004010"}, "/version"),
    ],
)
def test_what_cannot_be_in_an_envelope_is_refused_at_its_field(company, wrong, where):
    with pytest.raises(InputError) as caught:
        profile_of(company, **wrong)
    assert caught.value.where == where
    assert not PartnerProfile.objects.exists()


def test_without_a_reason_nothing_is_agreed(company):
    with pytest.raises(InputError):
        set_profile(
            company=company, partner=partner_of(company), values=values(), speaker=Speaker("Kim", " ")
        )


def test_an_identifier_is_one_partners(company):
    profile_of(company)
    other = partner_of(company, "BOLT", "Bolt & Nut")
    with pytest.raises(InputError) as caught:
        profile_of(company, other, their_id="acmeind")
    assert "Acme Industries" in caught.value.text


def test_a_partner_of_another_company_has_no_profile_here(company):
    with pytest.raises(NotFoundError):
        profile_of(make.company(), partner_of(company))
    with pytest.raises(NotFoundError):
        agreed_with(companies=[make.company().pk], partner_id=partner_of(company).pk)


def standing(profile: PartnerProfile, kind: str = "855", word: str = "expected", **more) -> ProfileSet:
    return set_standing(profile=profile, direction="in", kind=kind, standing=word, speaker=KIM, **more)


@pytest.mark.parametrize(("word", "sends"), [("expected", True), ("optional", False), ("never", False)])
def test_a_clock_waits_for_what_is_expected_and_for_nothing_else(company, word, sends):
    profile = profile_of(company)
    TradingPartner.objects.update(sends_acknowledgements=not sends)
    standing(profile, "855", word)
    partner = TradingPartner.objects.get()
    assert (partner.sends_acknowledgements, partner.sends_ship_notices) == (sends, True)
    assert ("sends_acknowledgements", "no" if sends else "yes", "yes" if sends else "no") in history(profile)


def test_a_standing_counts_from_its_day_on(company):
    profile = profile_of(company)
    with clock.at(NOON):
        standing(profile, "856", "never", starts_on=dt.date(2026, 11, 3))
        assert TradingPartner.objects.get().sends_ship_notices
    with clock.at(NOON + dt.timedelta(days=1)):
        assert (apply_due_standings(), apply_due_standings()) == (1, 0)
    assert not TradingPartner.objects.get().sends_ship_notices


def test_days_of_one_kind_do_not_meet(company):
    profile = profile_of(company)
    standing(profile, ends_on=dt.date(2026, 12, 31))
    standing(profile, word="never", starts_on=dt.date(2027, 1, 1))
    for days in (
        {"starts_on": dt.date(2026, 12, 31)},
        {"starts_on": dt.date(2020, 1, 1), "ends_on": dt.date(2020, 2, 1)},
        {"starts_on": dt.date(2028, 1, 1), "ends_on": dt.date(2028, 2, 1)},
    ):
        with pytest.raises(InputError):
            standing(profile, **days)
    with pytest.raises(InputError):
        standing(profile, "856", starts_on=dt.date(2026, 2, 1), ends_on=dt.date(2026, 1, 1))
    assert ProfileSet.objects.count() == 2


def test_what_was_agreed_can_be_taken_back(company):
    profile = profile_of(company)
    own, code = standing(profile), None
    remove_standing(profile=profile, set_id=own.pk, speaker=KIM)
    code = set_code(profile=profile, code_list="unit", theirs="PCE", standard="EA", speaker=KIM)
    remove_code(profile=profile, code_id=code.pk, speaker=KIM)
    assert history(profile)[-2:] == [("unit PCE", "", "EA"), ("unit PCE", "EA", "")]
    with pytest.raises(NotFoundError):
        remove_code(profile=profile, code_id=code.pk, speaker=KIM)
    agreed = agreed_with(companies=[company.pk], partner_id=profile.partner_id)
    assert agreed is not None
    assert (agreed.sets, agreed.codes) == ((), ())


def test_ranges_are_checked_and_kept_in_the_history(company):
    profile = profile_of(company)
    set_range(profile=profile, kind="interchange", first=100, last=199, speaker=KIM)
    assert history(profile)[-1] == ("interchange numbers", "1 to 999999999", "100 to 199")
    for first, last in ((0, 5), (9, 8), (1, 10**9)):
        with pytest.raises(InputError):
            set_range(profile=profile, kind="group", first=first, last=last, speaker=KIM)

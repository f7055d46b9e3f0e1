"""The demo's suppliers have profiles, and one of them is being tested."""

import datetime as dt

import pytest

from integrations.demo.company import set_up_company
from integrations.demo.profiles import agree_profiles, keep_test_files
from visibility.masterdata.models import CertificationFile, PartnerProfile, ProfileSet, TradingPartner
from visibility.masterdata.profiles import agreed_with
from visibility.masterdata.profiles_certifying import files_of
from visibility.pipeline.certifying import read_files
from visibility.sync.models import Endpoint

pytestmark = pytest.mark.django_db
ANCHOR = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)


def test_suppliers_are_agreed_with_once_and_the_files_of_one_are_read_without_fault(tmp_path):
    set_up_company()
    for _again in range(2):
        agree_profiles(state=tmp_path)
        keep_test_files(seed=20261, orders=40, anchor=ANCHOR)
    assert (
        PartnerProfile.objects.count() == TradingPartner.objects.filter(company__code="northgate").count() - 2
    )
    profile = PartnerProfile.objects.get(partner__code="VIREO")
    assert Endpoint.objects.get(partner_id=profile.partner_id).connector == "folder"
    agreed = agreed_with(companies=[profile.company_id], partner_id=profile.partner_id)
    assert agreed is not None
    read = read_files(agreed=agreed, files=files_of(profile=profile))
    assert CertificationFile.objects.count() == len(read) == 2
    assert {own.kind for file in read for own in file.sets} == {"855", "856"}
    assert [own.problems for file in read for own in file.sets if not own.usable] == []
    assert [file.problems for file in read] == [(), ()]
    assert ProfileSet.objects.get(profile=profile, kind="855", direction="in").certified_at is not None

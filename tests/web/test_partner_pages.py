"""A partner is brought on by its pages: profile, sets, codes, numbers, test files, certification."""

import sys
from pathlib import Path

import factories as make
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from visibility.access.models import Grant
from visibility.accounts.models import Role, User
from visibility.inbox.models import Message
from visibility.ledger.models import LedgerEntry
from visibility.masterdata.models import (
    CertificationFile,
    CodeOverride,
    ControlRange,
    PartnerProfile,
    ProfileSet,
    TradingPartner,
)
from visibility.masterdata.profiles_parts import set_code, set_standing

sys.path.insert(0, str(Path(__file__).parents[1] / "masterdata"))
from profiled import KIM, partner_of, profile_of  # lives with the tests of profiles

pytestmark = pytest.mark.django_db
CHANGING = (Role.INTEGRATION, Role.DATA_STEWARD, Role.SUPPLIER_MANAGER)


@pytest.fixture
def partner(db: None) -> TradingPartner:
    return partner_of(make.company("northgate", issuer=make.NORTHGATE))


def entered(of: TradingPartner, role: Role = Role.INTEGRATION, *, own: bool = False) -> Client:
    user = User.objects.create_user(
        f"user-{User.objects.count()}", password="x", role=role, first_name="Rosa"
    )
    Grant.objects.create(user=user, company=of.company, partner=of if own else None)
    client = Client()
    client.force_login(user)
    return client


def page(of: TradingPartner, more: str = "") -> str:
    return f"/partners/{of.pk}/{more}"


PROFILE = {
    "do": "profile",
    "syntax": "x12",
    "version": "004010",
    "our_qualifier": "ZZ",
    "our_id": "NORTHGATE",
    "their_qualifier": "ZZ",
    "their_id": "ACMEIND",
    "usage": "test",
    "time_zone": "America/Chicago",
    "separator_element": "|",
    "line_end": "crlf",
    "wants_functional": "1",
    "reason": "Their guide of May",
}


def posted(client: Client, address: str, **fields: object):
    return client.post(address, {"reason": "As they wrote", **fields}, follow=True)


@pytest.mark.parametrize("role", CHANGING)
def test_a_profile_is_agreed_and_found_in_the_list_and_the_history(partner, role):
    client = entered(partner, role)
    assert "NORTHGATE" in client.get(page(partner)).content.decode()  # proposed from the company's issuer
    answer = posted(client, page(partner), **PROFILE)
    assert "is agreed" in answer.content.decode()
    profile = PartnerProfile.objects.get(partner=partner)
    assert (profile.their_envelope_id, profile.usage) == (make.ACME, "test")
    assert profile.separators == {"element": "|", "line_end": "\r\n"}
    assert (profile.wants_functional, profile.expects_functional) == (True, False)
    assert "Their guide of May" in client.get(page(partner)).content.decode()
    listed = client.get("/partners/").content.decode()
    assert "ZZ:ACMEIND" in listed
    assert "No sets agreed" in listed


def test_what_is_wrong_is_said_at_its_field_and_the_form_keeps_what_was_written(partner):
    answer = posted(entered(partner), page(partner), **{**PROFILE, "their_id": "A*B"})
    shown = answer.content.decode()
    assert answer.status_code == 400
    assert 'id="wrong-their_id"' in shown
    assert 'value="A*B"' in shown
    assert not PartnerProfile.objects.exists()


def test_sets_codes_and_numbers_are_agreed_and_taken_back(partner):
    profile_of(partner.company, partner)
    client, address = entered(partner), page(partner)
    posted(client, address, do="set", direction="in", kind="855", standing="expected", starts_on="2026-01-01")
    posted(client, address, do="code", code_list="unit", theirs="CASE", standard="CA")
    posted(client, address, do="range", range="interchange", first="500", last="599")
    assert ProfileSet.objects.get().starts_on.isoformat() == "2026-01-01"
    assert (CodeOverride.objects.get().theirs, ControlRange.objects.get(kind="interchange").following) == (
        "CASE",
        500,
    )
    posted(client, address, do="remove-set", id=ProfileSet.objects.get().pk)
    posted(client, address, do="remove-code", id=CodeOverride.objects.get().pk)
    assert (ProfileSet.objects.count(), CodeOverride.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"do": "set", "direction": "in", "kind": "855", "standing": "perhaps"},
        {"do": "set", "direction": "in", "kind": "855", "standing": "never", "starts_on": "soon"},
        {"do": "code", "code_list": "unit", "theirs": "", "standard": "CA"},
        {"do": "range", "range": "interchange", "first": "9", "last": "3"},
        {"do": "range", "range": "interchange", "first": "many", "last": "3"},
        {"do": "dance"},
        {"do": "set", "direction": "in", "kind": "855", "standing": "never", "reason": ""},
    ],
)
def test_what_cannot_be_agreed_is_said(partner, wrong):
    profile_of(partner.company, partner)
    answer = posted(entered(partner), page(partner), **wrong)
    assert answer.status_code == 400
    assert (ProfileSet.objects.count(), CodeOverride.objects.count()) == (0, 0)


@pytest.mark.parametrize("role", [role for role in Role if role not in CHANGING])
def test_others_read_and_change_nothing(partner, role):
    profile_of(partner.company, partner)
    client = entered(partner, role)
    for address in ("/partners/", page(partner), page(partner, "certification/")):
        shown = client.get(address)
        assert shown.status_code == 200
        assert b'method="post"' not in shown.content.split(b"<main")[1]
    assert posted(client, page(partner), **PROFILE).status_code == 403
    assert posted(client, page(partner, "certification/"), do="certify", kind="855").status_code == 403


def test_for_a_partners_own_reader_and_for_other_companies_there_is_no_such_page(partner):
    profile_of(partner.company, partner)
    other = partner_of(make.company("elsewhere"))
    for client in (entered(partner, own=True), entered(other)):
        for address in (page(partner), page(partner, "certification/")):
            assert client.get(address).status_code == 404
            assert posted(client, address, **PROFILE).status_code == 404
    assert entered(partner, own=True).get("/partners/").status_code == 404
    assert "ACMEIND" not in entered(other).get("/partners/").content.decode()


def answer_file(*, code: str = "OK", sender: str = "ACMEIND") -> bytes:
    own = make.transaction(
        "855",
        "BAK*00*AC*4500001*20261102****20261103",
        "PO1*1*100*CA*10.00**BP*SKU-1042",
        f"ACK*{code}*100*CA*068*20261110",
    )
    return make.interchange(own, group="PR", sender=sender, receiver="NORTHGATE", control=5)


def dropped(client: Client, of: TradingPartner, **files: bytes):
    return client.post(
        page(of, "certification/"),
        {"do": "add", "files": [SimpleUploadedFile(name, body) for name, body in files.items()]},
        follow=True,
    )


@pytest.fixture
def brought(partner) -> tuple[Client, TradingPartner, PartnerProfile]:
    profile = profile_of(partner.company, partner)
    for kind in ("855", "856"):
        set_standing(profile=profile, direction="in", kind=kind, standing="expected", speaker=KIM)
    return entered(partner), partner, profile


def test_test_files_are_read_and_nothing_of_them_enters_the_ledger(brought):
    client, partner, _profile = brought
    event = make.order("4500077", make.line(price="1.00"))
    shown = dropped(client, partner, answer=answer_file(), event=make.batch(event)).content.decode()
    kept = CertificationFile.objects.order_by("name").values_list("name", "kept_by", "content_type")
    assert [(name, by) for name, by, _type in kept] == [("answer", "Rosa"), ("event", "Rosa")]
    assert "2 files are read below" in shown
    assert "Still missing" in shown
    assert "856" in shown.split("Still missing")[1][:80]
    assert "&#x27;OK&#x27; is no line status known here" in shown
    assert "segment 4" in shown
    assert "4500001" in shown
    assert "ST*997" in shown
    assert (LedgerEntry.objects.count(), Message.objects.count()) == (0, 0)


def test_an_override_is_seen_at_once_and_what_is_right_is_certified(brought):
    client, partner, profile = brought
    dropped(client, partner, answer=answer_file())
    set_code(profile=profile, code_list="line_status", theirs="OK", standard="IA", speaker=KIM)
    assert "is no line status known here" not in client.get(page(partner, "certification/")).content.decode()
    posted(client, page(partner, "certification/"), do="certify", kind="855")
    row = ProfileSet.objects.get(kind="855")
    assert (row.certified_by, row.certified_at is not None) == ("Rosa", True)
    assert "1 of 2 sets certified" in client.get("/partners/").content.decode()
    posted(client, page(partner, "certification/"), do="withdraw", kind="855")
    assert ProfileSet.objects.get(kind="855").certified_at is None


def test_an_envelope_of_somebody_else_is_told(brought):
    client, partner, _profile = brought
    shown = dropped(client, partner, answer=answer_file(sender="BOLTCO")).content.decode()
    assert "comes from ZZ:BOLTCO, which is no identifier of this partner" in shown


def test_the_same_file_is_kept_once_and_can_be_taken_away(brought):
    client, partner, profile = brought
    dropped(client, partner, first=answer_file(), again=answer_file())
    kept = CertificationFile.objects.get()
    posted(client, page(partner, "certification/"), do="remove", id=kept.pk)
    assert not CertificationFile.objects.exists()
    assert "first, Rosa" in client.get(page(partner)).content.decode()
    assert profile.pk == kept.profile_id


def test_what_is_no_file_is_said(brought):
    client, partner, _profile = brought
    assert dropped(client, partner, empty=b" ").status_code == 400
    assert client.post(page(partner, "certification/"), {"do": "add"}).status_code == 400
    hostile = dropped(client, partner, **{"x<script>.edi": b"ISA*00*not much of one"}).content.decode()
    assert "<script>.edi" not in hostile
    assert "x&lt;script&gt;.edi" in hostile


def test_samples_show_what_the_partner_gets_and_use_no_number(brought):
    client, partner, _profile = brought
    shown = client.get(page(partner, "certification/")).content.decode()
    assert "BEG*00*" in shown
    assert set(ControlRange.objects.values_list("taken", flat=True)) == {None}


def test_without_a_profile_certification_leads_to_it(partner):
    assert entered(partner).get(page(partner, "certification/")).url == page(partner)


def test_the_list_asks_the_same_few_questions_however_many_partners(partner, django_assert_max_num_queries):
    company = partner.company
    for number in range(12):
        other = partner_of(company, f"P{number}", f"Partner {number}")
        profile = profile_of(company, other, their_id=f"P{number}")
        set_standing(profile=profile, direction="in", kind="855", standing="expected", speaker=KIM)
    client = entered(partner)
    client.get("/partners/")
    with django_assert_max_num_queries(16):
        assert client.get("/partners/?q=Partner").content.decode().count("P1") > 1

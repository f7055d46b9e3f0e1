"""Messages are read as agreed with their partner; what is agreed anew counts when they are replayed."""

import sys
from pathlib import Path

import factories as make
import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from visibility.flows.models import Flow
from visibility.inbox.models import Connection, Message, Outcome
from visibility.inbox.services import replay_message
from visibility.masterdata.models import CrossReference, PartnerProfile
from visibility.masterdata.profiles_parts import set_code, set_standing
from visibility.pipeline.worker import drain

sys.path.insert(0, str(Path(__file__).parents[1] / "masterdata"))
from profiled import KIM, partner_of, profile_of  # lives with the tests of profiles

pytestmark = pytest.mark.django_db


@pytest.fixture
def edi(db: None) -> Connection:
    """Acme's feed: order 4500001 came."""
    own = make.connection(of=make.company(issuer=make.NORTHGATE))
    partner_of(own.company)
    make.tell(own, make.order("4500001"))
    return own


def answered(at: Connection, *, code: str = "OK", sender: str = "ACMEIND", control: int = 5) -> Message:
    """An answer with a status code of the partner's own."""
    own = make.transaction(
        "855",
        "BAK*00*AC*4500001*20261102****20261103",
        "PO1*1*100*CA*10.00**BP*SKU-1042",
        f"ACK*{code}*100*CA*068*20261110",
    )
    make.process(at, make.interchange(own, group="PR", sender=sender, receiver="NORTHGATE", control=control))
    return Message.objects.filter(direction="in").latest("received_at")


def outcome(message: Message) -> Outcome:
    return Outcome.objects.filter(message=message).latest("translation")


def confirmed() -> int:
    return int(Flow.objects.get(number="4500001").lines.get().confirmed or 0)


def test_a_code_agreed_with_the_partner_is_read_and_a_replay_reads_it_anew(edi):
    message = answered(edi)
    assert "unknown_line_status" in {problem["code"] for problem in outcome(message).problems}
    before = confirmed()
    set_code(
        profile=profile_of(edi.company), code_list="line_status", theirs="OK", standard="IA", speaker=KIM
    )
    replay_message(message_id=message.pk)
    drain()
    assert outcome(message).translation == 2
    assert "unknown_line_status" not in {problem["code"] for problem in outcome(message).problems}
    assert (before, confirmed()) == (0, 100)


def test_the_partners_other_envelope_ids_count_as_its_own(edi):
    profile = profile_of(edi.company)
    CrossReference.objects.create(
        company=edi.company, kind="partner", value="ZZ:acme-west", target=profile.partner_id
    )
    set_code(profile=profile, code_list="line_status", theirs="OK", standard="IA", speaker=KIM)
    assert outcome(answered(edi, sender="ACME-WEST")).problems == []


def test_what_the_partner_never_sends_is_refused_with_the_reason(edi):
    set_standing(profile=profile_of(edi.company), direction="in", kind="855", standing="never", speaker=KIM)
    own = outcome(answered(edi, code="IA"))
    (problem,) = (each for each in own.problems if each["code"] == "set_not_agreed")
    assert (own.status, own.entries) == ("rejected", 0)
    assert "Acme Industries never sends a 855" in problem["text"]


def test_another_companys_profile_changes_nothing_here(edi):
    other = make.company()
    set_code(profile=profile_of(other), code_list="line_status", theirs="OK", standard="IA", speaker=KIM)
    profile_of(edi.company)
    assert outcome(answered(edi)).problems != []


def test_a_profile_costs_a_message_no_query(edi):
    counts = []
    for control in range(6, 10):
        if control == 8:
            set_code(
                profile=profile_of(edi.company), code_list="unit", theirs="CASE", standard="CA", speaker=KIM
            )
            answered(edi, code="IA", control=20)  # read once, when it was agreed
        with CaptureQueriesContext(database) as asked:
            answered(edi, code="IA", control=control)
        counts.append(len(asked))
    assert counts[1] == counts[3]
    assert PartnerProfile.objects.exists()


def test_what_is_agreed_counts_for_the_very_next_message(edi):
    profile = profile_of(edi.company)
    assert outcome(answered(edi, control=31)).problems != []  # the profile is read, and kept
    set_code(profile=profile, code_list="line_status", theirs="OK", standard="IA", speaker=KIM)
    assert outcome(answered(edi, control=32)).problems == []

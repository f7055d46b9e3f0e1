"""Above the limit a second person approves, never the same one, and what was proposed is what is done."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from deciding import Toy, commands, connect, person, scope, short_case, states
from factories import accepted as taken
from factories import answer, answer_line, tell

from visibility.accounts.models import Role, User
from visibility.core.errors import ForbiddenError, InputError, NotFoundError
from visibility.desk import services
from visibility.desk.catalogue import ACTIONS
from visibility.desk.errors import ChangedError, DecidedError
from visibility.desk.models import Resolution
from visibility.desk.selectors import count_to_approve, waiting_for_approval
from visibility.desk.waking import wake_waiting
from visibility.inbox.models import Connection
from visibility.ledger.models import LedgerEntry
from visibility.masterdata.approvals import set_approval_limit
from visibility.masterdata.golive import Speaker
from visibility.masterdata.resolve import forget_kept
from visibility.sync.models import OutboxMessage

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _toy(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(ACTIONS, "toy", Toy())
    forget_kept()
    yield
    forget_kept()


class Limited:
    """Buyers decide up to 1,000 alone; supplier managers approve more."""

    def __init__(self, at: Connection) -> None:
        set_approval_limit(
            company=at.company,
            role=Role.BUYER,
            action="",
            amount=Decimal(1000),
            approving=[Role.SUPPLIER_MANAGER, Role.BUYER],
            speaker=Speaker(who="lena", reason="as agreed"),
        )
        self.at, self.case = at, short_case(at)
        self.maria = person(at.company, name="maria")
        self.lena = person(at.company, Role.SUPPLIER_MANAGER, "lena")
        connect(at.company, "erp")

    def propose(self, worth: str = "5000") -> Resolution:
        self.case.refresh_from_db()
        return services.resolve_case(
            scope=scope(self.maria),
            user=self.maria,
            case_id=self.case.pk,
            action="toy",
            values={"worth": worth},
            seen_decisions=self.case.decisions,
        )

    def approve(self, user: User, of: Resolution) -> Resolution:
        return services.approve_resolution(scope=scope(user), user=user, resolution_id=of.pk)


@pytest.fixture
def limited(trial: Connection) -> Limited:
    return Limited(trial)


def test_what_is_worth_no_more_than_the_limit_is_decided_alone(limited: Limited):
    assert limited.propose("1000").state == "underway"


def test_above_the_limit_nothing_leaves_until_a_second_person_approved(limited: Limited):
    seen = services.preview_resolution(
        scope=scope(limited.maria),
        user=limited.maria,
        case_id=limited.case.pk,
        action="toy",
        values={"worth": "5000"},
    )
    assert "lena" in seen.approval
    proposed = limited.propose()
    limited.case.refresh_from_db()
    assert (proposed.state, limited.case.state) == ("proposed", "waiting")
    assert not OutboxMessage.objects.exists()
    assert not LedgerEntry.objects.filter(type="decision.taken").exists()
    approved = limited.approve(limited.lena, proposed)
    limited.case.refresh_from_db()
    assert (approved.state, limited.case.state) == ("underway", "resolved")
    assert states(approved) == ["sending", "cancelled", "cancelled"]
    entry = LedgerEntry.objects.get(type="decision.taken")
    assert (entry.document["decided_by"], entry.document["approved_by"]) == ("maria", "lena")


def test_nobody_approves_what_they_proposed_themselves_nor_whose_role_may_not(limited: Limited):
    proposed = limited.propose()
    with pytest.raises(ForbiddenError, match="themselves"):
        limited.approve(limited.maria, proposed)
    with pytest.raises(ForbiddenError):
        limited.approve(person(limited.at.company, Role.PLANNER), proposed)
    with pytest.raises(NotFoundError):
        limited.approve(User.objects.create(username="stranger"), proposed)
    proposed.refresh_from_db()
    assert proposed.state == "proposed"
    assert not OutboxMessage.objects.exists()


def test_a_proposal_is_approved_once(limited: Limited):
    proposed = limited.propose()
    limited.approve(limited.lena, proposed)
    with pytest.raises(DecidedError):
        limited.approve(limited.lena, proposed)
    assert len(commands()) == 1


def test_evidence_that_changed_since_the_proposal_has_to_be_looked_at_again(limited: Limited):
    proposed = limited.propose()
    tell(limited.at, answer("4500001", answer_line("1", taken(70)), at="2026-11-04T15:00:00Z"))
    with pytest.raises(ChangedError):
        limited.approve(limited.lena, proposed)
    assert not OutboxMessage.objects.exists()
    assert wake_waiting() == 1
    limited.case.refresh_from_db()
    assert limited.case.is_open, "the evidence woke it"
    again = limited.propose("10")
    proposed.refresh_from_db()
    assert (proposed.state, again.state) == ("rejected", "underway")


def test_a_proposal_that_is_rejected_comes_back_with_the_reason(limited: Limited):
    proposed = limited.propose()
    refused = {"scope": scope(limited.lena), "user": limited.lena, "resolution_id": proposed.pk}
    with pytest.raises(InputError):
        services.reject_resolution(**refused)
    services.reject_resolution(**refused, reason="ask for a discount first")
    limited.case.refresh_from_db()
    assert limited.case.is_open
    assert limited.case.events.filter(what="rejected", text__contains="discount").exists()
    assert limited.propose().state == "proposed", "it can be proposed again"


def test_a_proposal_keeps_others_from_deciding_until_it_is_answered(limited: Limited):
    limited.propose()
    tom = person(limited.at.company)
    limited.case.refresh_from_db()
    with pytest.raises(DecidedError, match="maria"):
        services.resolve_case(
            scope=scope(tom),
            user=tom,
            case_id=limited.case.pk,
            action="toy",
            values={},
            seen_decisions=limited.case.decisions,
        )


def test_the_list_of_proposals_says_who_may_approve_which(limited: Limited):
    limited.propose()
    ((row, may),) = waiting_for_approval(scope=scope(limited.lena), user=limited.lena)
    assert (row.who, row.worth, may) == ("maria", Decimal(5000), True)
    assert count_to_approve(scope=scope(limited.lena), user=limited.lena) == 1
    assert count_to_approve(scope=scope(limited.maria), user=limited.maria) == 0


def test_where_nobody_else_may_approve_it_is_said_at_once(limited: Limited):
    limited.lena.delete()
    with pytest.raises(InputError, match="nobody else"):
        limited.propose()
    limited.case.refresh_from_db()
    assert limited.case.is_open


def test_a_proposal_whose_case_the_evidence_closed_waits_for_nobody_any_more(limited: Limited):
    proposed = limited.propose()
    whole = answer("4500001", answer_line("1", taken(100)), at="2026-11-20T15:00:00Z", id="whole")
    tell(limited.at, whole)
    limited.case.refresh_from_db()
    assert limited.case.state == "closed"
    wake_waiting()
    proposed.refresh_from_db()
    limited.case.refresh_from_db()
    assert (proposed.state, limited.case.state) == ("rejected", "closed")
    assert proposed.finished_at is not None

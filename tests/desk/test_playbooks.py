"""What a company recommends stands first, where it makes sense for the case at hand."""

import factories as make
import pytest

from visibility.access.models import Grant
from visibility.access.scopes import scope_of_user
from visibility.accounts.models import Role, User
from visibility.core.errors import ForbiddenError, InputError
from visibility.desk.playbooks import list_playbooks, recommend
from visibility.desk.services import offers_of, see_case
from visibility.inbox.models import Connection
from visibility.masterdata.resolve import forget_kept
from visibility.triage.models import ExceptionCase

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(db: None) -> Connection:
    forget_kept()
    return make.connection(of=make.company("northgate", issuer=make.NORTHGATE))


@pytest.fixture
def jin(at: Connection) -> User:
    user = User.objects.create_user("jin", first_name="Jin", role=Role.SUPPLIER_MANAGER)
    Grant.objects.create(user=user, company=at.company)
    return user


def offered(jin: User) -> list[tuple[str, str]]:
    case = ExceptionCase.objects.get(kind="confirmed_short")
    seen = see_case(scope=scope_of_user(jin), case_id=case.pk)
    return [(action.name, offer.why) for action, offer in offers_of(seen=seen, user=jin)]


def test_a_playbook_puts_its_action_first_with_its_reason_and_the_newest_word_counts(at, jin):
    make.tell(at, make.order("4500001"), make.answer("4500001", make.answer_line("1", make.accepted(60))))
    scope, before = scope_of_user(jin), offered(jin)
    last = before[-1][0]
    assert before[0][0] != last
    recommend(scope=scope, user=jin, kind="confirmed_short", action=last, why="as agreed with Acme")
    assert offered(jin)[0] == (last, "as agreed with Acme")
    assert sorted(name for name, _ in offered(jin)) == sorted(name for name, _ in before)
    assert list_playbooks(scope=scope)["confirmed_short"].said_by == "Jin"
    recommend(scope=scope, user=jin, kind="confirmed_short", action="", why="")
    assert offered(jin) == before


def test_what_makes_no_sense_for_a_case_is_not_offered_whatever_a_playbook_says(at, jin):
    make.tell(at, make.order("4500001"), make.answer("4500001", make.answer_line("1", make.accepted(60))))
    before = offered(jin)
    assert "reopen_line" not in {name for name, _ in before}
    recommend(scope=scope_of_user(jin), user=jin, kind="confirmed_short", action="reopen_line", why="no")
    assert offered(jin) == before


@pytest.mark.parametrize(
    ("kind", "action", "why", "where"),
    [("confirmed_short", "make_coffee", "x", "action"), ("confirmed_short", "waive", " ", "why")],
)
def test_a_playbook_that_makes_no_sense_is_refused(at, jin, kind, action, why, where):
    with pytest.raises(InputError) as refused:
        recommend(scope=scope_of_user(jin), user=jin, kind=kind, action=action, why=why)
    assert refused.value.where == where


def test_buyers_make_no_playbooks(at, jin):
    jin.role = Role.BUYER
    with pytest.raises(ForbiddenError):
        recommend(scope=scope_of_user(jin), user=jin, kind="confirmed_short", action="waive", why="x")

"""Notices: one a case, person and way; sent once, and again only for a more pressing reason."""

import datetime as dt

import factories as make
import pytest
from django.core import mail

from visibility.access.models import Grant
from visibility.access.scopes import scope_of_user
from visibility.accounts.models import Role, User
from visibility.core import clock
from visibility.core.errors import InputError, NotFoundError
from visibility.desk import notices
from visibility.desk.models import Notification, NotificationChoice
from visibility.desk.notifying import gather_notices
from visibility.desk.sending import MOST_ATTEMPTS, NotSentError, send_due
from visibility.inbox.models import Connection
from visibility.masterdata.resolve import forget_kept
from visibility.triage.models import CaseComment, CaseEvent, CaseMention, CaseWatcher, ExceptionCase

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(db: None) -> Connection:
    forget_kept()
    connection = make.connection(of=make.company("northgate", issuer=make.NORTHGATE))
    gather_notices()  # what happened before is old
    return connection


def person(at: Connection, name: str, role: Role = Role.BUYER, **more) -> User:
    user = User.objects.create_user(name, email=f"{name}@northgate.example", first_name=name, role=role)
    Grant.objects.create(user=user, company=at.company, **more)
    return user


def short_case(at: Connection, quantity: int = 60) -> ExceptionCase:
    make.tell(
        at, make.order("4500001"), make.answer("4500001", make.answer_line("1", make.accepted(quantity)))
    )
    return ExceptionCase.objects.get(kind="confirmed_short")


def rows(user: User) -> list[tuple[str, str]]:
    return list(Notification.objects.filter(user=user).order_by("way").values_list("way", "why"))


def test_who_owns_the_case_is_told_once_and_who_does_not_is_not(at: Connection) -> None:
    maria, jin = person(at, "maria"), person(at, "jin", Role.SUPPLIER_MANAGER)
    case = short_case(at)
    ExceptionCase.objects.filter(pk=case.pk).update(owner_role=Role.BUYER)
    gather_notices()
    gather_notices()
    assert rows(maria) == [("app", "opened")]
    assert rows(jin) == []
    assert notices.count_unseen(user=maria) == 1
    notices.mark_seen(user=maria, case_id=case.pk)
    assert notices.count_unseen(user=maria) == 0


def test_a_later_word_replaces_the_earlier_one_in_the_same_row(at: Connection) -> None:
    maria = person(at, "maria")
    case = short_case(at)
    CaseWatcher.objects.create(case=case, user=maria, since=clock.now())
    gather_notices()
    CaseEvent.objects.create(case=case, at=clock.now(), what="progress", text="ERP updated after 14 s")
    gather_notices()
    (only,) = Notification.objects.filter(user=maria)
    assert (only.why, only.text) == ("progress", "ERP updated after 14 s")
    CaseEvent.objects.create(case=case, at=clock.now(), what="commented", text="nothing new")
    gather_notices()
    only.refresh_from_db()
    assert only.text == "ERP updated after 14 s", "a less pressing word does not hide a more pressing one"


def test_who_is_named_is_told_whatever_they_chose(at: Connection) -> None:
    maria, jin = person(at, "maria"), person(at, "jin", Role.SUPPLIER_MANAGER)
    NotificationChoice.objects.create(user=jin, way="email", queue="invalid-mappings", severity="critical")
    case = short_case(at)
    comment = CaseComment.objects.create(case=case, author=maria, at=clock.now(), text="@jin what now?")
    CaseMention.objects.create(comment=comment, user=jin)
    gather_notices()
    assert rows(jin) == [("email", "mentioned")]
    assert send_due() == 1
    (letter,) = mail.outbox
    assert letter.to == ["jin@northgate.example"]
    assert f"/cases/{case.pk}/" in letter.body
    assert "@jin what now?" in letter.body
    gather_notices()
    assert send_due() == 0, "one letter, however often it is gathered"


def test_a_digest_is_one_letter_at_its_hour(at: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    maria = person(at, "maria")
    NotificationChoice.objects.create(user=maria, way="digest", mine_only=False, hours={"at": ["08:00"]})
    make.tell(at, *(make.order(f"45{n:05}", make.line(price="9.00")) for n in range(3)))
    answers = (make.answer(f"45{n:05}", make.answer_line("1", make.accepted(60))) for n in range(3))
    make.tell(at, *answers)
    gather_notices()
    assert send_due() == 0
    due = Notification.objects.order_by("due_at").values_list("due_at", flat=True)
    assert len(set(due)) == 1
    monkeypatch.setattr(clock, "now", lambda: due[0])
    gathered = Notification.objects.count()
    assert send_due() == gathered >= 3
    (letter,) = mail.outbox
    assert letter.subject == f"{gathered} exceptions"
    assert letter.body.count("/cases/") == gathered


def test_what_does_not_go_out_is_kept_with_its_reason_and_tried_so_often(
    at: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    maria = person(at, "maria")
    NotificationChoice.objects.create(user=maria, way="email", mine_only=False)
    short_case(at)
    gather_notices()

    def fail(*_args: object, **_more: object) -> None:
        raise NotSentError("the mail server is away")

    monkeypatch.setattr("visibility.desk.sending.send_mail", fail)
    later = clock.now()
    for _ in range(MOST_ATTEMPTS + 2):
        later += dt.timedelta(days=1)
        monkeypatch.setattr(clock, "now", lambda moment=later: moment)
        assert send_due() == 0
    notice = Notification.objects.get(user=maria, case__kind="confirmed_short")
    assert (notice.attempts, notice.failure, notice.sent_at) == (
        MOST_ATTEMPTS,
        "the mail server is away",
        None,
    )


def test_a_clock_that_breaks_is_told_to_who_has_the_case(at: Connection) -> None:
    maria = person(at, "maria")
    case = short_case(at)
    now = clock.now()
    ExceptionCase.objects.filter(pk=case.pk).update(
        assignee=maria, sla_warns_at=now - dt.timedelta(hours=1), sla_due_at=now + dt.timedelta(hours=1)
    )
    gather_notices()
    assert rows(maria)[0][1] in ("warning", "opened")
    assert Notification.objects.get(user=maria).why == "warning"
    ExceptionCase.objects.filter(pk=case.pk).update(sla_due_at=now - dt.timedelta(minutes=1))
    gather_notices()
    assert Notification.objects.get(user=maria).why == "over"


def test_who_sees_one_partners_part_is_told_nothing(at: Connection) -> None:
    case = short_case(at)
    acme = person(at, "acme", partner_id=case.supplier_id)
    CaseWatcher.objects.create(case=case, user=acme, since=clock.now())
    gather_notices()
    assert rows(acme) == []


def test_a_notice_of_a_case_that_may_not_be_seen_any_more_is_not_shown(at: Connection) -> None:
    maria = person(at, "maria")
    case = short_case(at)
    CaseWatcher.objects.create(case=case, user=maria, since=clock.now())
    gather_notices()
    assert [row.case_id for row in notices.list_notices(scope=scope_of_user(maria), user=maria)] == [case.pk]
    Grant.objects.filter(user=maria).delete()
    assert notices.list_notices(scope=scope_of_user(maria), user=maria) == []


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"way": "pigeon"}, "way"),
        ({"way": "app", "severity": "huge"}, "severity"),
        ({"way": "digest", "at": "noon"}, "at"),
        ({"way": "webhook", "target": "http://example.org", "secret": "x" * 30}, "target"),
        ({"way": "webhook", "target": "https://example.org", "secret": "short"}, "secret"),
        ({"way": "chat", "target": "json://10.0.0.1"}, "target"),
        ({"way": "chat", "target": ""}, "target"),
    ],
)
def test_a_choice_that_makes_no_sense_is_refused_by_its_field(at: Connection, given, where) -> None:
    with pytest.raises(InputError) as refused:
        notices.add_choice(user=person(at, "maria"), given=given)
    assert refused.value.where == where


def test_addresses_of_chats_are_kept_sealed(at: Connection) -> None:
    maria = person(at, "maria")
    made = notices.add_choice(user=maria, given={"way": "chat", "target": "slack://T1/B2/secret"})
    made.refresh_from_db()
    assert made.target == "slack://…"
    assert b"B2/secret" not in bytes(made.secret)


def test_nobody_takes_away_what_somebody_else_chose(at: Connection) -> None:
    maria, jin = person(at, "maria"), person(at, "jin")
    made = notices.add_choice(user=maria, given={"way": "app"})
    with pytest.raises(NotFoundError):
        notices.remove_choice(user=jin, choice_id=made.pk)
    notices.remove_choice(user=maria, choice_id=made.pk)
    assert notices.list_choices(user=maria) == []

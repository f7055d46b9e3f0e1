"""What the company's people say, decide and agree about a supplier's own case is not for that supplier."""

import datetime as dt

import factories as make
import pytest
import terms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from visibility.access.models import Grant
from visibility.access.scopes import scope_of_user
from visibility.accounts.models import Role, User
from visibility.core import clock
from visibility.desk import services
from visibility.desk.models import Resolution
from visibility.inbox.models import Connection
from visibility.masterdata.resolve import forget_kept
from visibility.triage import working
from visibility.triage.models import CaseAttachment, ExceptionCase
from visibility.triage.views import save_view

pytestmark = pytest.mark.django_db
CANARY = "Kanarie"


@pytest.fixture
def told(db: None) -> Connection:
    """Order 4500001, of which 60 of 100 were confirmed."""
    forget_kept()
    connection = make.connection(of=make.company("northgate", issuer=make.NORTHGATE))
    make.tell(
        connection,
        make.order("4500001"),
        make.answer("4500001", make.answer_line("1", make.accepted(60)), coverage="detail"),
    )
    return connection


@pytest.fixture
def case(told: Connection) -> ExceptionCase:
    return ExceptionCase.objects.get(company=told.company, kind="confirmed_short")


def person(at: Connection, name: str, *, partner: int | None = None) -> User:
    user = User.objects.create_user(name, password="x", role=Role.BUYER, first_name=f"{CANARY}-{name}")
    Grant.objects.create(user=user, company=at.company, partner_id=partner)
    return user


def entered(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def worked(told: Connection, case: ExceptionCase) -> User:
    """All that people may do about a case was done by this one; each word of it bears the canary."""
    user = person(told, "maria")
    scope, ids = scope_of_user(user), [case.pk]
    file = SimpleUploadedFile(f"{CANARY}.txt", b"inside", content_type="text/plain")
    working.comment_cases(
        scope=scope, user=user, case_ids=ids, text=f"{CANARY}: they bluff @maria", files=[file]
    )
    working.assign_cases(scope=scope, user=user, case_ids=ids, assignee=user)
    until = clock.now() + dt.timedelta(days=1)
    working.snooze_cases(scope=scope, user=user, case_ids=ids, until=until, reason=f"{CANARY} sleeps")
    working.wake_cases(scope=scope, user=user, case_ids=ids)
    working.change_severity(scope=scope, user=user, case_ids=ids, severity="low", reason=f"{CANARY} low")
    working.watch_cases(scope=scope, user=user, case_ids=ids, watching=True)
    save_view(scope=scope, user=user, page="cases", name=f"{CANARY} view", query="", shared=True)
    terms.agreed_tolerance(told.company)
    return user


def decide(user: User, case: ExceptionCase) -> Resolution:
    seen = ExceptionCase.objects.get(pk=case.pk)
    return services.resolve_case(
        scope=scope_of_user(user),
        user=user,
        case_id=case.pk,
        action="waive",
        values={"reason": f"{CANARY} waived"},
        seen_decisions=seen.decisions,
    )


def pages_of(case: ExceptionCase) -> list[str]:
    attached = CaseAttachment.objects.earliest("id").pk
    columns = "&columns=".join(("assignee", "next_action", "state", "owner_role"))
    return [
        "/",
        f"/cases/{case.pk}/",
        f"/cases/?state=all&columns={columns}",
        f"/cases/rows/?row={case.pk}:-40&state=all&columns={columns}",
        f"/cases/export/?state=all&columns={columns}",
        f"/cases/export/?state=all&q={CANARY}",
        f"/flows/{case.flow.correlation_id}/",
        f"/attachments/{attached}/",
        f"/search/?q=case+{case.pk}",
        f"/api/v1/cases/{case.pk}",
        f"/cases/{case.pk}/decide/waive/",
        "/notifications/",
        "/notifications/count/",
        "/approvals/",
    ]


@pytest.mark.parametrize("decided", [False, True])
def test_a_suppliers_reader_sees_nothing_of_what_was_said_and_decided_inside(told, case, worked, decided):
    if decided:
        decide(worked, case)
    outside = entered(person(told, "outside", partner=case.supplier_id))
    outside_user = User.objects.get(username="outside")
    User.objects.filter(pk=outside_user.pk).update(first_name="Olga")
    for page in pages_of(case):
        answer = outside.get(page, follow=True)
        shown = answer.content.decode(errors="replace").replace(page, "").replace(f'value="{CANARY}"', "")
        at = shown.find(CANARY)
        assert at < 0 or "q=" in page, (page, shown[max(0, at - 200) : at + 60])
        assert answer.status_code in (200, 403, 404), page

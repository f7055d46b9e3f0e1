"""Every action × every role by address: the pages and the API refuse what the services refuse."""

import pytest
from deciding import person, short_case
from django.test import Client
from django.urls import reverse

from visibility.accounts.models import Role, User
from visibility.desk.catalogue import ACTIONS
from visibility.desk.models import Resolution
from visibility.inbox.models import Connection
from visibility.masterdata.models import Company
from visibility.masterdata.resolve import forget_kept
from visibility.sync.models import OutboxMessage
from visibility.triage.models import ExceptionCase

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(trial: Connection) -> ExceptionCase:
    forget_kept()
    return short_case(trial)


def _refused_kind(name: str, role: Role) -> str | None:
    """A kind the action is for, and not for this role; None where the role may take it on all of them."""
    action = ACTIONS[name]
    return next(
        (kind for kind in sorted(action.kinds) if not action.allows(role=role, kind=kind)),
        None,
    )


@pytest.mark.parametrize("role", list(Role))
def test_pages_and_api_refuse_a_role_what_it_may_not_decide(case: ExceptionCase, role: Role):
    client = Client()
    client.force_login(person(case.company, role))
    refused = {name: kind for name in ACTIONS if (kind := _refused_kind(name, role)) is not None}
    assert refused
    answers = {}
    for name, kind in refused.items():
        ExceptionCase.objects.filter(pk=case.pk).update(kind=kind)
        page = reverse("case-decide", args=[case.pk, name])
        form = {"op": "decide", "decisions": "0", "reason": "because"}
        said = {"action": name, "seen_decisions": 0, "values": {"reason": "because"}}
        answers[name] = [
            client.post(page, form).status_code,
            client.post(
                f"/api/v1/cases/{case.pk}/resolve", said, content_type="application/json"
            ).status_code,
        ]
    assert answers == {name: [403] * 2 for name in refused}
    assert not Resolution.objects.exists()
    assert not OutboxMessage.objects.exists()


@pytest.mark.parametrize("role", [Role.CUSTOMER_SERVICE, Role.EXECUTIVE])
def test_who_only_reads_is_refused_every_action(role: Role):
    assert {name for name in ACTIONS if _refused_kind(name, role) is None} == set()


def test_the_choice_of_another_role_is_not_shown_by_its_address(case: ExceptionCase):
    client = Client()
    client.force_login(person(case.company, Role.CUSTOMER_SERVICE))
    assert client.get(reverse("case-decide", args=[case.pk, "accept_answer"])).status_code == 403


def test_a_case_of_another_company_is_not_found_whatever_the_action(case: ExceptionCase):
    stranger = Client()
    stranger.force_login(person_elsewhere())
    for name in ACTIONS:
        page = reverse("case-decide", args=[case.pk, name])
        assert stranger.post(page, {"op": "decide", "decisions": "0"}).status_code == 404
    said = {"action": "waive", "seen_decisions": 0}
    answer = stranger.post(f"/api/v1/cases/{case.pk}/resolve", said, content_type="application/json")
    assert answer.status_code == 404


def person_elsewhere() -> User:
    """A buyer of another company."""
    from_elsewhere = Company.objects.create(code="elsewhere", name="Elsewhere")
    return person(from_elsewhere)

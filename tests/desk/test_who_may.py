"""Every action × every role, through the service and the API: what the page does not offer is refused too."""

import pytest
from deciding import person, scope, short_case
from django.test import Client

from visibility.accounts.models import Role
from visibility.core.errors import ForbiddenError, InputError
from visibility.desk import services
from visibility.desk.catalogue import ACTIONS
from visibility.desk.models import Resolution
from visibility.inbox.models import Connection
from visibility.masterdata.resolve import forget_kept
from visibility.triage.models import ExceptionCase

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(trial: Connection) -> ExceptionCase:
    forget_kept()
    return short_case(trial)


@pytest.mark.parametrize("role", list(Role))
def test_every_action_is_refused_to_a_role_that_may_not_take_it(case: ExceptionCase, role: Role):
    user = person(case.company, role)
    client = Client()
    client.force_login(user)
    for name, action in ACTIONS.items():
        # Of each kind the action is for: the permission is asked before what the case says.
        for kind in sorted(action.kinds):
            if action.allows(role=role, kind=kind):
                continue
            ExceptionCase.objects.filter(pk=case.pk).update(kind=kind)
            asked = {"scope": scope(user), "user": user, "case_id": case.pk, "action": name, "values": {}}
            with pytest.raises(ForbiddenError):
                services.preview_resolution(**asked)
            with pytest.raises(ForbiddenError):
                services.resolve_case(**asked, seen_decisions=0)
        if not any(action.allows(role=role, kind=kind) for kind in action.kinds):
            said = {"action": name, "seen_decisions": 0}
            answer = client.post(f"/api/v1/cases/{case.pk}/resolve", said, content_type="application/json")
            assert (name, answer.status_code) == (name, 403)
    assert not Resolution.objects.exists()


def test_an_action_is_for_its_kinds_only(case: ExceptionCase):
    maria = person(case.company)
    for name, action in ACTIONS.items():
        if "confirmed_short" in action.kinds:
            continue
        with pytest.raises((ForbiddenError, InputError)):
            services.preview_resolution(
                scope=scope(maria), user=maria, case_id=case.pk, action=name, values={}
            )


def test_what_is_offered_is_what_may_be_taken(case: ExceptionCase):
    for role in Role:
        user = person(case.company, role)
        seen = services.see_case(scope=scope(user), case_id=case.pk)
        for action, offer in services.offers_of(seen=seen, user=user):
            assert action.allows(role=role, kind="confirmed_short")
            assert offer.label

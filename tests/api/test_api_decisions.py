"""Deciding by the API: by people who signed in, within their role and scope, with the forgery token."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

sys.path.insert(0, str(Path(__file__).parents[1] / "desk"))  # people, cases and a toy action are made there

from deciding import Toy, connect, person, short_case

from visibility.accounts.models import Role, User
from visibility.desk.catalogue import ACTIONS
from visibility.inbox.models import ApiKey, Connection
from visibility.inbox.services import issue_key
from visibility.masterdata.resolve import forget_kept
from visibility.sync.models import OutboxMessage

pytestmark = pytest.mark.django_db
TOKEN = "a" * 32


@pytest.fixture(autouse=True)
def _toy(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(ACTIONS, "toy", Toy())
    forget_kept()
    yield
    forget_kept()


class Somebody:
    """A person at a browser."""

    def __init__(self, user: User | None, *, token: str = TOKEN) -> None:
        self._client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        self._token = token
        if user is not None:
            self._client.force_login(user)
        self._client.cookies["csrftoken"] = TOKEN

    def post(self, address: str, body: dict[str, Any], **headers: str) -> Any:
        return self._client.post(
            f"/api/v1{address}",
            data=body,
            content_type="application/json",
            headers={"X-CSRFToken": self._token, **headers},
        )

    def get(self, address: str, **headers: str) -> Any:
        return self._client.get(f"/api/v1{address}", headers=headers)


def test_a_case_is_read_previewed_and_decided(trial: Connection) -> None:
    case, maria = short_case(trial), Somebody(person(trial.company, name="maria"))
    connect(trial.company, "erp", "planning")
    read = maria.get(f"/cases/{case.pk}").json()
    assert read["decisions"] == 0
    assert any(offer["action"] == "accept_answer" for offer in read["offers"])
    seen = maria.post(f"/cases/{case.pk}/preview", {"action": "toy", "values": {"worth": 5}})
    assert seen.status_code == 200, seen.content
    assert [step["words"] for step in seen.json()["steps"]] == ["erp do", "planning do", "wms do"]
    assert len(seen.json()["by_hand"]) == 1
    body = {"action": "toy", "seen_decisions": 0, "evidence": seen.json()["evidence"]}
    decided = maria.post(f"/cases/{case.pk}/resolve", body, **{"Idempotency-Key": "k-1"})
    assert decided.status_code == 201, decided.content
    assert decided.json()["who"] == "maria"
    assert [effect["state"] for effect in decided.json()["effects"]] == ["sending", "waiting", "cancelled"]
    again = maria.post(f"/cases/{case.pk}/resolve", body, **{"Idempotency-Key": "k-1"})
    assert again.json()["id"] == decided.json()["id"]
    assert OutboxMessage.objects.count() == 2
    taken_back = maria.post(f"/resolutions/{decided.json()['id']}/reverse", {"reason": "wrong"})
    assert taken_back.json()["state"] == "reversed"


def test_who_comes_second_is_told_who_and_what(trial: Connection) -> None:
    case = short_case(trial)
    maria, tom = Somebody(person(trial.company, name="maria")), Somebody(person(trial.company))
    body = {"action": "toy", "seen_decisions": 0}
    maria.post(f"/cases/{case.pk}/resolve", body)
    late = tom.post(f"/cases/{case.pk}/resolve", body)
    assert late.status_code == 409
    assert late.json()["type"].endswith("/decided")
    assert (late.json()["who"], late.json()["words"]) == ("maria", "Accept 60, cancel 40")


def test_decisions_are_refused_by_role_by_scope_and_without_a_token(trial: Connection) -> None:
    case = short_case(trial)
    stranger = User.objects.create(username="stranger", role=Role.BUYER)
    dock = person(trial.company, Role.WAREHOUSE)
    body = {"action": "toy", "seen_decisions": 0}
    refused = [
        (Somebody(dock), 403),
        (Somebody(stranger), 404),
        (Somebody(None), 401),
        (Somebody(person(trial.company), token="b" * 32), 403),
    ]
    for who, status in refused:
        for address in (f"/cases/{case.pk}/resolve", f"/cases/{case.pk}/preview"):
            said = body if address.endswith("resolve") else {"action": "toy"}
            answer = who.post(address, said)
            assert (address, answer.status_code) == (address, status)
            assert answer["Content-Type"] == "application/problem+json"
    case.refresh_from_db()
    assert case.is_open


def test_a_key_of_a_connection_decides_nothing(trial: Connection) -> None:
    case = short_case(trial)
    key = issue_key(connection=trial, scope=ApiKey.Scope.READ)
    answer = Somebody(None).post(
        f"/cases/{case.pk}/resolve",
        {"action": "toy", "seen_decisions": 0},
        Authorization=f"Bearer {key}",
    )
    assert answer.status_code == 401


def test_what_is_wrong_with_a_value_is_told_by_its_field(trial: Connection) -> None:
    case, maria = short_case(trial), Somebody(person(trial.company))
    answer = maria.post(f"/cases/{case.pk}/preview", {"action": "toy", "values": {"worth": "much"}})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"] == "worth"
    nothing = maria.post(f"/cases/{case.pk}/preview", {"action": "magic"})
    assert nothing.status_code == 422

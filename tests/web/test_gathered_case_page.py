"""The page of a case that stands for many: how many orders wait, how far mending it got, what it links to."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse
from factories import batch, line, order, process

from visibility.access.models import Grant
from visibility.access.scopes import scope_of_user
from visibility.accounts.models import Role, User
from visibility.inbox.models import Connection
from visibility.masterdata.models import Item
from visibility.masterdata.resolve import forget_kept
from visibility.pipeline import mapping_runs
from visibility.pipeline.mapping_runs import go_on_with_runs, map_code, progress_of
from visibility.triage.models import CaseMember, ExceptionCase

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    forget_kept()


@pytest.fixture
def steward(trial: Connection) -> User:
    user = User.objects.create(username="stella", role=Role.DATA_STEWARD)
    Grant.objects.create(user=user, company=trial.company)
    return user


@pytest.fixture
def case(trial: Connection) -> ExceptionCase:
    process(trial, batch(*(order(f"48{n:05}", line("1"), line("2")) for n in range(3))))
    return ExceptionCase.objects.get(kind="unknown_item")


def page_of(case: ExceptionCase, user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.get(reverse("case", args=[case.pk])).content.decode()


def test_the_page_says_how_many_findings_on_how_many_orders_wait(case: ExceptionCase, steward: User):
    page = page_of(case, steward)
    assert "6 findings on 3 orders" in page
    assert page.index('id="decide"') < page.index('id="members"')
    assert 'id="progress"' not in page


def test_the_page_follows_a_run_until_all_were_looked_at(
    case: ExceptionCase, steward: User, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(mapping_runs, "BATCH_MEMBERS", 2)
    item = Item.objects.create(company=case.company, code="1042-X")
    map_code(scope=scope_of_user(steward), user=steward, case_id=case.pk, target=item.pk)
    mapping_runs._next_batch()
    run = progress_of(case_id=case.pk)
    assert run is not None
    assert 0 < run.done < 6
    halfway = page_of(case, steward)
    assert f"{run.done} of 6, since stella mended the cause" in halfway
    assert 'hx-select="#progress"' in halfway
    go_on_with_runs()
    done = page_of(case, steward)
    assert "6 of 6, since stella mended the cause" in done
    assert 'hx-select="#progress"' not in done


def test_what_stands_on_a_delivery_links_to_the_delivery(case: ExceptionCase, steward: User):
    command = uuid.uuid4()
    ExceptionCase.objects.filter(pk=case.pk).update(kind="delivery_failed", queue="deliveries")
    CaseMember.objects.filter(case=case).update(flow=None, message_id=command, kind="delivery_failed")
    page = page_of(case, steward)
    assert reverse("delivery", args=[command]) in page
    assert reverse("message", args=[command]) not in page

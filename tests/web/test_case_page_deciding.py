"""The case page: the choices, what they change, who may take them, and what became of them."""

from collections.abc import Callable
from decimal import Decimal
from uuid import uuid4

import factories as make
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from visibility.access.models import Grant
from visibility.accounts.models import Role, User
from visibility.desk.models import Resolution
from visibility.inbox.models import Connection
from visibility.masterdata.models import ApprovalLimit, TradingPartner
from visibility.masterdata.resolve import forget_kept
from visibility.triage.models import CaseAttachment, CaseComment, CaseMember, CaseWatcher, ExceptionCase

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


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


@pytest.fixture
def sign_in(told: Connection) -> SignIn:
    """Makes a person of the company, signed in."""

    def enter(name: str, *, role: Role = Role.BUYER, partner: TradingPartner | None = None) -> Client:
        user = User.objects.create_user(name, password="x", role=role, first_name=name.title())
        Grant.objects.create(user=user, company=told.company, partner=partner)
        client = Client()
        client.force_login(user)
        return client

    return enter


def limit_of_one(at: Connection) -> None:
    """Buyers decide alone what is worth 1; supplier managers approve more."""
    ApprovalLimit.objects.create(
        company=at.company,
        role=Role.BUYER,
        action="",
        amount=Decimal(1),
        approvers=[Role.SUPPLIER_MANAGER],
    )


def decision(client: Client, case: ExceptionCase, action: str = "accept_answer") -> dict[str, str]:
    """What the page would send when the button is pressed."""
    shown = client.get(f"/cases/{case.pk}/decide/{action}/")
    part = shown.context["deciding"]
    return {
        "op": "decide",
        "decisions": str(part.seen_decisions),
        "evidence": part.evidence,
        "key": part.key,
        "action": part.action,
    }


def test_the_recommended_choice_is_open_with_what_it_changes(case, sign_in):
    page = sign_in("maria").get(f"/cases/{case.pk}/")
    part = page.context["deciding"]
    assert [(each.key, each.current) for each in part.choices[:2]] == [("1", True), ("2", False)]
    assert part.action == part.choices[0].name
    assert part.deed == part.choices[0].offer.label
    text = page.content.decode()
    assert "What will change, and where" in text
    for step in part.steps:
        assert step.words in text


def test_systems_that_are_not_connected_are_said_to_need_a_hand(case, sign_in):
    part = sign_in("maria").get(f"/cases/{case.pk}/decide/accept_answer/").context["deciding"]
    assert part.deed == "Accept 60, keep 40 on backorder"
    assert part.steps[0].words.endswith("60 confirmed, 40 on backorder")
    assert {step.waits for step in part.steps} == {"Not connected: somebody has to do it by hand"}


def test_another_choice_comes_alone_for_a_swap_and_as_the_whole_page_without(case, sign_in):
    client = sign_in("maria")
    address = f"/cases/{case.pk}/decide/waive/"
    part = client.get(address, headers={"HX-Request": "true", "HX-Target": "decide"}).content.decode()
    assert 'id="decide"' in part
    assert "<html" not in part
    whole = client.get(address)
    assert "<html" in whole.content.decode()
    assert whole.context["deciding"].action == "waive"


def test_what_does_not_fit_is_said_at_its_field_and_nothing_is_decided(case, sign_in):
    client = sign_in("maria")
    answer = client.post(f"/cases/{case.pk}/decide/waive/", decision(client, case, "waive") | {"reason": ""})
    assert answer.status_code == 422
    (field,) = [each for each in answer.context["deciding"].fields if each.name == "reason"]
    assert field.error
    assert not Resolution.objects.exists()


def test_a_decision_is_taken_once_however_often_its_button_is_pressed(case, sign_in):
    client = sign_in("maria")
    data = decision(client, case)
    address = f"/cases/{case.pk}/decide/{data.pop('action')}/"
    assert client.post(address, data).status_code == 302
    assert client.post(address, data).status_code == 302
    made = Resolution.objects.get(case=case)
    assert made.words == "Accept 60, keep 40 on backorder"
    page = client.get(f"/cases/{case.pk}/")
    assert [each.row.words for each in page.context["decisions"]] == [made.words]


def test_who_comes_second_is_told_who_was_faster_and_with_what(case, sign_in):
    maria, jin = sign_in("maria"), sign_in("jin")
    hers, his = decision(maria, case), decision(jin, case, "waive")
    maria.post(f"/cases/{case.pk}/decide/{hers.pop('action')}/", hers)
    late = jin.post(f"/cases/{case.pk}/decide/{his.pop('action')}/", his | {"reason": "not worth it"})
    assert late.status_code == 409
    text = late.content.decode()
    assert "Maria decided this at" in text
    assert "Accept 60, keep 40 on backorder" in text
    assert Resolution.objects.count() == 1


def test_a_preview_says_when_somebody_decided_meanwhile(case, sign_in):
    maria, jin = sign_in("maria"), sign_in("jin")
    his, hers = decision(jin, case, "waive"), decision(maria, case)
    maria.post(f"/cases/{case.pk}/decide/{hers.pop('action')}/", hers)
    ExceptionCase.objects.filter(pk=case.pk).update(state="in_progress", is_open=True)
    again = jin.post(
        f"/cases/{case.pk}/decide/{his.pop('action')}/",
        his | {"op": "preview"},
        headers={"HX-Request": "true", "HX-Target": "preview"},
    )
    assert "The case changed since you opened it" in again.content.decode()


def test_what_was_kept_for_later_is_there_again_and_for_nobody_else(case, sign_in):
    maria, jin = sign_in("maria"), sign_in("jin")
    data = decision(maria, case, "waive") | {"op": "draft", "reason": "I ask first"}
    maria.post(f"/cases/{case.pk}/decide/{data.pop('action')}/", data)
    mine = maria.get(f"/cases/{case.pk}/").context["deciding"]
    assert (mine.action, mine.draft) == ("waive", True)
    assert any("I ask first" in field.widget for field in mine.fields)
    assert jin.get(f"/cases/{case.pk}/").context["deciding"].draft is False
    case.refresh_from_db()
    assert case.is_open


@pytest.mark.parametrize("role", [Role.EXECUTIVE, Role.CUSTOMER_SERVICE])
def test_who_may_not_decide_sees_the_case_without_choices_and_is_refused_by_address(case, sign_in, role):
    client = sign_in("reader", role=role)
    page = client.get(f"/cases/{case.pk}/")
    assert page.status_code == 200
    assert page.context["deciding"] is None
    data = {"op": "decide", "decisions": "0"}
    for action in ("accept_answer", "waive"):
        assert client.get(f"/cases/{case.pk}/decide/{action}/").status_code == 403
        assert client.post(f"/cases/{case.pk}/decide/{action}/", data).status_code == 403
    assert not Resolution.objects.exists()


def test_a_suppliers_reader_sees_the_evidence_and_nothing_of_the_work_on_it(case, sign_in):
    CaseComment.objects.create(
        case=case, author=User.objects.create_user("jin"), at=case.opened_at, text="They always do this"
    )
    client = sign_in("outside", partner=TradingPartner.objects.get(pk=case.supplier_id))
    page = client.get(f"/cases/{case.pk}/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "They always do this" not in text
    assert 'id="decide"' not in text
    assert "Assign" not in text
    for deed, data in (
        ("assign", {"assignee": "me"}),
        ("snooze", {"until": "tomorrow"}),
        ("watch", {}),
        ("comment", {"text": "hello"}),
        ("pause", {"reason": "x"}),
        ("decide/accept_answer", {"op": "decide", "decisions": "0"}),
    ):
        assert client.post(f"/cases/{case.pk}/{deed}/", data).status_code == 403, deed
    assert CaseComment.objects.count() == 1
    assert not CaseWatcher.objects.exists()


def test_cases_of_others_do_not_exist_for_any_deed(case, sign_in):
    stranger = User.objects.create_user("stranger", role=Role.BUYER)
    Grant.objects.create(user=stranger, company=make.connection().company)
    client = Client()
    client.force_login(stranger)
    for deed in ("decide/accept_answer", "assign", "snooze", "watch", "comment", "pause"):
        data = {"op": "decide", "decisions": "0", "text": "x", "reason": "x", "until": "tomorrow"}
        assert client.post(f"/cases/{case.pk}/{deed}/", data).status_code == 404, deed


def test_every_deed_asks_strangers_to_sign_in(case):
    for deed in ("decide/waive", "assign", "snooze", "watch", "comment", "pause"):
        answer = Client().post(f"/cases/{case.pk}/{deed}/")
        assert (answer.status_code, answer.url.split("?")[0]) == (302, "/login/"), deed
    for word in ("approve", "reject", "reverse"):
        assert Client().post(f"/resolutions/1/{word}/").url.startswith("/login/"), word


def test_what_is_said_is_there_with_its_file_and_the_file_is_a_download(case, sign_in):
    client = sign_in("maria")
    sign_in("jin")
    file = SimpleUploadedFile("fill line.eml", b"<script>alert(1)</script>", content_type="text/html")
    client.post(f"/cases/{case.pk}/comment/", {"text": "@jin <b>look</b>", "files": file})
    page = client.get(f"/cases/{case.pk}/").content.decode()
    assert '<b class="mention">@jin</b> &lt;b&gt;look&lt;/b&gt;' in page
    kept = CaseAttachment.objects.get(case=case)
    answer = client.get(f"/attachments/{kept.pk}/")
    assert answer.content == b"<script>alert(1)</script>"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/octet-stream"
    outside = sign_in("outside", partner=TradingPartner.objects.get(pk=case.supplier_id))
    assert outside.get(f"/attachments/{kept.pk}/").status_code == 404


def test_a_case_is_given_to_somebody_parked_woken_and_watched_from_its_page(case, sign_in):
    client = sign_in("maria")
    client.post(f"/cases/{case.pk}/assign/", {"assignee": "me"})
    client.post(f"/cases/{case.pk}/watch/", {"watching": "1"})
    client.post(f"/cases/{case.pk}/snooze/", {"until": "in-3-days"})
    case.refresh_from_db()
    assert (str(case.assignee), case.state) == ("Maria", "snoozed")
    assert case.snoozed_until is not None
    assert CaseWatcher.objects.filter(case=case, user__username="maria").exists()
    assert "Wake" in client.get(f"/cases/{case.pk}/").content.decode()
    client.post(f"/cases/{case.pk}/snooze/", {"wake": "1"})
    case.refresh_from_db()
    assert case.is_open


def test_the_place_in_the_list_is_carried_from_case_to_case(told, case, sign_in):
    client = sign_in("maria")
    listed = [row.id for row in client.get("/cases/").context["found"].rows]
    assert len(listed) > 1
    first = client.get(f"/cases/{listed[0]}/?list=state%3Dopen").context["place"]
    assert first.said == f"1 of {len(listed)}"
    assert (first.before, first.after.split("?")[0]) == ("", f"/cases/{listed[1]}/")
    second = client.get(first.after).context["place"]
    assert second.before.split("?")[0] == f"/cases/{listed[0]}/"
    assert client.get(f"/cases/{listed[0]}/").context["place"] is None


def test_a_decision_over_the_limit_waits_for_a_second_person_who_is_told_in_the_bar(told, case, sign_in):
    limit_of_one(told)
    maria, jin = sign_in("maria"), sign_in("jin", role=Role.SUPPLIER_MANAGER)
    data = decision(maria, case, "cancel_rest")
    shown = maria.get(f"/cases/{case.pk}/decide/cancel_rest/").context["deciding"]
    assert shown.deed == "Send for approval"
    assert "Jin" in shown.approval
    maria.post(f"/cases/{case.pk}/decide/{data.pop('action')}/", data)
    made = Resolution.objects.get(case=case)
    assert made.state == "proposed"
    (mine,) = maria.get("/approvals/").context["own"]
    assert (mine.may_approve, mine.may_withdraw) == (False, True)
    assert maria.post(f"/resolutions/{made.pk}/approve/").status_code == 403
    (to_approve,) = jin.get("/approvals/").context["to_approve"]
    assert to_approve.effects
    assert 'href="/approvals/"' in jin.get("/flows/").content.decode()
    assert 'href="/approvals/"' not in maria.get("/flows/").content.decode()
    jin.post(f"/resolutions/{made.pk}/approve/", {"reason": "fine", "back": f"/cases/{case.pk}/"})
    made.refresh_from_db()
    assert (made.state != "proposed", str(made.approved_by)) == (True, "Jin")


def test_saying_no_brings_the_case_back_with_the_reason(told, case, sign_in):
    limit_of_one(told)
    maria, jin = sign_in("maria"), sign_in("jin", role=Role.SUPPLIER_MANAGER)
    data = decision(maria, case, "cancel_rest")
    maria.post(f"/cases/{case.pk}/decide/{data.pop('action')}/", data)
    made = Resolution.objects.get(case=case)
    jin.post(f"/resolutions/{made.pk}/reject/", {"reason": "we need them"})
    case.refresh_from_db()
    assert case.is_open
    text = maria.get(f"/cases/{case.pk}/").content.decode()
    assert "we need them" in text
    assert 'id="decide"' in text


def test_the_order_shows_the_decision_with_its_case_and_its_steps_as_one_chain(case, sign_in):
    client = sign_in("maria")
    data = decision(client, case)
    client.post(f"/cases/{case.pk}/decide/{data.pop('action')}/", data)
    days = client.get(f"/flows/{case.flow.correlation_id}/").context["days"]
    rows = [row for day in days for row in day.happenings]
    (taken,) = [row for row in rows if row.type == "decision.taken"]
    assert taken.case_id == case.pk
    assert "Accept 60, keep 40 on backorder" in taken.sentence
    effects = Resolution.objects.get(case=case).effects.order_by("number")
    assert len(effects) > 1
    shown = [each.text for each in taken.effects]
    assert all(any(effect.words in text for text in shown) for effect in effects)
    caused = [each.text for row in rows for each in row.effects if each.case_id == case.pk]
    assert any("Accept 60, keep 40 on backorder" in text for text in caused)


def test_a_case_of_many_findings_shows_them_page_by_page(case, sign_in):
    CaseMember.objects.bulk_create(
        CaseMember(
            company_id=case.company_id,
            case=case,
            fingerprint=uuid4(),
            kind="unknown_item",
            summary=f"Line {number} names an item nobody knows",
            is_open=number % 3 != 0,
            opened_at=case.opened_at,
        )
        for number in range(120)
    )
    ExceptionCase.objects.filter(pk=case.pk).update(members=80)
    client, cursor, seen = sign_in("maria"), "", []
    for _page in range(3):
        members = client.get(f"/cases/{case.pk}/", {"cursor": cursor} if cursor else {}).context["members"]
        seen += [(row.is_open, row.summary) for row in members.rows]
        cursor = members.cursor
    assert cursor == ""
    assert len(set(seen)) == 120
    assert [is_open for is_open, _summary in seen] == [True] * 80 + [False] * 40
    assert client.get(f"/cases/{case.pk}/", {"cursor": "nonsense"}).status_code == 404

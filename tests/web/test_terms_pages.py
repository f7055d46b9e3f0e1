"""The pages of terms: who reads, who changes, what is refused in words, and what is kept of it."""

from collections.abc import Callable
from decimal import Decimal

import factories as make
import pytest
import terms
from django.test import Client
from django.urls import reverse

from visibility.access.models import Grant
from visibility.accounts.models import Role, User
from visibility.masterdata.approvals import approval_limit, approver_roles, approvers
from visibility.masterdata.models import (
    ApprovalLimit,
    AuditEntry,
    CalendarDay,
    Company,
    Item,
    ServiceLevel,
    TermsChange,
    Tolerance,
    TradingPartner,
)
from visibility.masterdata.service_levels import service_hours
from visibility.masterdata.tolerances import forget_kept, tolerances_of
from visibility.pipeline.tolerances import Source
from visibility.web.terms.calendars import week_in_words
from visibility.web.terms.said import source_in_words, tolerance

pytestmark = pytest.mark.django_db
NAMES = ("terms", "terms-deadlines", "terms-hours", "terms-limits", "terms-calendars", "terms-history")
CHANGING = {Role.SUPPLIER_MANAGER, Role.DATA_STEWARD}
As = Callable[..., Client]


@pytest.fixture
def company(db: None) -> Company:
    forget_kept()
    made = make.company("northgate", issuer=make.NORTHGATE)
    TradingPartner.objects.create(company=made, code="ACME", name="Acme Industries")
    Item.objects.create(company=made, code="SKU-1042", name="Olive oil")
    return made


@pytest.fixture
def signed_in(company: Company) -> As:
    def enter(role: Role = Role.SUPPLIER_MANAGER, **grant: object) -> Client:
        user = User.objects.create_user(
            f"user-{User.objects.count()}", password="x", role=role, first_name="J.", last_name="Kim"
        )
        Grant.objects.create(**{"user": user, "company": company, **grant})
        client = Client()
        client.force_login(user)
        return client

    return enter


def pages(company: Company) -> list[str]:
    return [
        *(reverse(name) for name in NAMES),
        reverse("terms-tolerance", kwargs={"tolerance_id": terms.agreed_tolerance(company).pk}),
        reverse("terms-calendar", kwargs={"calendar_id": terms.working_calendar(company).pk}),
    ]


def acme(company: Company) -> TradingPartner:
    return TradingPartner.objects.get(company=company, code="ACME")


@pytest.mark.parametrize("role", list(Role))
def test_everybody_of_the_company_reads_terms_and_two_roles_change_them(
    signed_in: As, company: Company, role: Role
) -> None:
    client = signed_in(role)
    for address in pages(company):
        answer = client.get(address)
        assert answer.status_code == 200, address
        offered = b'name="reason"' in answer.content
        read_only = address in (reverse("terms-calendars"), reverse("terms-history"))
        assert offered is (role in CHANGING and not read_only), address
    before = AuditEntry.objects.count()
    for address in pages(company):
        if address in (reverse("terms-calendars"), reverse("terms-history")):
            continue
        refused = client.post(address, {"measure": "price", "percent": "7", "reason": "try", "day": "x"})
        assert (refused.status_code == 403) is (role not in CHANGING), address
    if role not in CHANGING:
        assert AuditEntry.objects.count() == before


def test_for_a_reader_of_one_partner_s_part_terms_do_not_exist(signed_in: As, company: Company) -> None:
    client = signed_in(partner=acme(company))
    for address in pages(company):
        assert client.get(address).status_code == 404
        assert client.post(address, {"reason": "x"}).status_code == 404


def test_another_company_s_terms_do_not_exist(signed_in: As, company: Company) -> None:
    other = make.company()
    client = signed_in(company=other)
    for address in pages(company)[-2:]:
        assert client.get(address).status_code == 404
        assert client.post(address, {"do": "remove", "reason": "x"}).status_code == 404
    assert client.get(f"{reverse('terms')}?company=northgate").status_code == 404
    answer = client.post(reverse("terms"), {"partner": acme(company).pk, "measure": "price", "percent": "1"})
    assert answer.status_code == 400
    assert Tolerance.objects.filter(company=other).count() == 0


def test_a_tolerance_is_set_changed_and_taken_back_with_its_history(signed_in: As, company: Company) -> None:
    client = signed_in()
    filled = {
        "partner": acme(company).pk,
        "item": "SKU-1042",
        "measure": "quantity_under",
        "percent": "2.5 %",
        "amount": "1,000",
        "both": "greater",
        "reason": "Contract 2026",
    }
    assert client.post(reverse("terms"), filled, follow=True).status_code == 200
    row = Tolerance.objects.get()
    assert (row.percent, row.amount, row.both) == (Decimal("2.5"), 1000, "greater")
    assert (row.set_by, row.reason) == ("J. Kim", "Contract 2026")
    shown = client.get(reverse("terms")).content.decode()
    assert "−2.5 % or −1,000, the greater" in shown
    assert "Olive oil of Acme Industries" in shown
    own = reverse("terms-tolerance", kwargs={"tolerance_id": row.pk})
    client.post(own, {"do": "set", "percent": "0", "amount": "", "reason": "New contract"})
    assert Tolerance.objects.get().percent == 0
    assert "−0 %, exact" in client.get(own).content.decode()
    client.post(own, {"do": "remove", "reason": "Ended"})
    assert not Tolerance.objects.exists()
    assert client.get(own).status_code == 404
    history = client.get(reverse("terms-history")).content.decode()
    for told in ("Contract 2026", "New contract", "Ended", "J. Kim"):
        assert told in history
    assert TermsChange.objects.count() == 3


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"reason": ""}, "reason", "Say why"),
        ({"percent": "five"}, "percent", "Write a number"),
        ({"percent": "1e999999"}, "percent", "Write 0 to 1000"),
        ({"percent": "9" * 40}, "percent", "Write a number"),
        ({"percent": "", "amount": ""}, "percent", "0 means exact"),
        ({"item": "NO-SUCH"}, "item", "no item with this code"),
        ({"item": "SKU-1042"}, "item", ""),
        ({"order": "4500001"}, "line", "Name the order and the line"),
        ({"partner": "999999"}, "partner", "no such supplier"),
    ],
)
def test_what_is_wrong_with_a_form_stands_beside_its_field_and_nothing_is_lost(
    signed_in: As, company: Company, wrong: dict[str, str], field: str, said: str
) -> None:
    filled = {"measure": "price", "percent": "5", "reason": "Contract <b>7</b>"} | wrong
    answer = signed_in().post(reverse("terms"), filled)
    shown = answer.content.decode()
    assert answer.status_code == 400
    assert said in shown
    assert not Tolerance.objects.exists()
    if said:
        assert f'id="wrong-{field}"' in shown
    if filled["reason"]:
        assert "Contract &lt;b&gt;7&lt;/b&gt;" in shown


def test_deadlines_of_a_partner_count_before_the_company_s_and_empty_gives_them_back(
    signed_in: As, company: Company
) -> None:
    client, own = signed_in(Role.DATA_STEWARD), acme(company)
    filled = {"partner": own.pk, "acknowledgement_hours": "6", "asn_hours": "", "reason": "New programme"}
    client.post(reverse("terms-deadlines"), filled)
    own.refresh_from_db()
    assert (own.acknowledgement_hours, own.asn_hours) == (6, None)
    client.post(reverse("terms-deadlines"), filled | {"acknowledgement_hours": ""})
    own.refresh_from_db()
    assert own.acknowledgement_hours is None
    client.post(reverse("terms-deadlines"), {"partner": "", "match_hours": "20", "reason": "Slower"})
    assert Company.objects.get(pk=company.pk).match_hours == 20
    for wrong in ({"acknowledgement_hours": "0"}, {"acknowledgement_hours": ""}, {"match_hours": "2.5"}):
        answer = client.post(reverse("terms-deadlines"), {"partner": "", "reason": "x", **wrong})
        assert answer.status_code == 400
    said = AuditEntry.objects.order_by("pk").values_list("subject", "field", "before", "after")
    assert list(said) == [
        ("Acme Industries", "acknowledgement_hours", "", "6"),
        ("Acme Industries", "acknowledgement_hours", "6", ""),
        ("Northgate", "match_hours", "18", "20"),
    ]


def test_a_kind_s_own_resolution_hours_count_before_those_of_its_severity(
    signed_in: As, company: Company
) -> None:
    client = signed_in()

    def hours(kind: str) -> tuple[int, int]:
        own = service_hours(company_id=company.pk).of(severity="high", kind=kind)
        return own.hours, own.warn_percent

    assert hours("confirmed_short") == (8, 75)
    filled = {"severity": "high", "kind": "", "hours": "6", "warn_percent": "50", "reason": "Peak season"}
    client.post(reverse("terms-hours"), filled)
    client.post(reverse("terms-hours"), filled | {"kind": "confirmed_short", "hours": "2"})
    assert (hours("confirmed_short"), hours("price_changed")) == ((2, 50), (6, 50))
    client.post(reverse("terms-hours"), filled | {"kind": "confirmed_short", "hours": ""})
    assert hours("confirmed_short") == (6, 50)
    assert client.post(reverse("terms-hours"), filled | {"kind": "no_such"}).status_code == 400
    assert client.post(reverse("terms-hours"), filled | {"severity": "dire"}).status_code == 400
    assert ServiceLevel.objects.count() == 1


def test_the_limit_of_an_action_counts_before_that_of_every_action(signed_in: As, company: Company) -> None:
    client = signed_in(Role.DATA_STEWARD)
    filled = {"role": "buyer", "amount": "10,000", "approvers": ["supplier_manager"], "reason": "Policy 4"}
    client.post(reverse("terms-limits"), filled | {"action": ""})
    client.post(reverse("terms-limits"), filled | {"action": "waive", "amount": "500"})

    def limit(action: str, role: str = "buyer") -> Decimal | None:
        return approval_limit(company_id=company.pk, role=role, action=action)

    assert (limit("waive"), limit("push_back"), limit("waive", "planner")) == (500, 10_000, None)
    assert client.post(reverse("terms-limits"), filled | {"action": "no_such"}).status_code == 400
    assert client.post(reverse("terms-limits"), filled | {"approvers": []}).status_code == 400
    client.post(reverse("terms-limits"), filled | {"action": "waive", "amount": ""})
    assert limit("waive") == 10_000


def test_nobody_sets_the_limit_of_their_own_role(signed_in: As, company: Company) -> None:
    filled = {"role": "supplier_manager", "amount": "999999", "approvers": ["planner"], "reason": "Mine"}
    assert signed_in().post(reverse("terms-limits"), filled).status_code == 403
    assert not ApprovalLimit.objects.exists()
    assert signed_in(Role.DATA_STEWARD).post(reverse("terms-limits"), filled).status_code == 302


def test_who_approves_sees_the_whole_company_and_has_a_limit_that_reaches(
    signed_in: As, company: Company
) -> None:
    ApprovalLimit.objects.create(
        company=company, role="buyer", amount=100, approvers=["planner", "supplier_manager"]
    )
    ApprovalLimit.objects.create(company=company, role="planner", amount=1000, approvers=["executive"])
    signed_in(Role.PLANNER)
    signed_in(Role.SUPPLIER_MANAGER)
    signed_in(Role.SUPPLIER_MANAGER, partner=acme(company))
    signed_in(Role.SUPPLIER_MANAGER, company=make.company())
    found = approvers(company_id=company.pk, action="waive", role="buyer")
    assert [each.role for each in found] == ["planner", "supplier_manager"]
    assert approver_roles(company_id=company.pk, action="waive", role="buyer", worth=Decimal(5000)) == [
        "supplier_manager"
    ]
    assert approvers(company_id=company.pk, action="waive", role="warehouse") == []


def test_a_holiday_is_set_and_taken_back(signed_in: As, company: Company) -> None:
    calendar = terms.working_calendar(company)
    client, own = signed_in(), reverse("terms-calendar", kwargs={"calendar_id": calendar.pk})
    day = {"do": "set", "day": "2026-12-24", "name": "Christmas Eve", "hours": "08:00-12:00", "reason": "HR"}
    client.post(own, day)
    (row,) = CalendarDay.objects.all()
    assert (str(row.day), row.name, row.hours) == ("2026-12-24", "Christmas Eve", ["08:00-12:00"])
    for wrong in ({"hours": "12:00-08:00"}, {"hours": "noon"}, {"day": "2026-13-40"}, {"day": "1000-01-01"}):
        assert client.post(own, day | wrong).status_code == 400, wrong
    client.post(own, {"do": "remove", "day": "2026-12-24", "reason": "Changed"})
    assert not CalendarDay.objects.exists()
    kept = AuditEntry.objects.filter(entity="calendar").order_by("pk").values_list("before", "after")
    assert list(kept) == [("", "Christmas Eve: 08:00-12:00"), ("Christmas Eve: 08:00-12:00", "")]
    assert TermsChange.objects.count() == 2


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (("quantity_under", "5", None, "lower"), "−5 %"),
        (("quantity_over", "5", "12", "lower"), "+5 % or +12, the lower"),
        (("price", None, "0.05", "lower"), "±0.05"),
        (("price", "0", None, "lower"), "±0 %, exact"),
        (("days_late", None, "1", "lower"), "1 day late"),
        (("days_early", None, "3", "lower"), "3 days early"),
        (("days_late", None, "0", "lower"), "not a day late"),
    ],
)
def test_a_tolerance_is_said_in_few_words(values: tuple[str, str | None, str | None, str], said: str) -> None:
    measure, percent, amount, both = values
    told = tolerance(
        measure=measure,
        percent=None if percent is None else Decimal(percent),
        amount=None if amount is None else Decimal(amount),
        both=both,
    )
    assert told == said


def test_a_week_is_said_with_its_equal_days_together() -> None:
    office = [["08:00-12:00", "13:00-17:00"]] * 5 + [["08:00-12:00"], []]
    assert week_in_words(office) == "Mon – Fri 08:00-12:00 and 13:00-17:00, Sat 08:00-12:00"


def test_a_case_can_say_who_set_the_tolerance(company: Company) -> None:
    terms.agreed_tolerance(company)
    company.refresh_from_db()
    (agreed,) = tolerances_of(company=company).company.values()
    assert source_in_words(Source(agreed, "")) == "−5 % set for the whole company by J. Kim, 23 Nov"

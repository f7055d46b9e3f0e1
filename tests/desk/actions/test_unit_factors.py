"""A factor that orders lack is entered once, by a steward, and all that waits for it goes on."""

from decimal import Decimal

import factories as make
import pytest

from visibility.access.models import Grant
from visibility.access.scopes import scope_of_user
from visibility.accounts.models import Role, User
from visibility.core.errors import ForbiddenError, InputError
from visibility.desk.models import Resolution
from visibility.desk.services import preview_resolution, resolve_case
from visibility.flows.models import FlowLine
from visibility.inbox.models import Connection
from visibility.masterdata.models import AuditEntry, Item, UnitConversion
from visibility.masterdata.resolve import forget_kept
from visibility.pipeline.counters import find_differences
from visibility.pipeline.mapping_runs import go_on_with_runs
from visibility.pipeline.unit_factors import missing_factors
from visibility.triage.models import ExceptionCase

pytestmark = pytest.mark.django_db
KIND, ACTION = "unit_not_convertible", "enter_unit_factor"


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    forget_kept()


@pytest.fixture
def case(trial: Connection) -> ExceptionCase:
    """Two orders in cases whose ship notices speak of pallets."""
    for number in ("9101", "9102"):
        pallets = make.notice(f"ASN-{number}", make.line(quantity=2, unit="PL"), of=number)
        make.tell(trial, make.order(number), pallets)
    found = ExceptionCase.objects.get(kind=KIND)
    assert found.members == 2
    return found


def somebody(at: ExceptionCase, role: str = Role.DATA_STEWARD) -> User:
    user = User.objects.create(username=f"{role}-here", role=role)
    Grant.objects.create(user=user, company=at.company)
    return user


def decide(user: User, case: ExceptionCase, **values: str) -> Resolution:
    return resolve_case(
        scope=scope_of_user(user),
        user=user,
        case_id=case.pk,
        action=ACTION,
        values=values,
        seen_decisions=ExceptionCase.objects.get(pk=case.pk).decisions,
    )


def test_a_factor_entered_once_mends_all_orders_of_the_item(case: ExceptionCase):
    steward = somebody(case)
    scope = scope_of_user(steward)
    (gap,) = missing_factors(scope=scope, case_id=case.pk)
    assert (gap.from_unit, gap.to_unit) == ("x12:PL", "x12:CA")
    asked = {"scope": scope, "user": steward, "case_id": case.pk, "action": ACTION}
    plan = preview_resolution(**asked, values={"factor": "48"}).plan
    assert plan.words == "Enter 1 PL of SKU-1042 = 48 CA"
    decide(steward, case, factor="48", reason="as on the label")
    told = UnitConversion.objects.get()
    assert (told.item, told.from_unit, told.to_unit, told.factor) == (
        Item.objects.get(code__endswith="SKU-1042"),
        "x12:PL",
        "x12:CA",
        Decimal(48),
    )
    kept = AuditEntry.objects.get(entity="unit_conversion")
    assert (kept.who, kept.before, kept.after, kept.why) == (str(steward), "", "48", "as on the label")
    go_on_with_runs()
    case.refresh_from_db()
    assert (case.members, case.state) == (0, "closed")
    assert set(FlowLine.objects.values_list("shipped", flat=True)) == {Decimal(96)}
    assert find_differences() == []


def test_without_a_number_the_steward_is_asked_how_many(case: ExceptionCase):
    with pytest.raises(InputError, match="How many CA is 1 PL of SKU-1042") as asked:
        decide(somebody(case), case)
    assert asked.value.where == "factor"


@pytest.mark.parametrize(("factor", "unit", "where"), [("0", "", "factor"), ("48", "BX", "unit")])
def test_a_factor_that_cannot_be_is_refused(case: ExceptionCase, factor: str, unit: str, where: str):
    with pytest.raises(InputError) as refused:
        decide(somebody(case), case, factor=factor, unit=unit)
    assert refused.value.where == where
    assert not UnitConversion.objects.exists()


def test_a_factor_that_somebody_entered_before_is_not_entered_again(case: ExceptionCase):
    steward = somebody(case)
    decide(steward, case, factor="48")
    with pytest.raises(InputError):
        decide(steward, case, factor="40")
    assert UnitConversion.objects.get().factor == 48


def test_the_factor_of_prices_is_asked_from_the_unit_that_came(trial: Connection):
    billed = make.invoice("INV-9103", make.line(quantity=2, unit="BX", price="4.00"), of="9103")
    make.tell(trial, make.order("9103"), billed)
    case = ExceptionCase.objects.get(kind=KIND)
    scope = scope_of_user(somebody(case))
    assert [(gap.from_unit, gap.to_unit) for gap in missing_factors(scope=scope, case_id=case.pk)] == [
        ("x12:BX", "x12:CA")
    ]


def test_a_buyer_may_not_enter_factors(case: ExceptionCase):
    with pytest.raises(ForbiddenError):
        decide(somebody(case, Role.BUYER), case, factor="48")
    assert not UnitConversion.objects.exists()

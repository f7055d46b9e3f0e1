"""Actions that read more than the case, or do what is neither fact nor command, against the database."""

import factories as make
import pytest

from visibility.access.models import Grant
from visibility.access.scopes import scope_of_user
from visibility.accounts.models import Role, User
from visibility.core.errors import InputError
from visibility.desk.models import Resolution
from visibility.desk.services import preview_resolution, resolve_case
from visibility.flows.models import Flow
from visibility.inbox.models import Connection, Message, MessageWork
from visibility.masterdata.models import CrossReference, Item, TradingPartner
from visibility.masterdata.resolve import forget_kept
from visibility.triage.models import ExceptionCase

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    forget_kept()


def somebody(at: Connection, role: str) -> User:
    user = User.objects.create(username=f"{role}-here", role=role)
    Grant.objects.create(user=user, company=at.company)
    return user


def decide(user: User, case: ExceptionCase, action: str, **values: str) -> Resolution:
    return resolve_case(
        scope=scope_of_user(user),
        user=user,
        case_id=case.pk,
        action=action,
        values=values,
        seen_decisions=ExceptionCase.objects.get(pk=case.pk).decisions,
    )


def test_a_second_source_is_found_by_name_with_its_last_price(trial: Connection):
    other = {"supplier": {"ids": ["ZZ:MERIDIAN"], "name": "Meridian Safety"}}
    make.tell(trial, make.order("9001", make.line(price="12.50"), **other))
    make.tell(trial, make.order("9002"), make.answer("9002", make.answer_line("1", make.accepted(60))))
    TradingPartner.objects.update(provisional=False)
    case = ExceptionCase.objects.get(order_number="9002", kind="confirmed_short")
    buyer = somebody(trial, Role.BUYER)
    name = Flow.objects.get(number="9001").supplier_name
    asked = {"scope": scope_of_user(buyer), "user": buyer, "case_id": case.pk, "action": "split_and_resource"}
    plan = preview_resolution(**asked, values={"supplier": name, "date": "2099-12-01"}).plan
    assert plan.worth == 500
    assert "$100.00 more than ordered" in plan.steps[2].command.words
    with pytest.raises(InputError) as own:
        preview_resolution(**asked, values={"supplier": case.supplier_name})
    with pytest.raises(InputError) as nobody:
        preview_resolution(**asked, values={"supplier": "Nobody Ltd", "price": "1"})
    assert (own.value.code, own.value.where) == ("same_supplier", "supplier")
    assert (nobody.value.code, nobody.value.where) == ("unknown_supplier", "supplier")


def test_a_code_is_mapped_to_our_item_by_the_steward(trial: Connection):
    make.tell(trial, make.order("9003", make.line(sku="SKU-OURS"), make.line("2", sku="SKU-ODD")))
    case = ExceptionCase.objects.get(kind="unknown_item", subject="buyer:SKU-ODD")
    ours = Item.objects.get(code__icontains="SKU-OURS")
    steward = somebody(trial, Role.DATA_STEWARD)
    with pytest.raises(InputError) as unknown:
        decide(steward, case, "map_code", target="SKU-NONE")
    assert unknown.value.where == "target"
    made = decide(steward, case, "map_code", target=ours.code)
    assert made.words.startswith("Map item SKU-ODD to ")
    assert CrossReference.objects.get(kind="item", value="buyer:SKU-ODD").target == ours.pk


def test_a_message_is_read_again_and_a_corrected_one_is_kept_beside_it(trial: Connection):
    broken = b"ISA*00*broken~"
    accepted = make.accept_message(connection=trial, body=broken, content_type=make.X12)
    make.drain()
    message = Message.objects.get(pk=accepted.message_id)
    case = ExceptionCase.objects.get(kind="unreadable_document")
    ExceptionCase.objects.filter(pk=case.pk).update(message_id=message.pk)
    integration = somebody(trial, Role.INTEGRATION)
    decide(integration, case, "replay_message")
    assert MessageWork.objects.get(message=message).translation == 2
    with pytest.raises(InputError, match="Nothing is changed"):
        decide(integration, case, "edit_and_replay", body=broken.decode(), reason="typo")
    decide(integration, case, "edit_and_replay", body="ISA*00*mended~", reason="typo")
    bodies = [bytes(each.body) for each in Message.objects.filter(connection=trial).order_by("pk")]
    assert bodies == [broken, b"ISA*00*mended~"]


def test_a_document_is_linked_to_the_order_somebody_chose(trial: Connection):
    make.tell(trial, make.order("9005"), make.order("9005", issuer="ZZ:SOUTHGATE"))
    unclear = make.receipt("R-9", of="9005")
    unclear["data"]["order"] = {"number": "9005"}
    for party in ("supplier", "ship_to", "buyer"):
        unclear["data"].pop(party, None)
    make.tell(trial, unclear)
    case = ExceptionCase.objects.get(kind="ambiguous_order")
    chosen = Flow.objects.filter(number="9005").order_by("pk").last()
    assert chosen is not None
    buyer = somebody(trial, Role.BUYER)
    with pytest.raises(InputError) as several:
        decide(buyer, case, "link_document", order="9005", reason="they called")
    assert several.value.code == "ambiguous"
    decide(buyer, case, "link_document", order=str(chosen.correlation_id), reason="they called")
    chosen.refresh_from_db()
    assert chosen.entry_count == 2
    assert not ExceptionCase.objects.get(pk=case.pk).is_open

"""A command to a partner that reads X12 or EDIFACT leaves as that document, the same on every try."""

import datetime as dt
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import factories as make
import mockedi.validate
import mockedi.x12
import msgspec
import pytest
import x12doctor
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from outbox import BROKEN, DROPPED, due_now, endpoint, state, system_of

from integrations.connectors.folder.connector import FolderConnector
from integrations.formats.x12.parts import TransactionSet
from integrations.formats.x12.reader import read
from integrations.mappings.edifact.translator import EdifactTranslator
from integrations.mappings.x12.translator import X12Translator
from visibility.canonical.documents import AnyDocument, OrderChanged, OrderPlaced
from visibility.core import clock
from visibility.core.errors import InputError
from visibility.inbox.models import Connection, FunctionalReceipt, InterchangeReceipt, Message
from visibility.inbox.ports import FunctionalWord, OutgoingEnvelope, Unit, VerbatimMessage
from visibility.inbox.services import accept_message
from visibility.masterdata.models import PartnerProfile
from visibility.masterdata.profiles_parts import set_code, set_range, set_standing
from visibility.pipeline.unanswered_997 import look_for_997
from visibility.pipeline.worker import drain
from visibility.sync.delivering import deliver_due
from visibility.sync.models import Endpoint, OutboxMessage
from visibility.sync.ports import OutgoingCommand, OutgoingDocument
from visibility.sync.services import NewCommand, cancel_commands, queue_commands
from visibility.triage.models import ExceptionCase

sys.path.insert(0, str(Path(__file__).parents[1] / "masterdata"))
from profiled import KIM, partner_of, profile_of  # lives with the tests of profiles

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 2, 18, tzinfo=dt.UTC)
EDIFACT = "application/edifact"
FEWER: dict[str, Any] = {
    "order": {"number": "4500001", "issuer": make.NORTHGATE},
    "line": "10",
    "item": {"buyer": "SKU-1042"},
    "unit": "CA",
    "quantity": "60",
    "formerly": "100",
    "answer_by": "2026-11-24T23:00:00Z",
}


class Scribe:
    """Writes a document as JSON, so that a test reads what it was given."""

    kinds: Mapping[str, str] = {"order.changed": "860", "order.placed": "850"}

    def write(self, *, documents: tuple[AnyDocument, ...], envelope: OutgoingEnvelope) -> bytes:
        line = documents[0].lines[0]  # type: ignore[union-attr]  # the tests write orders and changes
        if line.unit == "??":
            raise InputError("not_expressible", "/lines/0/unit: ?? is no unit", "/lines/0/unit")
        if line.unit == "!!":
            raise RuntimeError("the writer broke")
        return msgspec.json.encode({"documents": documents, "envelope": envelope})


@pytest.fixture
def scribe(settings) -> None:
    settings.WRITERS = {"x12": f"{__name__}.Scribe", "edifact": f"{__name__}.Scribe"}


@pytest.fixture
def acme(db: None) -> Endpoint:
    """Acme's own way in, with a profile."""
    company = make.company(time_zone="America/Chicago")
    partner = partner_of(company)
    profile_of(company, partner)
    return endpoint(of=company, role="supplier", partner_id=partner.pk)


def profile() -> PartnerProfile:
    return PartnerProfile.objects.get()


def ask(own: Endpoint, type: str = "order.change_request", **more: Any) -> Any:
    (command,) = queue_commands(
        commands=[
            NewCommand(
                company_id=own.connection.company_id,
                connection_id=own.connection_id,
                type=type,
                data={**FEWER, **more},
                words="Line 10: 60",
                cause="resolution:1:1",
            )
        ]
    )
    return command


def sent(own: Endpoint, command: Any) -> OutgoingCommand:
    return system_of(own).done[command]


def told(own: Endpoint, command: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The document and the envelope that the scribe was given."""
    document = sent(own, command).document
    assert document is not None
    written = msgspec.json.decode(document.body)
    return written["documents"][0], written["envelope"]


def test_a_change_request_leaves_as_an_order_change_of_the_partners_profile(scribe, acme):
    set_code(profile=profile(), code_list="unit", theirs="CASE", standard="CA", speaker=KIM)
    profile_of(acme.connection.company, time_zone="America/Chicago", separators={"element": "|"})
    command = ask(acme)
    with clock.at(NOON):
        deliver_due()
    document, envelope = told(acme, command)
    changed = msgspec.convert(document, OrderChanged, strict=False)
    assert (changed.order.number, changed.order.issuer) == ("4500001", make.NORTHGATE)
    assert (changed.buyer.ids, changed.supplier.ids) == ((make.NORTHGATE,), (make.ACME,))
    (line,) = changed.lines
    assert (line.op, line.line, str(line.quantity), line.unit) == ("change", "10", "60", "CA")
    names = ("syntax", "version", "sender", "receiver", "interchange_control", "group_control", "usage")
    assert [envelope[name] for name in names] == ["x12", "004010", "NORTHGATE", "ACMEIND", 1, 1, "production"]
    assert envelope["moment"] == "2026-11-02T12:00:00-06:00"
    assert envelope["separators"]["element"] == "|"
    assert envelope["codes"] == {"unit": {"CA": "CASE"}}
    kept = OutboxMessage.objects.get(pk=command).document
    assert kept is not None
    assert (kept.direction, kept.connection_id) == ("out", acme.connection_id)
    assert bytes(kept.body) == sent(acme, command).document.body
    assert kept.name == f"860-000000001-{command}.edi"


@pytest.mark.parametrize(
    ("asked", "op", "quantity"),
    [({"quantity": "0"}, "delete", "0"), ({"quantity": None, "insist": True}, "change", "100")],
)
def test_nothing_wanted_deletes_the_line_and_insisting_tells_it_again(scribe, acme, asked, op, quantity):
    command = ask(acme, **asked)
    deliver_due()
    line = told(acme, command)[0]["lines"][0]
    assert (line.get("op", "change"), line["quantity"]) == (op, quantity)


def place(own: Endpoint) -> Any:
    (command,) = queue_commands(
        commands=[
            NewCommand(
                company_id=own.connection.company_id,
                connection_id=own.connection_id,
                type="order.placed",
                data=make.order("4500009")["data"],
                words="Order 4500009",
                cause="test",
            )
        ]
    )
    return command


def test_a_document_is_sent_as_the_set_it_is(scribe, acme):
    command = place(acme)
    deliver_due()
    assert told(acme, command)[0]["order"]["number"] == "4500009"
    assert sent(acme, command).document.name.startswith("850-")


@pytest.mark.parametrize("fault", [(BROKEN, False), (DROPPED, True), (DROPPED, False)])
def test_every_try_sends_the_same_bytes_whatever_is_agreed_meanwhile(scribe, acme, fault):
    command = ask(acme)
    system_of(acme).faults.append(fault)
    deliver_due()
    first = Message.objects.get(direction="out")
    profile_of(acme.connection.company, separators={"element": "|"})
    due_now()
    deliver_due()
    assert state(command) == "delivered"
    assert sent(acme, command).document.body == bytes(first.body)
    assert Message.objects.filter(direction="out").count() == 1


def test_numbers_follow_each_other_in_the_order_of_the_commands_and_a_cancelled_one_uses_none(scribe, acme):
    first, second, third = (ask(acme) for _ in range(3))
    cancel_commands(ids=[second], why="Not any more")
    deliver_due()
    assert [told(acme, each)[1]["interchange_control"] for each in (first, third)] == [1, 2]


@pytest.mark.parametrize("unit", ["??", "!!"])
def test_what_cannot_be_written_is_refused_with_the_reason_and_its_neighbours_leave(scribe, acme, unit):
    wrong, right = ask(acme, unit=unit), ask(acme)
    deliver_due()
    row = OutboxMessage.objects.get(pk=wrong)
    assert (row.state, row.failure, row.document_id) == ("refused", "invalid", None)
    assert "cannot be written for Acme Industries" in row.outcome
    assert wrong not in system_of(acme).asked
    assert (state(right), told(acme, right)[1]["interchange_control"]) == ("delivered", 1)


def test_what_has_no_document_leaves_as_it_is(scribe, acme):
    reminded, hurried = ask(acme, "order.remind"), ask(acme, "order.expedite", date=None)
    never = ask(acme)
    set_standing(profile=profile(), direction="out", kind="860", standing="never", speaker=KIM)
    deliver_due()
    assert [sent(acme, each).document for each in (reminded, hurried, never)] == [None, None, None]
    assert not Message.objects.filter(direction="out").exists()


def test_commands_of_others_cost_no_query_more(scribe, acme):
    erp = endpoint(of=acme.connection.company)
    counts = []
    for own in (erp, acme):
        OutboxMessage.objects.filter(pk=ask(own, "order.remind")).update(state="ready")
        with CaptureQueriesContext(
            database,
        ) as asked:
            deliver_due()
        counts.append(sum("partnerprofile" in each["sql"] for each in asked.captured_queries))
    assert counts[0] == 0 < counts[1]


# Acknowledged


def functional(*rows: str) -> bytes:
    return make.interchange(
        make.transaction("997", *rows), group="FA", sender="ACMEIND", receiver="NORTHGATE", control=900
    )


def cases(at: dt.datetime) -> list[tuple[str, str]]:
    with clock.at(at):
        look_for_997()
    found = ExceptionCase.objects.filter(kind__startswith="ack_997", is_open=True)
    return list(found.values_list("kind", "order_number"))


LATER = NOON + dt.timedelta(days=5)


@pytest.fixture
def delivered(scribe, acme) -> Endpoint:
    """A change that the partner has since noon: interchange 70, group 1, set 1."""
    set_range(profile=profile(), kind="interchange", first=70, last=999, speaker=KIM)
    ask(acme)
    with clock.at(NOON):
        deliver_due()
    return acme


def test_without_an_acknowledgement_there_is_a_case_when_its_hours_are_over(delivered):
    assert cases(NOON + dt.timedelta(hours=1)) == []
    assert cases(LATER) == [("ack_997_missing", "4500001")]
    case = ExceptionCase.objects.get(kind="ack_997_missing")
    assert case.message_id == Message.objects.get(direction="out").pk


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (("AK1*PC*1", "AK2*860*0001", "AK5*A", "AK9*A*1*1*1"), []),
        (("AK1*PC*1", "AK2*860*0001", "AK5*R*5", "AK9*R*1*1*0"), [("ack_997_refused", "4500001")]),
        (("AK1*PC*2", "AK2*860*0001", "AK5*A", "AK9*A*1*1*1"), [("ack_997_missing", "4500001")]),
    ],
)
def test_a_997_is_about_what_was_sent_under_its_numbers(delivered, rows, expected):
    make.process(delivered.connection, functional(*rows))
    assert cases(LATER) == expected


def told_of_interchange(at: Connection, monkeypatch: pytest.MonkeyPatch, status: str, control: str) -> None:
    """A TA1, as its translator has it."""
    word = FunctionalWord(
        partner=make.ACME, group_control="", interchange_control=control, status=status, faults=("ISA06",)
    )
    monkeypatch.setattr(X12Translator, "translate", lambda _self, _message: iter([Unit(functional=(word,))]))
    make.process(at, b"TA1")


@pytest.mark.parametrize(
    ("status", "control", "expected"),
    [
        ("R", "000000070", [("ack_997_refused", "4500001")]),
        ("A", "70", [("ack_997_missing", "4500001")]),
        ("R", "71", [("ack_997_missing", "4500001")]),
    ],
)
def test_a_ta1_that_refuses_an_interchange_refuses_all_in_it(
    delivered, monkeypatch, status, control, expected
):
    told_of_interchange(delivered.connection, monkeypatch, status, control)
    assert InterchangeReceipt.objects.get().interchange_control == control.lstrip("0")
    assert cases(LATER) == expected


def test_nothing_is_waited_for_before_delivery_or_from_partners_that_owe_none(scribe, acme):
    ask(acme)
    system_of(acme).faults.append((BROKEN, False))
    deliver_due()
    assert set(FunctionalReceipt.objects.values_list("sent_at", flat=True)) == {None}
    assert cases(LATER) == []
    profile_of(acme.connection.company, expects_functional=False)
    ask(acme)
    due_now()
    deliver_due()
    assert FunctionalReceipt.objects.count() == 2


# As connectors have it


def test_a_folder_holds_the_document_itself_under_its_name(tmp_path):
    for name in ("out", "done"):
        (tmp_path / name).mkdir()
    way = FolderConnector(options={"out": str(tmp_path / "out"), "done": str(tmp_path / "done")}, secret="")
    own = OutgoingCommand(
        id=Message().pk,
        type="order.change_request",
        data={},
        created_at=NOON,
        document=OutgoingDocument(body=b"ISA*00~", content_type=make.X12, name="860-1.edi"),
    )
    assert way.read_back(own).result == "retry"
    assert (way.send(own).result, way.send(own).result) == ("delivered", "delivered")
    assert [(each.name, each.read_bytes()) for each in (tmp_path / "out").iterdir()] == [
        ("860-1.edi", b"ISA*00~")
    ]
    (tmp_path / "out" / "860-1.edi").rename(tmp_path / "done" / "860-1.edi")
    assert way.read_back(own).result == "delivered"


def test_the_writer_of_the_settings_writes_what_our_own_reader_reads(acme):
    command = place(acme)
    deliver_due()
    document = sent(acme, command).document
    assert document is not None
    (part,) = (each for each in read(document.body) if isinstance(each, TransactionSet))
    assert (part.code, tuple(part.findings)) == ("850", ())
    own = X12Translator().translate(VerbatimMessage(body=document.body, content_type=make.X12))
    (placed,) = (each.document for unit in own for each in unit.documents)
    assert isinstance(placed, OrderPlaced)
    assert (placed.order.number, placed.supplier.ids[0]) == ("4500009", make.ACME)


def test_outside_judges_find_nothing_wrong_with_what_leaves(acme):
    command, placed = ask(acme), place(acme)
    deliver_due()
    for own in (command, placed):
        document = sent(acme, own).document
        assert document is not None
        text = document.body.decode()
        judged = mockedi.validate.validate(mockedi.x12.parse(text))
        assert judged.messages
        assert judged.clean, [message.summary() for message in judged.messages]
        assert x12doctor.diagnose(text).findings == []


EUROPEAN = {
    "syntax": "edifact",
    "version": "D:96A:UN:EAN008",
    "our_qualifier": "14",
    "our_id": "4012345000009",
    "their_qualifier": "14",
    "their_id": "5412345000013",
}


def contrl(action: str, message: str = "1", interchange: str = "1") -> bytes:
    rows = [
        "UNB+UNOC:3+5412345000013:14+4012345000009:14+261103:0900+77",
        "UNH+1+CONTRL:4:1:UN",
        f"UCI+{interchange}+4012345000009:14+5412345000013:14+{action}",
        f"UCM+{message}+ORDCHG:D:96A:UN+{action}",
        "UNT+4+1",
        "UNZ+1+77",
    ]
    return "".join(f"{row}'" for row in rows).encode()


@pytest.mark.parametrize(
    ("action", "interchange", "expected"),
    [("7", "1", []), ("4", "1", ["ack_997_refused"]), ("7", "2", ["ack_997_missing"])],
)
def test_edifact_leaves_by_its_own_writer_and_its_contrl_finds_it(acme, action, interchange, expected):
    profile_of(acme.connection.company, **EUROPEAN)
    command = ask(acme)
    with clock.at(NOON):
        deliver_due()
    document = sent(acme, command).document
    assert document is not None
    assert (document.content_type, document.name[:7]) == (EDIFACT, "ORDCHG-")
    own = EdifactTranslator().translate(VerbatimMessage(body=document.body, content_type=EDIFACT))
    (changed,) = (each.document for unit in own for each in unit.documents)
    assert isinstance(changed, OrderChanged)
    assert (changed.order.number, str(changed.lines[0].quantity)) == ("4500001", "60")
    told = contrl(action, interchange=interchange)
    accepted = accept_message(connection=acme.connection, body=told, content_type=EDIFACT)
    drain(message_ids=[accepted.message_id])
    assert [kind for kind, _order in cases(LATER)] == expected

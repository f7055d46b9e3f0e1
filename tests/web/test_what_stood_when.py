"""The order page says what stood when: of documents replaced, reversed, changed and read again."""

import re
from typing import Any

import factories as make
import msgspec
import pytest
from django.test import Client

from integrations.mappings.cloudevents import CloudEventTranslator
from visibility.access.models import Grant
from visibility.accounts.models import Role, User
from visibility.flows.models import Flow
from visibility.inbox.models import Connection
from visibility.inbox.services import replay_message
from visibility.masterdata.resolve import forget_kept
from visibility.pipeline import worker
from visibility.pipeline.worker import drain

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(db: None) -> Connection:
    forget_kept()
    connection = make.connection(of=make.company("northgate", issuer=make.NORTHGATE))
    second = make.line("2", 40, sku="SKU-1051", price="3.10")
    make.tell(
        connection,
        make.order("4500001", make.line(price="10.00"), second),
        make.answer("4500001", make.answer_line("1", make.accepted(60)), version="1|"),
        make.change(
            "4500001", make.line("1", 80), {**make.line("2", 40, sku="SKU-1051"), "op": "delete"}, version="1"
        ),
        make.answer(
            "4500001", make.answer_line("1", make.accepted(80)), at="2026-11-06T15:00:00Z", version="2|"
        ),
        make.notice("7764", make.line("1", 60)),
        make.notice("7765", make.line("1", 80), replaces="7764", issued_at="2026-11-12T15:00:00Z"),
        make.receipt("R-1", make.line("1", 80)),
        make.receipt("R-2", make.line("1", -30), reverses="R-1", issued_at="2026-11-17T15:00:00Z"),
    )
    return connection


def page(connection: Connection) -> str:
    """The text of the order's page."""
    user, is_new = User.objects.get_or_create(username="maria", defaults={"role": Role.BUYER})
    if is_new:
        Grant.objects.create(user=user, company=connection.company)
    client = Client()
    client.force_login(user)
    flow = Flow.objects.get(number="4500001")
    html = client.get(f"/flows/{flow.correlation_id}/").content.decode()
    return re.sub(r"\s+", " ", html)


def test_entries_that_no_longer_count_are_struck_out_and_say_what_stands_instead(told):
    text = page(told)
    assert 'on ASN 7764</s><span class="fate">replaced by ship notice 7765 of 12 Nov' in text
    assert '<span class="fate">in part reversed by receipt R-2 of 17 Nov' in text
    assert '<span class="fate">answered again since, last on 6 Nov' in text
    assert "on ASN 7765</s>" not in text


def test_lines_say_what_they_were(told):
    text = page(told)
    assert "Ordered 100 → 80 by order change 1 on 5 Nov" in text
    assert "Confirmed 60 on 3 Nov → 80 on 6 Nov" in text
    assert "Received 80 on 16 Nov → 50 by receipt R-2 on 17 Nov" in text
    assert "Was 40, deleted by order change 1 on 5 Nov" in text


class Mended(CloudEventTranslator):
    """A mapping that was mended: what it read as 5 is 6."""

    def translate(self, message: Any) -> Any:
        body = bytes(message.body).replace(b'"quantity": "5"', b'"quantity": "6"')
        return super().translate(msgspec.structs.replace(message, body=body))


def test_what_a_message_said_before_it_was_read_again_stays_readable(told, monkeypatch):
    (done,) = make.tell(told, make.notice("7766", make.line("1", 5)))
    assert "shipped 5 of" in page(told)
    monkeypatch.setattr(worker, "translator_for", lambda _: Mended())
    replay_message(message_id=done.message_id)
    drain()
    text = page(told)
    assert "shipped 6 of" in text
    assert re.search(
        r'<s>[^<]*shipped 5 of[^<]*</s><span class="fate">superseded: the message was read', text
    )


def test_a_message_read_again_to_the_same_is_told_once(told):
    (done,) = make.tell(told, make.notice("7766", make.line("1", 5)))
    replay_message(message_id=done.message_id)
    drain()
    assert page(told).count("shipped 5 of") == 1

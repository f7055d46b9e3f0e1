"""What came by a key parts again when a message read once more says nothing of that key any more."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from factories import notice, order, status, tell
from settled import placed, unplaced

from visibility.inbox.models import Connection
from visibility.inbox.services import replay_message
from visibility.pipeline import worker
from visibility.pipeline.translators import translator_for
from visibility.pipeline.worker import drain

Check = Callable[[], None]


class OtherBill:
    """A mapping that was mended: it reads another bill of lading."""

    def translate(self, message: Any) -> Any:
        body = bytes(message.body).replace(b"BOL-1", b"BOL-2")
        own = translator_for(message.content_type)
        return own.translate(msgspec.structs.replace(message, body=body))

    def replies(self, message: Any) -> Any:
        return ()


@pytest.mark.django_db
def test_a_status_parts_from_an_order_whose_notice_names_another_bill_when_read_once_more(
    trial: Connection, monkeypatch: pytest.MonkeyPatch, rebuilt_the_same: Check
) -> None:
    tell(trial, order(id="o"))
    (noticed,) = tell(trial, notice(id="n", bol="BOL-1"))
    tell(trial, status("BOL-1", id="s"))
    assert placed()["s"] == placed()["o"] != set()
    replay_message(message_id=noticed.message_id)
    with monkeypatch.context() as patch:
        patch.setattr(worker, "translator_for", lambda _: OtherBill())
        drain(message_ids=[noticed.message_id])
    assert placed()["n"] == placed()["o"]
    assert unplaced() == {"s"}
    rebuilt_the_same()

"""What every connector must do, whatever system is behind it. A connector's tests are a subclass of this.

`bench` gives the connector and hands on the system's troubles; a trouble that a system cannot have is skipped
with the reason that `Bench` gives. Add one for a connector: see docs/connectors.md.
"""

import datetime as dt
import json
from abc import ABC, abstractmethod
from collections.abc import Sequence
from uuid import UUID

import pytest

from visibility.core import identifiers
from visibility.sync.ports import ChangePage, Connector, Delivery, OutgoingCommand

TYPE = "order.line.confirm"


class Bench(ABC):
    """A system to try a connector on."""

    cannot: dict[str, str] = {}
    """Troubles this kind of system does not have, by the name of the method, and why."""

    @abstractmethod
    def connector(self) -> Connector:
        """A connector made anew."""

    @abstractmethod
    def effects(self) -> list[UUID]:
        """What the system did, in its order; twice in here is done twice."""

    def refuse(self, why: str) -> None:
        raise NotImplementedError

    def be_slow(self) -> None:
        """Answer the next request later than anybody waits, having done it."""
        raise NotImplementedError

    def throttle(self, seconds: int) -> None:
        raise NotImplementedError

    def break_down(self) -> None:
        """Answer the next request that something went wrong, without doing it."""
        raise NotImplementedError

    def drop_answer(self, *, after_effect: bool) -> None:
        raise NotImplementedError

    def talk_garbage(self) -> None:
        """Do the next request and answer what nobody can read."""
        raise NotImplementedError

    def go_away(self) -> None:
        """Take nothing any more."""
        raise NotImplementedError

    def come_back(self) -> None:
        raise NotImplementedError

    def set_clock(self, seconds: float) -> None:
        """Its clock is ahead of ours by so much."""
        raise NotImplementedError

    def tell(self, pages: Sequence[Sequence[bytes]]) -> None:
        """Changes in pages, as they are to be read; the same event may stand in several."""
        raise NotImplementedError

    def tell_with_unknown_fields(self, events: Sequence[bytes]) -> None:
        raise NotImplementedError


def command(kind: str = TYPE) -> OutgoingCommand:
    return OutgoingCommand(
        id=identifiers.new_id(),
        type=kind,
        data={"order": {"number": "4500018277"}, "line": "10", "quantity": "60", "text": "für Ø 40 mm"},
        created_at=dt.datetime(2026, 11, 3, 12, tzinfo=dt.UTC),
    )


def event(number: int, **more: object) -> bytes:
    return json.dumps(
        {"specversion": "1.0", "id": f"e-{number}", "source": "/erp", "type": "x", **more}
    ).encode()


def read_all(connector: Connector, *, most: int = 50) -> list[bytes]:
    """All changes from the beginning, as the deliverer reads them."""
    cursor, found = "", []
    for _ in range(most):
        page = connector.read_changes(cursor=cursor, limit=2)
        assert isinstance(page, ChangePage), page
        found += page.events
        if page.cursor == cursor:
            return found
        cursor = page.cursor
    raise AssertionError("reading never comes to an end")


class ConnectorContract:
    """Inherit, and give a `bench` fixture."""

    @pytest.fixture
    def bench(self) -> Bench:
        raise NotImplementedError

    @staticmethod
    def need(bench: Bench, *names: str) -> None:
        for name in names:
            if name in bench.cannot:
                pytest.skip(bench.cannot[name])

    # Sending

    def test_a_command_is_done_and_said_to_be(self, bench: Bench) -> None:
        asked = command()
        assert bench.connector().send(asked).result == "delivered"
        assert bench.effects() == [asked.id]

    def test_the_same_command_sent_again_is_done_once(self, bench: Bench) -> None:
        asked = command()
        for _ in range(3):
            assert bench.connector().send(asked).result == "delivered"
        assert bench.effects() == [asked.id]

    def test_what_was_done_is_found_and_what_never_came_is_not(self, bench: Bench) -> None:
        asked = command()
        assert bench.connector().read_back(asked).result == "retry"
        bench.connector().send(asked)
        assert bench.connector().read_back(asked).result == "delivered"
        assert bench.connector().read_back(command()).result == "retry"

    def test_a_refusal_bears_its_reason_and_is_found_again(self, bench: Bench) -> None:
        self.need(bench, "refuse")
        bench.refuse("Line 10 is closed here.")
        asked = command()
        for delivery in (bench.connector().send(asked), bench.connector().read_back(asked)):
            assert (delivery.result, delivery.failure) == ("refused", "refused")
            assert delivery.text == "Line 10 is closed here."
        assert bench.effects() == []

    def test_no_answer_in_time_is_unknown_and_then_found_out(self, bench: Bench) -> None:
        self.need(bench, "be_slow")
        bench.be_slow()
        asked = command()
        delivery = bench.connector().send(asked)
        assert (delivery.result, delivery.failure) == ("unknown", "timeout")
        self.find_out(bench, asked)

    def test_an_answer_dropped_after_the_effect_is_unknown_and_then_found_out(self, bench: Bench) -> None:
        self.need(bench, "drop_answer")
        bench.drop_answer(after_effect=True)
        asked = command()
        delivery = bench.connector().send(asked)
        assert (delivery.result, delivery.failure) == ("unknown", "dropped")
        assert bench.connector().read_back(asked).result == "delivered"
        assert bench.effects() == [asked.id]

    def test_a_line_cut_before_the_effect_is_unknown_and_then_sent_again(self, bench: Bench) -> None:
        self.need(bench, "drop_answer")
        bench.drop_answer(after_effect=False)
        asked = command()
        assert bench.connector().send(asked).result == "unknown"
        assert bench.connector().read_back(asked).result == "retry"
        assert bench.connector().send(asked).result == "delivered"
        assert bench.effects() == [asked.id]

    def test_who_is_throttled_is_told_for_how_long(self, bench: Bench) -> None:
        self.need(bench, "throttle")
        bench.throttle(17)
        delivery = bench.connector().send(command())
        assert (delivery.result, delivery.failure) == ("retry", "throttled")
        assert delivery.retry_after == dt.timedelta(seconds=17)
        assert bench.effects() == []

    def test_a_broken_system_has_refused_nothing(self, bench: Bench) -> None:
        self.need(bench, "break_down")
        bench.break_down()
        asked = command()
        delivery = bench.connector().send(asked)
        assert delivery.result in ("retry", "unknown")
        assert delivery.failure == "unavailable"
        assert bench.connector().read_back(asked).result == "retry"

    def test_an_answer_that_cannot_be_read_is_no_yes(self, bench: Bench) -> None:
        self.need(bench, "talk_garbage")
        bench.talk_garbage()
        asked = command()
        delivery = bench.connector().send(asked)
        assert (delivery.result, delivery.failure) == ("unknown", "invalid")
        self.find_out(bench, asked)

    def test_a_system_that_is_away_did_nothing_and_takes_it_later(self, bench: Bench) -> None:
        self.need(bench, "go_away")
        bench.go_away()
        asked = command()
        delivery = bench.connector().send(asked)
        assert (delivery.result, delivery.failure) == ("retry", "unavailable")
        asking = bench.connector().read_back(asked)
        assert asking.result in ("unknown", "retry")
        assert asking.failure == "unavailable"
        assert isinstance(bench.connector().read_changes(cursor="", limit=5), Delivery)
        bench.come_back()
        assert bench.connector().send(asked).result == "delivered"
        assert bench.effects() == [asked.id]

    def test_a_clock_that_is_off_does_no_harm_or_is_named(self, bench: Bench) -> None:
        self.need(bench, "set_clock")
        bench.set_clock(100)
        assert bench.connector().send(command()).result == "delivered"
        bench.set_clock(4_000)
        delivery = bench.connector().send(command())
        assert (delivery.result, delivery.failure) == ("retry", "denied")
        assert "clock" in delivery.text
        assert len(bench.effects()) == 1

    def find_out(self, bench: Bench, asked: OutgoingCommand) -> None:
        """What the deliverer does with an unknown one; the effect is there once in the end."""
        found = bench.connector().read_back(asked)
        if found.result == "retry":
            found = bench.connector().send(asked)
        assert found.result == "delivered"
        assert bench.effects() == [asked.id]

    # Reading

    def test_nothing_has_changed(self, bench: Bench) -> None:
        assert read_all(bench.connector()) == []

    def test_changes_are_read_to_their_end_and_no_further(self, bench: Bench) -> None:
        bench.tell([[event(1), event(2)], [event(3)]])
        assert read_all(bench.connector()) == [event(1), event(2), event(3)]

    def test_a_page_may_be_read_again(self, bench: Bench) -> None:
        bench.tell([[event(1), event(2)]])
        first = bench.connector().read_changes(cursor="", limit=10)
        assert first == bench.connector().read_changes(cursor="", limit=10)

    def test_pages_that_overlap_or_come_out_of_order_lose_nothing(self, bench: Bench) -> None:
        self.need(bench, "overlap")
        bench.tell([[event(2), event(1)], [event(1), event(3)], [event(3)]])
        found = read_all(bench.connector())
        assert {json.loads(each)["id"] for each in found} == {"e-1", "e-2", "e-3"}

    def test_fields_nobody_knows_and_fields_that_are_missing_do_no_harm(self, bench: Bench) -> None:
        self.need(bench, "tell_with_unknown_fields")
        sent = [event(1, colour={"deep": [1, None]}), b'{"id": "e-2"}']
        bench.tell_with_unknown_fields(sent)
        assert [json.loads(each) for each in read_all(bench.connector())] == [
            json.loads(each) for each in sent
        ]

    def test_changes_that_cannot_be_read_are_told_and_move_no_cursor(self, bench: Bench) -> None:
        self.need(bench, "talk_garbage")
        bench.talk_garbage()
        found = bench.connector().read_changes(cursor="", limit=5)
        assert isinstance(found, Delivery)
        assert found.failure == "invalid"

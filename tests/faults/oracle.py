"""What must hold at the end: what the client wrote down, against what the database has."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from uuid import UUID

import psycopg

from tests.faults.sender import Book, Told
from tests.faults.traffic import SOURCE, X12, Fact
from visibility.canonical.events import identity_of

MEMBERS = (
    "SELECT e.position, e.event_id, e.message_id, e.explicit_id, "
    "array_agg(DISTINCT k.value) FILTER (WHERE k.value <> '') "
    "FROM ledger_entry e LEFT JOIN ledger_membership m USING (position) "
    "LEFT JOIN ledger_correlation_key k ON k.flow_id = m.flow_id "
    "GROUP BY e.position, e.event_id, e.message_id, e.explicit_id"
)


class Oracle:
    """Compares. Every check answers with what is wrong, one text for each thing; nothing is right."""

    def __init__(self, *, database: psycopg.Connection, book: Book, company_id: int) -> None:
        self._told = list(book.told.values())
        self._company_id = company_id
        self._outcomes: dict[UUID, tuple[str, int, list[str]]] = {
            message_id: (status, entries, codes)
            for message_id, status, entries, codes in database.execute(
                "SELECT DISTINCT ON (message_id) message_id, status, entries, "
                "ARRAY(SELECT p ->> 'code' FROM jsonb_array_elements(problems) p) "
                "FROM inbox_outcome WHERE NOT partial ORDER BY message_id, translation DESC"
            )
        }
        self._waiting = {row[0] for row in database.execute("SELECT message_id FROM inbox_messagework")}
        kept = database.execute("SELECT id, in_reply_to_id FROM inbox_message").fetchall()
        self._messages = {message for message, reply_to in kept if reply_to is None}
        self._replies = Counter(reply_to for _, reply_to in kept if reply_to is not None)
        self._by_event: dict[UUID, list[frozenset[str]]] = defaultdict(list)
        self._by_message: dict[UUID, list[frozenset[str]]] = defaultdict(list)
        self._positions: set[int] = set()
        for position, event_id, message_id, explicit, orders in database.execute(MEMBERS):
            self._positions.add(position)
            found = self._by_event[event_id] if explicit else self._by_message[message_id]
            found.append(frozenset(orders or ()))

    @property
    def entries(self) -> int:
        """How many entries the ledger has."""
        return len(self._positions)

    @property
    def messages(self) -> set[UUID]:
        """Every message whose acceptance was written down."""
        return {message_id for told in self._told for message_id, _ in told.answers}

    def not_answered(self) -> list[str]:
        """Ways by which a telling was never accepted, or refused though it is nobody else's."""
        return [
            f"{told.telling.name}: {len(told.answers)} of {len(told.telling.ways)} accepted, "
            f"{told.conflicts} refused"
            for told in self._told
            if len(told.answers) != len(told.telling.ways) or told.conflicts
        ]

    def lost_messages(self) -> list[str]:
        """Accepted, and not kept."""
        return [f"message {m} was accepted and is not there" for m in self.messages - self._messages]

    def stuck(self) -> list[str]:
        """Neither final nor among those that can still be worked on; and what was not finished in time."""
        nowhere = self._messages - self._outcomes.keys() - self._waiting
        waiting = [f"message {m} still waits" for m in self._waiting]
        return waiting + [f"message {m} is neither final nor queued" for m in nowhere]

    def not_processed(self) -> list[str]:
        """Innocent messages that ended otherwise than processed without an error."""
        wrong = []
        for told in self._innocent():
            for message_id in {message_id for message_id, _ in told.answers}:
                status, _, codes = self._outcomes.get(message_id, ("no outcome", 0, []))
                if status != "processed" or codes:
                    wrong.append(f"{told.telling.name}, message {message_id}: {status} {codes}")
        return wrong

    def lost_entries(self) -> list[str]:
        """Facts of accepted messages that are not in the ledger."""
        return [
            f"{name}: {len(found)} of {wanted}"
            for name, found, wanted in self._counts()
            if len(found) < wanted
        ]

    def doubled_entries(self) -> list[str]:
        """Facts that are in the ledger more than once; and entries that nobody told."""
        wrong = [
            f"{name}: {len(found)} for {wanted}"
            for name, found, wanted in self._counts()
            if len(found) > wanted
        ]
        expected = len(self._events()) + sum(len(told.telling.facts) for told in self._by_bytes())
        if self.entries > expected:
            wrong.append(f"{self.entries} entries where {expected} facts were told")
        return wrong

    def wrong_answers(self) -> list[str]:
        """Tellings whose answers name several messages, or are not exactly once no duplicate."""
        wrong = []
        for told in self._told:
            firsts = sum(not duplicate for _, duplicate in told.answers)
            # The first answer may have been lost on its way; then every later one is a duplicate.
            excused = bool(told.unanswered) or told.telling.told_elsewhere
            if len({m for m, _ in told.answers}) > 1 or firsts > 1 or (firsts == 0 and not excused):
                wrong.append(f"{told.telling.name}: {told.answers}")
        return wrong

    def impostors_taken(self) -> list[str]:
        """Other bodies under a known id that were not refused."""
        tried = [told for told in self._told if told.impostor]
        return [f"{told.telling.name}: answered {told.impostor}" for told in tried if told.impostor != 409]

    def killers_not_set_aside(self) -> list[str]:
        """Messages that kill their worker and did not end as rejected, or brought something in."""
        wrong = []
        for told in self._told:
            for message_id, _ in told.answers if told.telling.kills else ():
                found = self._outcomes.get(message_id, ("no outcome", 0, []))
                if found != ("rejected", 0, ["processing_failed"]):
                    wrong.append(f"{told.telling.name}, message {message_id}: {found}")
        return wrong

    def not_joined(self) -> list[str]:
        """Entries that are not members of exactly the orders they speak of."""
        wrong = [
            f"{fact.event_id}: of {sorted(orders)} instead of {sorted(fact.orders)}"
            for fact, found in self._found()
            for orders in found
            if orders != fact.orders
        ]
        for told in self._by_bytes():
            found = [orders for m in _ids(told) for orders in self._by_message[m]]
            if Counter(found) != Counter(fact.orders for fact in told.telling.facts):
                wrong.append(f"{told.telling.name}: of {found}")
        return wrong

    def feed_differs(self, seen: Counter[int]) -> list[str]:
        """Positions that a reader of the feed did not see exactly once."""
        return [
            f"entry {position} was given out {seen[position]} times"
            for position in sorted(self._positions | seen.keys())
            if seen[position] != 1
        ]

    def wrong_replies(self) -> list[str]:
        """X12 messages without exactly one acknowledgement, and acknowledgements of others."""
        owed = {m for told in self._by_bytes() for m in _ids(told)}
        return [
            f"message {m} was acknowledged {self._replies[m]} times"
            for m in owed | self._replies.keys()
            if self._replies[m] != (m in owed)
        ]

    def _innocent(self) -> list[Told]:
        return [told for told in self._told if not told.telling.kills]

    def _by_bytes(self) -> list[Told]:
        return [told for told in self._innocent() if told.telling.content_type == X12 and told.answers]

    def _events(self) -> dict[str, Fact]:
        return {
            fact.event_id: fact
            for told in self._innocent()
            if told.answers
            for fact in told.telling.facts
            if fact.event_id
        }

    def _found(self) -> Iterable[tuple[Fact, list[frozenset[str]]]]:
        for fact in self._events().values():
            key = identity_of(company_id=self._company_id, source=SOURCE, event_id=fact.event_id)
            yield fact, self._by_event[key]

    def _counts(self) -> Iterable[tuple[str, list[frozenset[str]], int]]:
        """Name, entries found and number wanted, of every event and every message without events."""
        for fact, found in self._found():
            yield fact.event_id, found, 1
        for told in self._by_bytes():
            found = [orders for m in _ids(told) for orders in self._by_message[m]]
            yield told.telling.name, found, len(told.telling.facts)


def _ids(told: Told) -> set[UUID]:
    return {message_id for message_id, _ in told.answers}

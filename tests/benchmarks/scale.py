"""History made long by cloning whole orders under new numbers: what pages and workers meet after years.

`scale_up(entries=…)` multiplies everything that stands in the database the settings name: messages with their
outcomes, entries, keys, links, memberships, orders, lines, cases. A clone's number differs in three digits of
the numbers' common beginning; its correlation ID, its cases' fingerprints and its sequences are what the
system would have made of it, so that life can go on: what is told of a clone next finds it. Master data is
shared, the bytes of a cloned message are those of the first, and its identity was never told.

Orders lie DAYS_APART days before those of the clone before, in lists and filters; their documents and
views keep the dates they have.
"""

import datetime as dt
import itertools
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connections

from visibility.core import identifiers
from visibility.counters.services import compact_all
from visibility.triage.reconcile import mark_of

DAYS_APART = 3
DAYS_AT_MOST = 1500
DIGITS = 3
# A message's clone is a UUIDv8: it may be anything, only not one of the first ones'.
MESSAGE = "overlay(overlay({}::text placing to_hex(%(n)s + 256) from 34) placing '8' from 15)::uuid"
RENUMBER = "regexp_replace({}, %(pattern)s, %(renumbered)s, 'g')"
# By table: which rows are the first ones, and what differs in a clone. None: the database's default.
SET_WISE: dict[str, tuple[str, dict[str, str | None]]] = {
    "inbox_message": (
        "id = ANY(%(messages)s)",
        {
            "id": MESSAGE.format("id"),
            "in_reply_to_id": MESSAGE.format("in_reply_to_id"),
            "received_at": "received_at + %(n)s * interval '1 second'",
        },
    ),
    "inbox_outcome": (
        "message_id = ANY(%(messages)s)",
        {"id": None, "message_id": MESSAGE.format("message_id")},
    ),
    "ledger_entry": (
        "position <= %(position)s",
        {
            "position": "position + %(n)s * %(position)s",
            "recorded_at": None,
            "xid": None,
            "message_id": MESSAGE.format("message_id"),
            "document": RENUMBER.format("document::text") + "::jsonb",
        },
    ),
    "ledger_correlation_key": (
        "id <= %(key)s AND scheme <> 'correlation'",
        {
            "id": "id + %(n)s * %(key)s",
            "value": RENUMBER.format("value"),
            "flow_id": "flow_id + %(n)s * %(flow)s",
            "same_as": "same_as + %(n)s * %(key)s",
        },
    ),
    "ledger_key_link": (
        "key_id <= %(key)s",
        {"key_id": "key_id + %(n)s * %(key)s", "flow_id": "flow_id + %(n)s * %(flow)s"},
    ),
    "ledger_loose_entry": (
        "key_id <= %(key)s",
        {
            "key_id": "key_id + %(n)s * %(key)s",
            "position": "position + %(n)s * %(position)s",
            "recorded_at": None,
        },
    ),
    "ledger_unplaced": (
        "position <= %(position)s",
        {"position": "position + %(n)s * %(position)s", "recorded_at": None},
    ),
    "ledger_membership": (
        "flow_id <= %(flow)s",
        {
            "flow_id": "flow_id + %(n)s * %(flow)s",
            "position": "position + %(n)s * %(position)s",
            "recorded_at": None,
        },
    ),
    "ledger_parting": (
        "flow_id <= %(flow)s",
        {
            "flow_id": "flow_id + %(n)s * %(flow)s",
            "position": "position + %(n)s * %(position)s",
            "n": None,
            "recorded_at": None,
        },
    ),
    "flows_flowline": (
        "flow_id <= %(flow)s",
        {
            "flow_id": "flow_id + %(n)s * %(flow)s",
            "wanted_on": "wanted_on - %(days)s",
            "promised_on": "promised_on - %(days)s",
        },
    ),
}
OTHERS = (
    "flows_flow",
    "triage_exceptioncase",
    "triage_caseevent",
    "counters_counterdelta",
    "counters_countertotal",
)
SEQUENCES = (
    ("ledger_position", "ledger_entry", "position"),
    ("ledger_flow", "flows_flow", "id"),
    ("ledger_correlation_key_id_seq", "ledger_correlation_key", "id"),
    ("triage_exceptioncase_id_seq", "triage_exceptioncase", "id"),
)


@dataclass(frozen=True)
class Row:
    """A row with what is computed for its clones; `rest` is the other columns as COPY writes them."""

    id: int
    computed: tuple[Any, ...]
    rest: str


@dataclass(frozen=True)
class First:
    """What was there before: the highest ids, the rows that are not cloned by SQL, how numbers are found."""

    entries: int
    position: int
    key: int
    flow: int
    case: int
    messages: list[Any]
    prefix: str
    digits: int
    flows: list[Row]
    cases: list[Row]
    columns: dict[str, list[str]]
    """Of each table, those that a clone names."""

    def numbers(self, n: int) -> dict[str, Any]:
        """What the statements of the n-th clone need."""
        n = self.mark(n)
        return {
            "n": n,
            "days": n * DAYS_APART % DAYS_AT_MOST,
            "messages": self.messages,
            "position": self.position,
            "key": self.key,
            "flow": self.flow,
            "pattern": f"{self.prefix}(\\d{{{self.digits}}})",
            "renumbered": f"{self.beginning(n)}\\1",
        }

    def mark(self, n: int) -> int:
        """The n-th number of three digits, leaving out that of the first orders."""
        return n + (n >= int(self.prefix[-DIGITS:]))

    def beginning(self, n: int) -> str:
        """The beginning of a clone's numbers, as long as that of the first."""
        return f"{self.prefix[:-DIGITS]}{n:0{DIGITS}}"


def scale_up(*, entries: int) -> int:
    """Clone all orders until there are about so many entries; how many there are then.

    RuntimeError where the orders' numbers do not begin alike, or too many clones would be needed.
    """
    (made,) = steps(entries=[entries])
    return made


def steps(*, entries: Sequence[int]) -> Iterator[int]:
    """As `scale_up`, to one size after the other, each larger than the one before."""
    owner = connections["owner"]
    owner.ensure_connection()
    database: psycopg.Connection[Any] = owner.connection
    first = _read_first(database)
    done = 0
    for wanted in entries:
        clones = max(round(wanted / first.entries) - 1, done)
        if clones >= 10**DIGITS - 1:
            raise RuntimeError(f"{clones} clones of {first.entries} entries: begin with more orders")
        database.execute("SET synchronous_commit = off")
        for n in range(done + 1, clones + 1):
            _clone(database, first, n)
            if n % 20 == 0 or n == clones:
                print(f"  {(n + 1) * first.entries} entries", file=sys.stderr)
        done = clones
        _tidy(database)
        yield first.entries * (clones + 1)


def _tidy(database: psycopg.Connection[Any]) -> None:
    """Sequences go on behind what there is now, counters are summed up, the planner knows all of it."""
    for sequence, table, column in SEQUENCES:
        database.execute(f"SELECT setval('{sequence}', (SELECT max({column}) FROM {table}))")
    compact_all()
    for table in (*SET_WISE, *OTHERS):
        database.execute(f"VACUUM ANALYZE {table}")
    database.execute("RESET synchronous_commit")


def _beginning(texts: list[str]) -> str:
    """What all of them begin with."""
    first, last = min(texts, default=""), max(texts, default="")
    alike = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))
    return "".join(here for here, _ in alike)


def _read_first(database: psycopg.Connection[Any]) -> First:
    def one(statement: str) -> Any:
        row = database.execute(statement).fetchone()
        return row[0] if row else None

    numbers = [number for (number,) in database.execute("SELECT DISTINCT number FROM flows_flow").fetchall()]
    prefix = _beginning(numbers)
    digits = min((len(number) for number in numbers), default=0) - len(prefix)
    if not re.fullmatch(rf"[A-Z]*\d{{{DIGITS},}}", prefix) or digits < 1:
        raise RuntimeError(f"the orders' numbers begin with {prefix!r}: three digits in common are needed")
    return First(
        entries=one("SELECT count(*) FROM ledger_entry"),
        position=one("SELECT max(position) FROM ledger_entry"),
        key=one("SELECT max(id) FROM ledger_correlation_key"),
        flow=one("SELECT max(id) FROM flows_flow"),
        case=one("SELECT coalesce(max(id), 0) FROM triage_exceptioncase"),
        messages=[row[0] for row in database.execute("SELECT id FROM inbox_message").fetchall()],
        prefix=prefix,
        digits=digits,
        flows=_read_flows(database),
        cases=_read_cases(database),
        columns={table: _columns(database, table, changed) for table, (_, changed) in SET_WISE.items()}
        | {"flows_flow": _columns(database, "flows_flow", dict.fromkeys(_FLOW))}
        | {"triage_exceptioncase": _columns(database, "triage_exceptioncase", dict.fromkeys(_CASE))},
    )


_FLOW = ("id", "correlation_id", "ordered_on", "wanted_on")
_CASE = ("id", "flow_id", "fingerprint", "message_id", "opened_at", "kind", "line", "subject")


def _columns(database: psycopg.Connection[Any], table: str, changed: dict[str, Any]) -> list[str]:
    rows = database.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s ORDER BY ordinal_position",
        [table],
    ).fetchall()
    return [name for (name,) in rows if changed.get(name, name) is not None]


def _copied(
    database: psycopg.Connection[Any], table: str, computed: tuple[str, ...], where: str
) -> Iterator[tuple[list[str], str]]:
    """Rows as COPY writes them: the computed columns apart, the rest as it is."""
    rest = ", ".join(_columns(database, table, dict.fromkeys(computed)))
    statement = (
        f"COPY (SELECT {', '.join(computed)}, {rest} FROM {table} WHERE {where} ORDER BY id) TO STDOUT"
    )
    with database.cursor() as cursor, cursor.copy(statement) as copy:
        for line in b"".join(bytes(block) for block in copy).decode().splitlines():
            *values, others = line.split("\t", len(computed))
            yield values, others


def _read_flows(database: psycopg.Connection[Any]) -> list[Row]:
    """Orders, each with the key that its correlation ID is made of."""
    names: dict[str, tuple[str, str, str, str]] = {}
    for *key, _flow in database.execute(
        "SELECT c.code, k.scheme, k.scope, k.value, k.flow_id FROM ledger_correlation_key k "
        "JOIN masterdata_company c ON c.id = k.company_id WHERE k.flow_id IS NOT NULL"
    ).fetchall():
        company, scheme, scope, value = key
        name = identifiers.correlation_id(company=company, scheme=scheme, scope=scope, value=value)
        names[str(name)] = (company, scheme, scope, value)
    return [
        Row(int(values[0]), (names[values[1]], *map(_date, values[2:])), rest)
        for values, rest in _copied(database, "flows_flow", _FLOW, "true")
        if values[1] in names
    ]


def _date(text: str) -> dt.date | None:
    return None if text == "\\N" else dt.date.fromisoformat(text)


def _read_cases(database: psycopg.Connection[Any]) -> list[Row]:
    return [
        Row(int(values[0]), tuple(values[1:]), rest)
        for values, rest in _copied(
            database, "triage_exceptioncase", _CASE, "flow_id IS NOT NULL OR message_id IS NOT NULL"
        )
    ]


def _clone(database: psycopg.Connection[Any], first: First, n: int) -> None:
    values = first.numbers(n)
    with database.transaction(), database.cursor() as cursor:
        for table, (where, changed) in SET_WISE.items():
            names = first.columns[table]
            selected = ", ".join(changed.get(name) or name for name in names)
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(names)}) SELECT {selected} FROM {table} WHERE {where}",
                values,
            )
        rewrite = _Rewriting(first, values["n"])
        _copy_in(cursor, "flows_flow", [*_FLOW, *first.columns["flows_flow"]], rewrite.flows())
        _copy_in(
            cursor, "triage_exceptioncase", [*_CASE, *first.columns["triage_exceptioncase"]], rewrite.cases()
        )
        cursor.execute(
            "INSERT INTO triage_caseevent (case_id, at, what, text, who) "
            "SELECT e.case_id + %(n)s * %(case)s, "
            f"at, what, {RENUMBER.format('text')}, who FROM triage_caseevent e "
            "JOIN triage_exceptioncase c ON c.id = e.case_id WHERE c.id <= %(case)s "
            "AND (c.flow_id IS NOT NULL OR c.message_id IS NOT NULL)",
            values | {"case": first.case},
        )


def _copy_in(cursor: psycopg.Cursor[Any], table: str, names: list[str], lines: Iterator[str]) -> None:
    with cursor.copy(f"COPY {table} ({', '.join(names)}) FROM STDIN") as copy:
        for line in lines:
            copy.write(line)


class _Rewriting:
    """The orders and cases of one clone, as COPY reads them.

    Views and facts are packed: strings in them keep their length, so they are changed where they stand.
    """

    def __init__(self, first: First, n: int) -> None:
        self.first, self.n = first, n
        self.days = dt.timedelta(days=n * DAYS_APART % DAYS_AT_MOST)
        self.new = first.beginning(n)
        self.plain = re.compile(f"{first.prefix}(?=\\d{{{first.digits}}})")
        self.packed = re.compile(f"{first.prefix.encode().hex()}(?=(?:3[0-9]){{{first.digits}}})")
        begins = _beginning([str(message) for message in first.messages]).encode().hex()
        left, middle = 14 - len(begins) // 2, "((?:[0-9a-f]{2}){18})"
        self.message = re.compile(f"({begins}(?:[0-9a-f]{{2}}){{{left}}})37{middle}[0-9a-f]{{6}}")
        self.tail = f"{n + 256:03x}"

    def text(self, line: str) -> str:
        return self.plain.sub(self.new, line)

    def flows(self) -> Iterator[str]:
        new, tail = self.new.encode().hex(), rf"\g<1>38\g<2>{self.tail.encode().hex()}"
        for row in self.first.flows:
            (company, scheme, scope, value), *dates = row.computed
            name = identifiers.correlation_id(
                company=company, scheme=scheme, scope=scope, value=self.text(value)
            )
            told = "\t".join("\\N" if date is None else str(date - self.days) for date in dates)
            rest = self.message.sub(tail, self.packed.sub(new, self.text(row.rest)))
            yield f"{row.id + self.n * self.first.flow}\t{name}\t{told}\t{rest}\n"

    def cases(self) -> Iterator[str]:
        for row in self.first.cases:
            flow, _mark, message, opened, kind, line, subject = row.computed
            if message != "\\N":
                message = f"{message[:14]}8{message[15:33]}{self.tail}"
            subject = self.text(subject)
            owner = f"message:{message}"
            if flow != "\\N":
                flow = str(int(flow) + self.n * self.first.flow)
                owner = f"flow:{flow}"
            mark = mark_of(owner=owner, kind=kind, line=line, subject=subject)
            own = (row.id + self.n * self.first.case, flow, mark, message, opened, kind, line, subject)
            yield "\t".join(map(str, own)) + f"\t{self.text(row.rest)}\n"

"""The feed gives every entry once and passes over none, in whatever order transactions commit."""

import base64
import json
import random

import psycopg
import pytest
from django.db import connections
from ledger_writers import COMPANY, Follower, Writer, address, entry, write_entries

from visibility.access.cursors import read_cursor, write_cursor
from visibility.access.scopes import Scope
from visibility.core.errors import GoneError, NotFoundError
from visibility.ledger import feed
from visibility.ledger.feed import read_feed

# Transactions of another test run on the same server hold the feed back, and are waited for.
pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
    pytest.mark.timeout(400),
]


def stored(company: int = COMPANY) -> list[int]:
    """Positions of all committed entries in the order of the feed."""
    with psycopg.connect(address()) as database:
        rows = database.execute(
            "SELECT position FROM ledger_entry WHERE company_id = %s ORDER BY xid, position", [company]
        )
        return [row[0] for row in rows.fetchall()]


def test_a_lower_position_that_commits_later_is_not_passed_over():
    follower = Follower()
    with Writer() as early, Writer() as late:
        (first,) = early.write()
        (second,) = late.write()
        late.commit()
        assert first < second
        assert follower.look() == []
        early.commit()
    assert follower.follow(until=2) == [first, second]


def test_a_lower_transaction_that_holds_the_higher_position_does_not_hide_the_lower_position():
    follower = Follower()
    with Writer() as older, Writer() as younger:
        assert older.begin() < younger.begin()
        (low,) = younger.write()
        (high,) = older.write()
        older.commit()
        assert low < high
        assert follower.follow(until=1) == [high]
        younger.commit()
    assert follower.follow(until=2) == [high, low]


def test_a_long_transaction_delays_the_feed_and_loses_it_nothing():
    follower = Follower()
    with Writer() as long, Writer() as quick:
        long.begin()
        positions = []
        for _ in range(3):
            positions += quick.write()
            quick.commit()
        assert follower.look() == []
        positions += long.write()
        long.commit()
    assert follower.follow(until=4) == [positions[3], *positions[:3]]


def test_what_is_rolled_back_is_never_given():
    follower = Follower()
    with Writer() as doubtful, Writer() as sure:
        doubtful.write()
        (kept,) = sure.write()
        sure.commit()
        doubtful.rollback()
    assert follower.follow(until=1) == [kept]


@pytest.mark.parametrize("seed", range(3))
def test_whatever_the_order_of_commits_each_entry_is_given_once_and_none_is_left_out(seed: int):
    chance = random.Random(seed)
    followers = [Follower(limit=limit) for limit in (1, 3, 100)]
    writers = [Writer() for _ in range(6)]
    try:
        for _ in range(400):
            writer = chance.choice(writers)
            chance.choice(
                [
                    writer.begin,
                    writer.write,
                    lambda w=writer: w.write(entry(), entry()),
                    writer.commit,
                    writer.commit,
                    writer.rollback,
                    chance.choice(followers).look,
                    chance.choice(followers).page,
                ]
            )()
        for writer in writers:
            writer.commit()
        expected = stored()
        assert len(expected) > 100
        assert expected != sorted(expected), "the seed gives no adverse order"
        for follower in followers:
            assert follower.follow(until=len(expected)) == expected
    finally:
        for writer in writers:
            writer.connection.close()


def test_an_empty_page_has_a_cursor_to_go_on_from():
    follower = Follower()
    assert (follower.page().entries, bool(follower.cursor)) == ([], True)
    first = write_entries(entry())
    assert follower.follow(until=1) == first
    cursor = follower.cursor
    assert follower.page().entries == []
    assert follower.cursor == cursor


def test_pages_say_whether_there_is_more_at_once():
    positions = write_entries(entry(), entry(), entry())
    Follower().follow(until=3)
    follower = Follower(limit=2)
    pages = [follower.page(), follower.page()]
    assert [[e.position for e in page.entries] for page in pages] == [positions[:2], positions[2:]]
    assert [page.more for page in pages] == [True, False]


def test_a_type_is_picked_out_and_the_cursor_goes_past_the_others(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(feed, "MOST_SCANNED", 4)
    kinds = ["order.placed"] * 6 + ["order.released"] + ["order.placed"] * 5
    positions = write_entries(*(entry(type=kind) for kind in kinds))
    Follower().follow(until=len(kinds))
    follower = Follower(types=["order.released"])
    pages = [follower.page(), follower.page(), follower.page()]
    assert [len(page.entries) for page in pages] == [0, 1, 0]
    assert [page.more for page in pages] == [True, True, False]
    assert follower.seen == [positions[6]]
    later = write_entries(entry())
    assert follower.follow(until=2) == [positions[6], *later]


def test_a_page_ends_when_its_documents_are_large(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(feed, "MOST_CHARACTERS", 1500)
    positions = write_entries(*(entry(document=json.dumps({"pad": "x" * 1000})) for _ in range(5)))
    Follower().follow(until=5)
    follower = Follower()
    assert [len(follower.page().entries) for _ in range(3)] == [2, 2, 1]
    assert follower.seen == positions


def test_companies_see_their_own_entries_only_or_several_in_one_order():
    own = write_entries(entry(), entry(company=COMPANY + 1), entry())
    assert Follower().follow(until=2) == [own[0], own[2]]
    assert Follower(companies=(COMPANY + 1,)).follow(until=1) == [own[1]]
    assert Follower(companies=(COMPANY, COMPANY + 1)).follow(until=3) == own
    assert Follower(companies=()).look() == []


def test_who_sees_one_partners_part_only_has_no_feed():
    with pytest.raises(NotFoundError, match="whole company"):
        read_feed(scope=Scope(companies=(COMPANY,), partners=(1,)))


@pytest.mark.parametrize(
    "values",
    [
        '["{life}", "1", 2]',
        '["{life}", 1.5, 2]',
        '["{life}", true, 2]',
        '["{life}", -1, 2]',
        '["{life}", 1, 9223372036854775808]',
        "[1, 1, 2]",
        '["{life}", 1]',
        "{{}}",
        "no json",
    ],
)
def test_a_cursor_that_we_did_not_write_is_lost_and_breaks_nothing(values: str):
    life = read_cursor(read_feed(scope=Scope(companies=(COMPANY,))).cursor, size=3)[0]
    after = base64.urlsafe_b64encode(values.format(life=life).encode()).decode()
    with pytest.raises(NotFoundError):
        read_feed(scope=Scope(companies=(COMPANY,)), after=after)


def test_a_cursor_of_another_life_of_the_database_is_refused_with_a_way_on():
    write_entries(entry())
    follower = Follower()
    follower.follow(until=1)
    life, xid, position = read_cursor(follower.cursor, size=3)
    for moved in (write_cursor("another", xid, position), write_cursor(life, xid + 2**32, position)):
        with pytest.raises(GoneError, match="without a cursor"):
            read_feed(scope=Scope(companies=(COMPANY,)), after=moved)


def test_every_partition_has_the_feeds_index_also_those_made_later():
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT ledger_ensure_partitions(6)")
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE EXISTS (SELECT 1 FROM pg_index i "
            "JOIN pg_inherits x ON x.inhrelid = i.indexrelid WHERE i.indrelid = p.inhrelid AND i.indisvalid "
            "AND x.inhparent = 'ledger_entry_feed'::regclass)) "
            "FROM pg_inherits p WHERE inhparent = 'ledger_entry'::regclass"
        )
        partitions, indexed = cursor.fetchone()
    assert partitions >= 8
    assert indexed == partitions

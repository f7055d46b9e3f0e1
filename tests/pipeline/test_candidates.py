"""Orders that a document without one may belong to: who is found, and by what lookups."""

import factories as make
import pytest
from django.db import connection as database

from visibility.access.scopes import Scope, scope_of_company
from visibility.core.db import server_cursor
from visibility.flows.models import Flow
from visibility.inbox.models import Connection
from visibility.ledger.uncorrelated import Which, list_waiting
from visibility.masterdata.models import CrossReference, Item
from visibility.masterdata.resolve import forget_kept
from visibility.pipeline.candidates import (
    BY_ITEMS,
    BY_NUMBERS,
    BY_SUPPLIERS,
    NUMBERS_OF,
    OF_AN_ITEM,
    Suggestion,
    suggest,
)

pytestmark = pytest.mark.django_db
ACME = {"ids": [make.ACME], "name": "Acme Industries"}


@pytest.fixture
def at(db: None) -> Connection:
    forget_kept()
    return make.connection(of=make.company("northgate", issuer=make.NORTHGATE))


def best(at: Connection, scope: Scope | None = None) -> list[Suggestion]:
    """The suggestions for the newest document that waits."""
    rows = list_waiting(which=Which(companies=(at.company_id,))).rows
    found = suggest(scope=scope or scope_of_company(at.company_id), waiting=rows)
    return found[rows[0].entry.position]


def loose(kind: str, **data: object) -> make.Json:
    return make.event(kind, {"issued_at": "2026-11-16T15:00:00Z", **data})


def test_an_item_is_found_by_the_suppliers_code_through_the_cross_reference(at):
    make.tell(at, make.order("4500001", make.line(price="1.00")))
    item = Item.objects.create(company=at.company, code="SKU-1042", name="Gloves")
    CrossReference.objects.create(
        company=at.company, kind="item", value=f"vendor:{make.ACME}:AC-7719", target=item.pk
    )
    own = {"item": {"vendor": "AC-7719"}, "quantity": "100", "unit": "CA"}
    make.tell(at, loose("goods.received", number="R-1", lines=[own], supplier=ACME))
    (only,) = best(at)
    assert (only.order.number, only.fit.common) == ("4500001", ("SKU-1042",))
    assert {"same item", "exactly what is open"} <= set(only.fit.reasons)


@pytest.mark.parametrize("written", ["BOL-9918", "BOL9981", "BOL-99811"])
def test_a_status_with_a_slip_in_its_bill_of_lading_finds_the_order(at, written):
    make.tell(at, make.order("4500001"), make.notice(bol="BOL-9981"), make.status(written))
    rows = list_waiting(which=Which(companies=(at.company_id,))).rows
    found = suggest(scope=scope_of_company(at.company_id), waiting=rows, most=3)
    assert [row.entry.type for row in rows] == ["transport.status"]
    # A number alone is too little to be offered; it is found and said when somebody compares.
    assert found == {rows[0].entry.position: []}


def test_a_receipt_that_gives_the_orders_number_as_its_ship_notice_is_offered_that_order(at):
    make.tell(at, make.order("4500001"))
    own = {"item": {"buyer": "SKU-9"}, "quantity": "1", "unit": "CA"}
    make.tell(at, loose("goods.received", number="R-1", shipment="4500001", lines=[own], supplier=ACME))
    (only,) = best(at)
    assert only.fit.reasons[0] == "ASN 4500001 is its order"


def test_a_reversal_that_names_its_receipt_with_a_slip_is_offered_that_receipts_order(at):
    make.tell(at, make.order("4500001"), make.receipt("R-55120"))
    make.tell(at, loose("goods.received", number="R-2", reverses="R-55102", supplier=ACME))
    slip = "receipt R-55102 is like its receipt R-55120, two characters swapped"
    assert slip in best(at)[0].fit.reasons


def test_cancelled_orders_and_orders_of_others_are_not_offered(at):
    elsewhere = make.connection()
    make.tell(
        at,
        make.order("4500001"),
        make.order("4500002", purpose="cancel"),
        make.order("4500002"),
    )
    make.tell(elsewhere, make.order("4700001"))
    line = {"item": {"buyer": "SKU-1042"}, "quantity": "100", "unit": "CA"}
    make.tell(at, loose("goods.received", number="R-1", lines=[line], supplier=ACME))
    both = Scope((at.company_id, elsewhere.company_id))
    cancelled = Flow.objects.filter(state="cancelled").values_list("number", flat=True)
    offered = {each.order.number for each in best(at, both)}
    assert "4500001" in offered
    assert "4700001" not in offered
    assert not offered & set(cancelled)


def test_only_the_newest_orders_of_a_common_item_are_read(at):
    make.process(at, make.batch(*(make.order(str(4500000 + n)) for n in range(OF_AN_ITEM + 15))))
    line = {"item": {"buyer": "SKU-1042"}, "quantity": "100", "unit": "CA"}
    make.tell(at, loose("goods.received", number="R-1", lines=[line]))
    offered = best(at)
    newest = set(Flow.objects.order_by("-id")[:OF_AN_ITEM].values_list("number", flat=True))
    assert len(offered) == 3
    assert {each.order.number for each in offered} <= newest


MANY = 30_000


@pytest.fixture
def large(at: Connection) -> Connection:
    """Many orders of one supplier and one item, with a ship notice each, as rows alone."""
    make.tell(at, make.order("4500001"))
    with database.cursor() as cursor:
        cursor.execute(
            "INSERT INTO flows_flow (id, company_id, correlation_id, aliases, number, release, workflow, "
            "supplier_id, supplier_name, ship_to_name, stage, state, sentence, currency, line_count, "
            "open_cases, entry_count, changed_at, projector, facts, view) "
            "SELECT 1000000 + n, company_id, gen_random_uuid(), aliases, 'N' || n, release, workflow, "
            "supplier_id, supplier_name, ship_to_name, stage, state, sentence, currency, 1, 0, 0, now(), "
            "projector, '', '' FROM flows_flow, generate_series(1, %s) n",
            [MANY],
        )
        cursor.execute(
            "INSERT INTO flows_flowline (flow_id, company_id, line, item_code, unit) "
            "SELECT 1000000 + n, %s, '1', 'SKU-1042', 'CA' FROM generate_series(1, %s) n",
            [at.company_id, MANY],
        )
        cursor.execute(
            "WITH k AS (INSERT INTO ledger_correlation_key (company_id, scheme, scope, value) "
            "SELECT %s, 'asn', '', 'ASN-' || n FROM generate_series(1, %s) n RETURNING id, value) "
            "INSERT INTO ledger_key_link (key_id, flow_id) "
            "SELECT id, 1000000 + substr(value, 5)::bigint FROM k",
            [at.company_id, MANY],
        )
    return at


def test_no_lookup_reads_more_than_it_is_asked_for_however_many_orders_there_are(large):
    supplier = Flow.objects.get(number="4500001").supplier_id
    codes, numbers = ["SKU-1042", "SKU-9"], [f"ASN-{n}" for n in range(100)]
    asked = (
        (BY_ITEMS, [codes, large.company_id, 25]),
        (BY_SUPPLIERS, [[supplier], 15]),
        (BY_NUMBERS, [[1] * len(numbers), numbers, large.company_id, "correlation", 5]),
        (NUMBERS_OF, [[1000001, 1000002], ["asn"]]),
    )
    with server_cursor(database) as cursor:
        # What autovacuum says of rows that are not committed is that there are none.
        for other in ("seqscan", "bitmapscan", "sort"):
            cursor.execute(f"SET LOCAL enable_{other} = off")
        for statement, values in asked:
            # Without a word on the rows all indexes cost the same; the one that is meant has all it is asked.
            cursor.execute(f"SET LOCAL enable_indexscan = {'off' if statement is BY_ITEMS else 'on'}")
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", values)
            (told,) = cursor.fetchone()
            assert read_by(told[0]["Plan"]) < 1500, (statement, told)


def read_by(plan: make.Json) -> float:
    """All rows that the nodes of a plan looked at, kept or not."""
    own = plan["Actual Rows"] * plan["Actual Loops"]
    thrown = plan.get("Rows Removed by Filter", 0) * plan["Actual Loops"]
    return own + thrown + sum(read_by(child) for child in plan.get("Plans", ()))

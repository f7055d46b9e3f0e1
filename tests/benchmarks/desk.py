"""How long a person waits at the desk: the queue, an ordinary case, a case of 10,000 findings of one cause.

Whole HTTP answers of the site's web process, one after another, as `at_scale.py` takes those of orders.
"""

import time
from collections.abc import Sequence
from uuid import UUID

from django.db import connections

from tests.benchmarks.at_scale import answers, signed_in
from tests.benchmarks.figures import Figures, Scale, tell
from tests.benchmarks.history import bring_in
from tests.benchmarks.site import bench_database, site_on
from visibility.core import clock
from visibility.masterdata.models import Company
from visibility.triage.models import ExceptionCase

NAMES = ("parent_page_p95_ms", "case_page_p95_ms", "queue_page_p95_ms")
ORDERS = 4000
FINDINGS = 10_000
LISTS = ("", "?queue=quantity-mismatches", "?sort=sla_due_at", "?severity=high", "?state=closed")
MARK = UUID(int=10_000)


def measure(scale: Scale) -> Figures:
    """p95 of each page, in milliseconds."""
    with bench_database() as (name, keys):
        began = time.perf_counter()
        bring_in(orders=min(ORDERS, scale.orders))
        parent = _gather(Company.objects.get(code="bench"))
        tell(f"desk: {FINDINGS} findings of one cause, made in {time.perf_counter() - began:.0f} s")
        cases = _cases(scale.requests)
        cookie = signed_in(Company.objects.get(code="bench"))
        paths = {
            "parent_page": [f"/cases/{parent}/"] * scale.requests,
            "case_page": [f"/cases/{case}/" for case in cases],
            "queue_page": [f"/cases/{LISTS[n % len(LISTS)]}" for n in range(scale.requests)],
        }
        with site_on(name=name, keys=keys) as bench:
            return {f"{page}_p95_ms": answers(bench, cookie, page, asked) for page, asked in paths.items()}


def _cases(count: int) -> Sequence[int]:
    """Ordinary cases from all over the desk, in turns where there are fewer than are asked for."""
    own = ExceptionCase.objects.filter(is_open=True, flow__isnull=False).order_by("fingerprint")
    ids = list(own.values_list("pk", flat=True)[:count])
    return [ids[n % len(ids)] for n in range(count)]


def _gather(company: Company) -> int:
    """A case of one unknown item with 10,000 open findings, on as many lines of the orders there are."""
    now = clock.now()
    case = ExceptionCase.objects.create(
        company=company,
        fingerprint=MARK,
        kind="unknown_item",
        subject="buyer:SKU-99999",
        queue="invalid-mappings",
        owner_role="data_steward",
        state=ExceptionCase.State.NEW,
        is_open=True,
        severity="high",
        rank=2,
        members=FINDINGS,
        summary="Item SKU-99999 is not in the item master",
        next_action="Say which item it is",
        opened_at=now,
        changed_at=now,
        sla_due_at=now,
    )
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO triage_casemember (company_id, case_id, fingerprint, flow_id, kind, line, summary, "
            "  evidence, order_number, supplier_id, supplier_name, is_open, opened_at) "
            "SELECT %s, %s, gen_random_uuid(), f.id, 'unknown_item', (f.n / f.of)::text, "
            "  'Item SKU-99999 is not in the item master', '[]', f.number, f.supplier_id, f.supplier_name, "
            "  true, now() "
            "FROM (SELECT o.*, s.n FROM generate_series(0, %s - 1) s(n) JOIN "
            "  (SELECT id, number, supplier_id, supplier_name, row_number() OVER (ORDER BY id) - 1 AS at, "
            "   count(*) OVER () AS of FROM flows_flow) o ON o.at = s.n %% o.of) f",
            [company.pk, case.pk, FINDINGS],
        )
        if cursor.rowcount != FINDINGS:
            raise RuntimeError(f"{cursor.rowcount} findings were made")
        cursor.execute("VACUUM ANALYZE triage_casemember")
    return case.pk

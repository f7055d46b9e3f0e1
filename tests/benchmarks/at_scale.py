"""How long a reader waits, beside 0.3 and 3 million entries: traces, searches, the pages people live in.

A trace is measured as the service answers it; a page as whole HTTP answers of the site's web process, one
after another, each for another order or number.
"""

import http.client
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from django.test import Client, override_settings

from tests.benchmarks.figures import Figures, Scale, median, p95, tell
from tests.benchmarks.history import bring_in
from tests.benchmarks.scale import scale_up
from tests.benchmarks.site import SECRET, Bench, bench_database, site_on
from visibility.access.models import Grant
from visibility.access.scopes import Scope, scope_of_company
from visibility.accounts.models import Role, User
from visibility.flows.models import Flow
from visibility.masterdata.models import Company
from visibility.pipeline.trace import trace_key

NAMES = (
    "trace_p95_ms_300k",
    "trace_p95_ms_3m",
    "search_p95_ms_3m",
    "flow_page_p95_ms_3m",
    "flow_list_p95_ms_3m",
    "case_list_p95_ms_3m",
)
ORDERS = 4000
"""Brought in by the front door, then cloned. Three digits are free for clones."""
WARM = 10
SEED = 5


@dataclass(frozen=True)
class Sample:
    """Orders to ask for: number, correlation ID."""

    numbers: list[str]
    names: list[str]


def measure(scale: Scale) -> Figures:
    """p95 of each, in milliseconds."""
    small, large = scale.history
    if small != 300_000:
        tell(f"history: {small} entries stand in for 300k, {large} for 3m")
    before = _measured(scale, small)
    after = _measured(scale, large)
    home, was = after["home"], before["home"]
    tell(f"history: home p95 {home:.1f} ms, {home / was:.2f} times that of the smaller")
    tell(f"history: trace {after['trace'] / before['trace']:.2f} times that of the smaller")
    return {
        "trace_p95_ms_300k": before["trace"],
        "trace_p95_ms_3m": after["trace"],
        "search_p95_ms_3m": after["search"],
        "flow_page_p95_ms_3m": after["flow_page"],
        "flow_list_p95_ms_3m": after["flow_list"],
        "case_list_p95_ms_3m": after["case_list"],
    }


def _measured(scale: Scale, entries: int) -> Figures:
    with bench_database() as (name, keys):
        began = time.perf_counter()
        bring_in(orders=min(ORDERS, entries // 20))
        there = scale_up(entries=entries)
        tell(f"history: {there} entries made in {time.perf_counter() - began:.0f} s")
        sample = _sample(scale.requests)
        company = Company.objects.get(code="bench")
        found = {"trace": _traces(scope_of_company(company.pk), sample)}
        cookie = signed_in(company)
        with site_on(name=name, keys=keys) as bench:
            for page, paths in _paths(sample).items():
                found[page] = answers(bench, cookie, page, paths)
        return found


def _sample(count: int) -> Sample:
    """Orders from all over the table."""
    rng = random.Random(SEED)
    ids = list(Flow.objects.order_by("id").values_list("id", flat=True))
    rows = Flow.objects.filter(id__in=rng.sample(ids, min(count, len(ids))))
    pairs = sorted(rows.values_list("number", "correlation_id"), key=lambda pair: pair[1])
    return Sample([number for number, _ in pairs], [str(name) for _, name in pairs])


def _traces(scope: Scope, sample: Sample) -> float:
    """By correlation ID, order, ship notice, invoice and bill of lading number in turn."""
    keys: list[Callable[[str, str], str]] = [
        lambda number, name: name,
        lambda number, name: number,
        lambda number, name: f"A{number}",
        lambda number, name: f"I{number}",
        lambda number, name: f"bol:B{number}",
    ]
    taken = []
    for index, (number, name) in enumerate(zip(sample.numbers, sample.names, strict=True)):
        key = keys[index % len(keys)](number, name)
        began = time.perf_counter()
        traced = trace_key(scope=scope, key=key)
        spent = (time.perf_counter() - began) * 1000
        if index % len(keys) < 2 and len(traced) != 1:  # the others may not have been sent yet
            raise RuntimeError(f"{len(traced)} orders are known by {key}")
        if index >= WARM:
            taken.append(spent)
    tell(f"  trace: median {median(taken):.1f}, p95 {p95(taken):.1f} ms")
    return p95(taken)


def _paths(sample: Sample) -> dict[str, list[str]]:
    """What people ask for: exact numbers, beginnings, middles; orders; lists in every order they offer."""
    numbers = sample.numbers
    words = [
        text
        for index, number in enumerate(numbers)
        for text in ((number, f"A{number}", number[:7], number[3:8], "Supplier number 003")[index % 5],)
    ]
    lists = ["", "?sort=wanted_on", "?sort=-value", "?state=attention", "?state=open&sort=next_due_at"]
    cases = ["", "?sort=due_at", "?sort=-opened_at", "?state=all"]
    return {
        "search": [f"/search/?q={quote(word)}" for word in words],
        "flow_page": [f"/flows/{name}/" for name in sample.names],
        "flow_list": [f"/flows/{lists[n % len(lists)]}" for n in range(len(numbers))],
        "case_list": [f"/cases/{cases[n % len(cases)]}" for n in range(len(numbers))],
        "home": ["/"] * len(numbers),
    }


def signed_in(company: Company) -> str:
    """The session cookie of a buyer who sees the whole company."""
    user = User.objects.create(username="bench-buyer", role=Role.BUYER)
    Grant.objects.create(user=user, company=company)
    with override_settings(SECRET_KEY=SECRET):
        client = Client()
        client.force_login(user)
    return str(client.cookies["sessionid"].value)


def answers(bench: Bench, cookie: str, page: str, paths: Sequence[str]) -> float:
    """p95 of the answers from the first byte asked to the last one read, in milliseconds."""
    connection = http.client.HTTPConnection(bench.site.host, bench.site.port, timeout=120)
    taken: list[tuple[float, str]] = []
    for index, path in enumerate(paths):
        began = time.perf_counter()
        connection.request("GET", path, headers={"Cookie": f"sessionid={cookie}"})
        answer = connection.getresponse()
        body = answer.read()
        spent = (time.perf_counter() - began) * 1000
        found = answer.status == http.HTTPStatus.FOUND and answer.headers["Location"].startswith("/flows/")
        if answer.status != http.HTTPStatus.OK and not found:
            raise RuntimeError(f"{path}: {answer.status} {answer.headers['Location']} {body[:200]!r}")
        if index >= WARM:
            taken.append((spent, path))
    connection.close()
    times = [spent for spent, _ in taken]
    slowest = max(taken)
    tell(
        f"  {page}: median {median(times):.1f}, p95 {p95(times):.1f} ms; "
        f"slowest {slowest[0]:.0f}, {slowest[1]}"
    )
    return p95(times)

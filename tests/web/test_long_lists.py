"""Lists go on page by page, miss nothing, and own up to where they stopped looking."""

import factories as make
import pytest
from django.test import Client

from visibility.access import walks
from visibility.access.models import Grant
from visibility.access.scopes import Scope, scope_of_company
from visibility.accounts.models import User
from visibility.core.errors import NotFoundError
from visibility.flows import lists as flow_lists
from visibility.flows.lists import list_flows
from visibility.flows.models import Flow
from visibility.inbox.models import Connection
from visibility.masterdata.resolve import forget_kept
from visibility.triage import lists as case_lists
from visibility.triage.lists import list_cases
from visibility.triage.models import ExceptionCase

pytestmark = pytest.mark.django_db
SORTS = ("-ordered_on", "wanted_on", "-value", "next_due_at")


@pytest.fixture(params=["gathered", "walked"])
def at(request: pytest.FixtureRequest, db: None, monkeypatch: pytest.MonkeyPatch) -> Connection:
    """Orders of two companies, some without a date or a value; read in either way."""
    if request.param == "walked":
        monkeypatch.setattr(flow_lists, "GATHER", 0)
        monkeypatch.setattr(case_lists, "GATHER", 0)
    forget_kept()
    first = make.connection(of=make.company("northgate", issuer=make.NORTHGATE))
    other = make.connection(of=make.company("southgate", issuer="ZZ:SOUTHGATE"))
    for connection, issuer in ((first, make.NORTHGATE), (other, "ZZ:SOUTHGATE")):
        orders = []
        for number in range(14):
            line = make.line(price=f"{number % 3}.00") if number % 4 else make.line()
            orders.append(make.order(f"45{number:05}", line, issuer=issuer))
        notices = [make.notice(f"ASN-{number}", of=f"46{number:05}", issuer=issuer) for number in range(3)]
        short = make.answer_line("1", make.accepted(60))
        answers = [
            make.answer(f"45{number:05}", short, issuer=issuer, coverage="detail")
            for number in range(0, 14, 2)
        ]
        make.tell(connection, *orders, *notices, *answers)
    return first


def _paged(read, **asked):
    """All rows of a list, three at a time."""
    rows, cursor = [], ""
    while True:
        page = read(cursor=cursor, limit=3, **asked)
        rows += [row.id for row in page.rows]
        if not page.next_cursor:
            return rows
        cursor = page.next_cursor


@pytest.mark.parametrize("sort", SORTS)
def test_page_by_page_every_order_comes_once_and_in_order(at: Connection, sort: str) -> None:
    both = Scope(tuple(sorted(set(Flow.objects.values_list("company_id", flat=True)))))
    for scope in (scope_of_company(at.company_id), both):
        rows = _paged(list_flows, scope=scope, sort=sort)
        assert sorted(rows) == sorted(
            Flow.objects.filter(company_id__in=scope.companies).values_list("id", flat=True)
        )
        assert rows == [row.id for row in list_flows(scope=scope, sort=sort, limit=100).rows]


@pytest.mark.parametrize("state", ["open", "closed", ""])
@pytest.mark.parametrize("sort", ["-money", "due_at", "-opened_at"])
def test_page_by_page_every_case_comes_once_and_in_order(at: Connection, sort: str, state: str) -> None:
    ExceptionCase.objects.filter(pk__in=list(ExceptionCase.objects.values_list("pk", flat=True))[:3]).update(
        is_open=False, state="closed"
    )
    scope = scope_of_company(at.company_id)
    known = ExceptionCase.objects.filter(company_id=at.company_id)
    if state:
        known = known.filter(is_open=state == "open")
    rows = _paged(list_cases, scope=scope, sort=sort, state=state)
    assert sorted(rows) == sorted(known.values_list("id", flat=True))
    assert rows == [row.id for row in list_cases(scope=scope, sort=sort, state=state, limit=100).rows]


def test_a_walk_that_is_long_enough_stops_and_goes_on_with_the_next_page(
    at: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flow_lists, "GATHER", 0)
    monkeypatch.setattr(walks, "WALK", 4)
    scope = scope_of_company(at.company_id)
    wanted = set(
        Flow.objects.filter(company_id=at.company_id, state="attention").values_list("id", flat=True)
    )
    page = list_flows(scope=scope, state="attention", limit=50)
    assert page.cut
    assert len(page.rows) < len(wanted)
    assert set(_paged(list_flows, scope=scope, state="attention")) == wanted


def test_a_list_cut_short_says_so_and_offers_to_look_further(
    at: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_lists, "LOOKED_THROUGH", 2)
    user = User.objects.create_user("rosa", password="x")
    Grant.objects.create(user=user, company=at.company)
    client = Client()
    client.force_login(user)
    text = client.get("/cases/", {"q": "zebra"}).content.decode()
    assert "None so far" in text
    assert "Look further" in text
    assert "None so far" not in client.get("/cases/", {"q": "60 of"}).content.decode()


def test_a_search_by_the_beginning_of_many_numbers_says_that_there_are_more(
    at: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flow_lists, "SEARCH_MOST", 5)
    page = list_flows(scope=scope_of_company(at.company_id), q="450")
    assert (page.count, page.capped) == (5, True)
    assert not list_flows(scope=scope_of_company(at.company_id), q="460").capped


def test_a_cursor_of_another_sort_is_lost(at: Connection) -> None:
    scope = scope_of_company(at.company_id)
    cursor = list_cases(scope=scope, sort="-money", limit=2).next_cursor
    assert cursor
    with pytest.raises(NotFoundError):
        list_cases(scope=scope, sort="-opened_at", cursor=cursor)

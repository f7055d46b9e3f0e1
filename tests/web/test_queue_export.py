"""The queue as a file: the rows of the filter on all pages, the columns of the view, nothing that runs."""

import csv
import io
import zipfile
from decimal import Decimal
from xml.etree import ElementTree

import factories as make
import pytest
from django.test import Client

from visibility.access.models import Grant
from visibility.accounts.models import User
from visibility.inbox.models import Connection
from visibility.masterdata.resolve import forget_kept
from visibility.triage.models import ExceptionCase
from visibility.web.cases import export

pytestmark = pytest.mark.django_db
NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture
def told(db: None) -> Connection:
    """Five orders answered short, in two companies."""
    forget_kept()
    connection = make.connection(of=make.company("northgate", issuer=make.NORTHGATE))
    other = make.connection(of=make.company("southgate", issuer="ZZ:SOUTHGATE"))
    short = make.answer_line("1", make.accepted(60))
    for at, issuer, numbers in ((connection, make.NORTHGATE, range(5)), (other, "ZZ:SOUTHGATE", range(5, 7))):
        make.tell(
            at,
            *(make.order(f"450000{n}", issuer=issuer) for n in numbers),
            *(make.answer(f"450000{n}", short, issuer=issuer, coverage="detail") for n in numbers),
        )
    return connection


@pytest.fixture
def client(told: Connection) -> Client:
    user = User.objects.create_user("maria", password="x")
    Grant.objects.create(user=user, company=told.company)
    client = Client()
    client.force_login(user)
    return client


def rows_of(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))


def shown(client: Client, query: str) -> list[list[str]]:
    answer = client.get(f"/cases/export/?{query}")
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    return rows_of(answer.content)


def test_a_file_has_the_rows_of_the_filter_on_all_pages(told, client, monkeypatch):
    monkeypatch.setattr(export, "AT_ONCE", 2)
    head, *rows = shown(client, "kind=confirmed_short")
    short = ExceptionCase.objects.filter(kind="confirmed_short", company=told.company)
    assert sorted(int(row[0]) for row in rows) == sorted(short.values_list("pk", flat=True))
    assert len(rows) == 5
    assert {row[head.index("Gap")] for row in rows} == {"-40"}
    assert {row[head.index("Unit")] for row in rows} == {"CA"}
    # The place in the list is none of the filter.
    assert len(shown(client, "kind=confirmed_short&sort=-opened_at")) == 6
    assert len(shown(client, "kind=line_rejected")) == 1


def test_a_file_has_the_columns_of_the_view_in_their_order(client):
    head = shown(client, "columns=assignee&columns=gap")[0]
    assert head[0] == "Case"
    assert head[-3:] == ["Assignee", "Gap", "Unit"]
    assert "At risk" not in head


def test_a_list_that_is_too_long_is_cut_and_the_name_of_the_file_says_so(client, monkeypatch):
    monkeypatch.setattr(export, "MOST", 3)
    answer = client.get("/cases/export/?kind=confirmed_short")
    assert len(rows_of(answer.content)) == 1 + 3
    assert "first-3" in answer["Content-Disposition"]


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", " =", "\n", "＝"])
def test_text_that_would_run_is_defused_in_both_kinds_of_file(client, begin):
    wicked = f"{begin}cmd|' /C calc'!A0"
    ExceptionCase.objects.filter(kind="confirmed_short").update(summary=wicked)
    cells = [row[1] for row in shown(client, "kind=confirmed_short")[1:]]
    assert cells == ["'" + wicked] * 5
    sheet = cells_of(client.get("/cases/export/?kind=confirmed_short&format=xlsx").content)
    assert sheet[1][1].startswith("'")
    assert sheet[1][1].endswith("cmd|' /C calc'!A0")


def cells_of(body: bytes) -> list[list[str]]:
    """The cells of the first sheet; a formula would be a cell with an <f>."""
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        tree = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    assert tree.find(f".//{NAMESPACE}f") is None
    return [
        ["".join(cell.itertext()) for cell in row.iter(f"{NAMESPACE}c")]
        for row in tree.iter(f"{NAMESPACE}row")
    ]


def test_figures_stay_figures_in_a_spreadsheet(client):
    head, first, *_rest = cells_of(client.get("/cases/export/?kind=confirmed_short&format=xlsx").content)
    # Cells that nothing is known of are not written, so the gap is found by its value.
    assert "Gap" in head
    assert "-40" in first


def test_a_negative_figure_is_no_formula_and_is_left_alone():
    assert export.defuse(Decimal(-40)) == Decimal(-40)
    assert export.defuse("-40") == "'-40"

"""`manage.py ownership`: set, set again, print, refuse."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.factories import company as make_company
from tests.factories import connection
from visibility.inbox.models import Connection
from visibility.masterdata.models import Company, Location, Ownership, System
from visibility.masterdata.resolve import forget_kept

FILE = """[company]
code = "northgate"

[systems."erp-1"]
name = "ERP"
connections = ["erp-feed"]

[systems."wms-dal"]
name = "WMS \\"Dallas\\""
connections = ["wms-edi", "wms-feed"]

[[ownership]]
fact = "order"
primary = "erp-1"
echoes = ["wms-dal"]

[[ownership]]
fact = "receipt"
mirrors = { "erp-1" = 8, "wms-dal" = false }

[[ownership]]
fact = "receipt"
place = "DAL"
primary = "wms-dal"
primary_hours = 4
"""


@pytest.fixture(autouse=True)
def owner(db: None) -> Company:
    forget_kept()
    own = make_company("northgate")
    Location.objects.create(company=own, code="DAL")
    for name in ("erp-feed", "wms-edi", "wms-feed"):
        connection(of=own, name=name)
    return own


def run(folder: Path, text: str, *options: str) -> str:
    file, told = folder / "owners.toml", io.StringIO()
    file.write_text(text)
    call_command("ownership", str(file), *options, stdout=told)
    return told.getvalue()


def shown(*options: str) -> str:
    told = io.StringIO()
    call_command("ownership", "--company", "northgate", *options, stdout=told)
    return told.getvalue()


def stored() -> list[tuple[Any, ...]]:
    rows = Ownership.objects.order_by("fact", "place", "system__code")
    return list(rows.values_list("fact", "place__code", "system__code", "role", "mirror_hours"))


def test_a_file_sets_systems_connections_and_ownership(tmp_path: Path) -> None:
    run(tmp_path, FILE)
    assert stored() == [
        ("order", None, "erp-1", "primary", None),
        ("order", None, "wms-dal", "echo", None),
        ("receipt", "DAL", "wms-dal", "primary", 4),
        ("receipt", None, "erp-1", "mirror", 8),
        ("receipt", None, "wms-dal", "mirror", None),
    ]
    spoken = dict(Connection.objects.filter(system__isnull=False).values_list("name", "system__code"))
    assert spoken == {"erp-feed": "erp-1", "wms-edi": "wms-dal", "wms-feed": "wms-dal"}


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    assert len(json.loads(run(tmp_path, FILE, "--json"))["changed"]) == 8
    assert json.loads(run(tmp_path, FILE, "--json")) == {"changed": [], "orders": 0, "check": False}


def test_what_is_printed_reads_back_as_the_same(tmp_path: Path) -> None:
    run(tmp_path, FILE)
    assert shown().rstrip() == FILE.rstrip()
    assert json.loads(run(tmp_path, shown(), "--json"))["changed"] == []
    assert json.loads(shown("--json"))["ownership"][1]["mirrors"] == {"erp-1": 8, "wms-dal": False}


def test_what_a_file_names_is_replaced_and_what_it_does_not_name_stays(tmp_path: Path) -> None:
    run(tmp_path, FILE)
    head = '[company]\ncode = "northgate"\n'
    run(tmp_path, head + '[[ownership]]\nfact = "receipt"\nprimary = "erp-1"\n')
    assert [row for row in stored() if row[:2] == ("receipt", None)] == [
        ("receipt", None, "erp-1", "primary", None)
    ]
    assert len(stored()) == 4
    run(tmp_path, head + '[[ownership]]\nfact = "receipt"\n[systems.erp-1]\nconnections = []\n')
    assert [row for row in stored() if row[:2] == ("receipt", None)] == []
    assert Connection.objects.get(name="erp-feed").system is None
    assert System.objects.get(code="erp-1").name == "ERP"


def test_check_changes_nothing(tmp_path: Path) -> None:
    assert "nothing was changed" in run(tmp_path, FILE, "--check")
    assert (stored(), System.objects.count()) == ([], 0)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("code =", "file: this is no TOML"),
        ('[company]\ncode = "nobody"', 'company.code: there is no company "nobody"'),
        ("[[ownership]]\nfact = 3", "ownership[0].fact: Expected `str`, got `int`"),
        ('[[ownership]]\nfact = "gossip"', 'ownership[0].fact: "gossip" is none of order, change'),
        ('[[ownership]]\nfact = "order"\nplace = "XYZ"', 'ownership[0].place: there is no place "XYZ"'),
        ('[[ownership]]\nfact = "order"\nprimary = "x"', 'ownership[0]: there is no system "x"'),
        ('[[ownership]]\nfact = "order"\nechoes = ["a", "a"]', 'ownership[0]: "a" has more than one role'),
        ('[[ownership]]\nfact = "order"\nmirrors = {a = -1}', 'ownership[0]: hours of "a": write 0'),
        ('[[ownership]]\nfact = "order"\nprimary_hours = 2', "ownership[0].primary_hours: there is no"),
        (
            '[[ownership]]\nfact = "order"\n[[ownership]]\nfact = "order"',
            "ownership[1]: order at every place is there twice",
        ),
        ('[systems.a]\nconnections = ["x"]', 'systems.a.connections: there is no connection "x"'),
        (
            '[systems.a]\nconnections = ["x"]\n[systems.b]\nconnections = ["x"]',
            'systems.b.connections: connection "x" speaks for a already',
        ),
        ('[systems."a b"]\nname = ""', "systems.a b: a code has letters"),
        ("[systems.a]\ncolour = 1", "systems[...]: Object contains unknown field `colour`"),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused_with_the_place_and_sets_nothing(
    tmp_path: Path, text: str, where: str
) -> None:
    whole = text if "[company]" in text or "code =" in text else f'[company]\ncode = "northgate"\n{text}'
    with pytest.raises(CommandError) as refused:
        run(tmp_path, whole)
    assert f"owners.toml: {where}" in str(refused.value)
    assert str(refused.value).endswith("Nothing was changed.")
    assert (stored(), System.objects.count()) == ([], 0)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("ownership", str(tmp_path / "none.toml"))

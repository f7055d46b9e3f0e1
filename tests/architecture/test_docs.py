"""What README and docs say is so: links lead somewhere, commands exist, examples run."""

import json
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest
from django.core.management import get_commands
from django.test import Client
from django.urls import path

from integrations.mappings.x12 import translator
from visibility.access.scopes import scope_of_user
from visibility.accounts.models import User
from visibility.canonical.documents import DOCUMENT_TYPES
from visibility.canonical.events import Event
from visibility.inbox.ports import VerbatimMessage
from visibility.triage import findings, rules
from visibility.urls import urlpatterns

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"manage\.py ([a-z_]+)")
TARGET = re.compile(r"\bmake ([a-z]+)\b")

# Files that the guides have a reader write.
MADE_UP = {
    "integrations/mappings/x12/set_315.py",
    "tests/golden/x12/315_status.edi",
    "tests/golden/x12/315_status.json",
    "visibility/triage/rules/promises.py",
    "tests/triage/rules/test_promises.py",
    "visibility/web/newest/views.py",
    "templates/newest/list.html",
    "visibility/desk/actions/one_delivery.py",
    "tests/desk/actions/test_one_delivery.py",
}


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def fences(page: str, language: str) -> list[str]:
    """The code blocks of a page in one language, in their order."""
    text = (ROOT / "docs" / page).read_text()
    return [code for found, code in FENCE.findall(text) if found == language]


def code_of(text: str) -> str:
    """What stands in a page as code: fenced, indented, or between back quotes."""
    indented = re.findall(r"^(?: {4}|\t)+\S.*$", text, re.MULTILINE)
    fenced = [code for _, code in FENCE.findall(text)]
    return "\n".join([*indented, *fenced, *re.findall(r"`([^`\n]+)`", text)])


def run(code: str, name: str, more: dict[str, object] | None = None) -> ModuleType:
    """A code block as a module of that name."""
    module = ModuleType(name)
    module.__dict__.update(more or {})
    exec(compile(code, name, "exec"), module.__dict__)
    return module


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_relative_link_and_image_is_there(page: Path):
    missing = [
        target
        for target in LINK.findall(page.read_text())
        if not re.match(r"[a-z]+:", target) and not (page.parent / target).exists()
    ]
    assert not missing


def test_every_page_can_be_reached_from_the_readme():
    reached: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached:
            continue
        reached.add(page)
        for target in LINK.findall(page.read_text()):
            place = (page.parent / target).resolve()
            waiting += (
                sorted(place.glob("*.md")) if place.is_dir() else [place] if place.suffix == ".md" else []
            )
    assert set(PAGES) <= reached


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_command_named_exists(page: Path):
    assert set(COMMAND.findall(code_of(page.read_text()))) <= set(get_commands())


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_make_target_named_exists(page: Path):
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert phony is not None
    assert set(TARGET.findall(code_of(page.read_text()))) <= set(phony.group(1).split())


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_place_named_in_the_repository_exists(page: Path):
    named = set(
        re.findall(r"`((?:visibility|integrations|templates|static|tests|docs)/[\w./-]+)`", page.read_text())
    )
    assert not [place for place in named - MADE_UP if not (ROOT / place).exists()]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_json_block_is_json(page: Path):
    for language, code in FENCE.findall(page.read_text()):
        if language == "json":
            json.loads(code)


def test_the_events_in_the_api_page_are_canonical_documents():
    events = [json.loads(code) for code in fences("api.md", "json") if '"specversion"' in code]
    assert {event["type"] for event in events} >= {"order.placed", "order.acknowledged", "goods.received"}
    for event in events:
        document = msgspec.json.decode(json.dumps(event).encode(), type=Event).document()
        assert isinstance(document, DOCUMENT_TYPES[event["type"]])


def test_the_vocabulary_has_every_kind_every_queue_and_every_milestone_state():
    page = (ROOT / "docs" / "vocabulary.md").read_text()
    words = set(re.findall(r"`([a-z0-9_-]+)`", page))
    assert set(findings.QUEUE_OF_KIND) <= words
    assert set(findings.QUEUES) <= words
    assert {"done", "due", "overdue", "not_due", "not_applicable", "unknown"} <= words


def test_the_page_of_exceptions_says_of_each_kind_what_closes_it_and_which_the_clock_opens():
    rows = re.findall(
        r"^\| (`.+?) \| .+ \| \S.* \|$", (ROOT / "docs" / "exceptions.md").read_text(), re.MULTILINE
    )
    kinds = [kind for row in rows for kind in re.findall(r"`([a-z0-9_]+)`", row)]
    assert sorted(kinds) == sorted(findings.QUEUE_OF_KIND)
    assert {
        kind for row in rows if "◷" in row for kind in re.findall(r"`(\w+)`", row)
    } == findings.CLOCK_KINDS


def test_the_example_of_a_mapping_gives_its_golden_document(monkeypatch: pytest.MonkeyPatch):
    (module,) = fences("add-a-mapping.md", "python")
    (document,) = fences("add-a-mapping.md", "edi")
    (expected,) = fences("add-a-mapping.md", "json")
    mapping = run(module, "integrations.mappings.x12.set_315")
    monkeypatch.setattr(translator, "MAPPERS", {**translator.MAPPERS, "315": mapping.map_315})
    message = VerbatimMessage(body=document.encode(), content_type="application/edi-x12")
    units = list(translator.X12Translator().translate(message))
    assert json.loads(msgspec.json.encode(units)) == json.loads(expected)


def test_the_example_of_a_rule_passes_its_own_tests(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(str(ROOT / "tests" / "flows"))
    rule, tests = fences("add-a-rule.md", "python")
    module = run(rule, "visibility.triage.rules.promises")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(rules, "RULES", (module.promise_undated, *rules.RULES))
    monkeypatch.setitem(findings.QUEUE_OF_KIND, "promise_undated", "late-and-at-risk")
    namespace = vars(run(tests, "test_promises"))
    examples = [value for name, value in namespace.items() if name.startswith("test_")]
    assert len(examples) == 3
    for example in examples:
        example()


def test_the_lines_a_guide_tells_to_change_are_there():
    for page, place in (
        ("add-a-mapping.md", "integrations/mappings/x12/registry.py"),
        ("add-a-rule.md", "visibility/triage/rules/__init__.py visibility/triage/findings.py"),
        ("add-a-page.md", "visibility/web/urls.py"),
    ):
        text = "\n".join((ROOT / name).read_text() for name in place.split())
        for change in fences(page, "diff"):
            kept = [line[1:] for line in change.splitlines() if line.startswith(" ")]
            assert kept
            assert not [line for line in kept if line not in text], f"{page}: {place} has changed"


def test_the_code_in_the_documents_is_formatted_as_ours():
    for page in PAGES:
        for language, code in FENCE.findall(page.read_text()):
            if language == "python":
                done = subprocess.run(
                    [Path(sys.executable).with_name("ruff"), "format", "--check", "--diff", "-"],
                    input=code,
                    capture_output=True,
                    text=True,
                    timeout=60,
                    check=False,
                )
                assert done.returncode == 0, f"{name_of(page)}:\n{done.stdout}"


@pytest.mark.django_db
def test_the_example_of_a_page_answers(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any, client: Client
):
    (view,) = fences("add-a-page.md", "python")
    (template,) = fences("add-a-page.md", "html")
    (tmp_path / "newest").mkdir()
    (tmp_path / "newest" / "list.html").write_text(template)
    settings.TEMPLATES = [
        {**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], tmp_path]},
    ]
    newest = run(view, "visibility.web.newest.views").newest
    addresses = ModuleType("addresses_with_newest")
    addresses.urlpatterns = [path("newest/", newest, name="newest"), *urlpatterns]
    monkeypatch.setitem(sys.modules, addresses.__name__, addresses)
    settings.ROOT_URLCONF = addresses.__name__
    assert client.get("/newest/").status_code == 302
    client.force_login(User.objects.create_user("somebody", password="x"))
    answer = client.get("/newest/")
    assert answer.status_code == 200
    assert "No order has come yet." in answer.content.decode()


@pytest.mark.django_db
def test_the_example_of_a_company_and_its_people_makes_them():
    (code,) = fences("operations.md", "python")
    made = run(code, "operations_example")
    assert scope_of_user(made.maria).companies == (made.company.pk,)

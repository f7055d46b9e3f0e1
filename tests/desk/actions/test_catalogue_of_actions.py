"""The catalogue as a whole, and what the docs say of actions and commands."""

import json
import re
import sys
from pathlib import Path
from types import ModuleType

import msgspec
import pytest

from visibility.accounts.models import Role
from visibility.desk.actions.commands import COMMANDS, ROLES, Ask, LineAsk, read_command
from visibility.desk.catalogue import ACTIONS, actions_of
from visibility.triage.findings import QUEUE_OF_KIND

DOCS = Path(__file__).parents[3] / "docs"
ONLY_WAIVED = {"feed_silent"}
"""Kinds that nothing here can do anything about but to leave them: the sender must speak again."""


def test_every_kind_has_something_to_do_beside_leaving_it():
    helpless = {kind for kind in QUEUE_OF_KIND if not [a for a in actions_of(kind) if a.name != "waive"]}
    assert helpless == ONLY_WAIVED


def test_actions_name_kinds_that_exist_and_are_called_by_their_own_name():
    for name, action in ACTIONS.items():
        assert action.name == name
        assert action.kinds <= set(QUEUE_OF_KIND), name
        assert action.__doc__, name


@pytest.mark.parametrize("role", [Role.CUSTOMER_SERVICE, Role.EXECUTIVE])
def test_who_only_reads_may_decide_nothing(role):
    assert [
        a.name for a in ACTIONS.values() for kind in QUEUE_OF_KIND if a.allows(role=role, kind=kind)
    ] == []


def test_every_kind_can_be_waived_by_somebody_and_not_by_all():
    for kind in QUEUE_OF_KIND:
        may = [role for role in Role if ACTIONS["waive"].allows(role=role, kind=kind)]
        assert 0 < len(may) < len(Role), kind


def test_every_form_starts_empty_and_takes_a_reason():
    for name, action in ACTIONS.items():
        assert "reason" in action.form().fields, name


def _sections() -> dict[str, str]:
    text = (DOCS / "commands.md").read_text()
    parts = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    return {head: body for head, _, body in (part.partition("\n") for part in parts) if head in COMMANDS}


def test_the_docs_have_every_command_with_an_example_that_reads():
    sections = _sections()
    assert set(sections) == set(COMMANDS)
    for kind, body in sections.items():
        (example,) = re.findall(r"```json\n(.*?)```", body, re.DOTALL)
        data = json.loads(example)
        read = read_command(type=kind, data=data)
        assert json.loads(msgspec.json.encode(read)) == {"type": kind, **data}


def test_the_docs_name_every_field_and_every_system_of_a_command():
    words = {
        "erp": "ERP",
        "planning": "planning",
        "wms": "warehouse",
        "tms": "transport",
        "supplier": "supplier",
    }
    shared = {field.name for field in msgspec.structs.fields(LineAsk)} | {"answer_by", "text"}
    for kind, body in _sections().items():
        struct: type[Ask] = COMMANDS[kind]
        own = {field.name for field in msgspec.structs.fields(struct)} - shared
        assert set(re.findall(r"^\| `(\w+)`", body, re.MULTILINE)) == own, kind
        assert f"For: {', '.join(words[role] for role in ROLES[struct])}." in body, kind


def test_a_command_with_a_field_that_is_none_of_its_own_is_refused():
    with pytest.raises(msgspec.ValidationError, match="ordered"):
        read_command(type="order.line.confirm", data={"line": "1", "ordered": "60"})


def test_the_example_of_an_action_passes_its_own_tests(monkeypatch: pytest.MonkeyPatch):
    action, tests = re.findall(r"```python\n(.*?)```", (DOCS / "add-an-action.md").read_text(), re.DOTALL)
    module = ModuleType("visibility.desk.actions.one_delivery")
    exec(compile(action, module.__name__, "exec"), module.__dict__)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    namespace: dict[str, object] = {}
    exec(compile(tests, "test_one_delivery", "exec"), namespace)
    examples = [value for name, value in namespace.items() if name.startswith("test_")]
    assert len(examples) == 3
    for example in examples:
        assert callable(example)
        example()

"""What may lie at the top of the repository, and what no file in it may name."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]

ALLOWED = {
    "Makefile",
    "README.md",
    "docs",
    "integrations",
    "manage.py",
    "pyproject.toml",
    "requirements-dev.lock",
    "requirements.lock",
    "static",
    "templates",
    "tests",
    "visibility",
}

# Put together here, so that this file does not hold what it looks for.
_SLASH = "/"
_MACHINE = [
    _SLASH + "root" + _SLASH,
    _SLASH + "home" + _SLASH,
    _SLASH + "work" + _SLASH,
    _SLASH + "Users" + _SLASH,
]
_REGISTRIES = [
    "pypi" + r"\.",
    "python" + "hosted",
    "npm" + r"js\.",
    "artifact" + "ory",
    "index" + r"-url[ =]+http",
]
_SECRETS = ["BEGIN [A-Z ]*" + "PRIVATE KEY", "tl" + r"_[0-9a-f]{12}_[A-Za-z0-9_-]{40,}"]
UNWANTED = re.compile(
    "|".join([*(rf"(?<![\w.>}}\])-]){re.escape(p)}" for p in _MACHINE), *_REGISTRIES, *_SECRETS])
)


def tracked() -> list[str]:
    """The files of the repository, as git has them."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_the_top_level_holds_what_the_design_allows_and_nothing_else():
    top = {name.split("/")[0] for name in tracked()}
    assert {name for name in top if not name.startswith(".")} <= ALLOWED


def test_no_file_names_a_machine_a_registry_or_a_secret():
    found = []
    for name in tracked():
        try:
            text = (ROOT / name).read_text()
        except UnicodeDecodeError:
            continue
        found += [
            f"{name}:{number}: {hit.group()}"
            for number, line in enumerate(text.splitlines(), 1)
            if (hit := UNWANTED.search(line))
        ]
    assert not found


def test_what_is_looked_for_would_be_found():
    for text in ("see " + "/" + "work/main", '"' + "/" + "root/.cache", "https://" + "pypi" + ".org/simple"):
        assert UNWANTED.search(text), text
    assert not UNWANTED.search("integrations/work/items and visibility/home/views.py")

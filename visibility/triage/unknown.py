"""Findings of codes nobody has mapped: partners, places, items. Pure."""

from collections.abc import Iterable

from visibility.masterdata.resolve import ITEM, PARTNER, Unknown
from visibility.triage.findings import Finding

KINDS = {
    ITEM: ("unknown_item", "item", "in the item master"),
    PARTNER: ("unknown_partner", "partner", "among the partners we know"),
}
_PLACE = ("unknown_place", "place", "among the places we know")
WORDS = {words[0]: words for words in (*KINDS.values(), _PLACE)}


def detect_unknown(*, unknown: Iterable[tuple[Unknown, str]]) -> list[Finding]:
    """One finding a code (what, line). Closes when a steward maps it or confirms the provisional record."""
    findings = []
    for what, line in unknown:
        kind, word, where = KINDS.get(what.kind, _PLACE)
        code = what.codes[0]
        called = _called(code, what.name)
        findings.append(
            Finding(
                kind=kind,
                line=line,
                subject=code,
                severity="low",
                summary=f"{word.capitalize()} {called} is not {where}; a provisional record stands in",
                next_action=words_of_code(kind=kind, code=code)[1],
                cause=code,
                cause_words=words_of_code(kind=kind, code=code)[0],
                evidence=tuple((f"{word.capitalize()} code", other, "not mapped") for other in what.codes),
            )
        )
    return findings


def words_of_code(*, kind: str, code: str) -> tuple[str, str]:
    """The case of a code that nobody has mapped, and what is to be done, whoever named it."""
    _, word, where = WORDS[kind]
    return f"{word.capitalize()} {_bare(code)} is not {where}", f"Map {word} {_bare(code)}"


def _bare(code: str) -> str:
    """The code as people write it, without the list it is from: SKU-1099 of "buyer:SKU-1099"."""
    return code.rsplit(":", 1)[-1]


def _called(code: str, name: str) -> str:
    """ "SKU-1099 (Cut-resistant sleeves, 12)"; the name alone where it is all there is."""
    if code.startswith("name:"):
        return name or _bare(code)
    return f"{_bare(code)} ({name})" if name and name != _bare(code) else _bare(code)

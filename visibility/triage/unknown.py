"""Findings of codes nobody has mapped: partners, places, items. Pure."""

from collections.abc import Iterable

from visibility.masterdata.resolve import ITEM, PARTNER, Unknown
from visibility.triage.findings import Finding

KINDS = {
    ITEM: ("unknown_item", "item", "in the item master"),
    PARTNER: ("unknown_partner", "partner", "among the partners we know"),
}


def detect_unknown(*, unknown: Iterable[tuple[Unknown, str]]) -> list[Finding]:
    """One finding a code (what, line). Closes when a steward maps it or confirms the provisional record."""
    findings = []
    for what, line in unknown:
        kind, word, where = KINDS.get(what.kind, ("unknown_place", "place", "among the places we know"))
        code = what.codes[0]
        called = _called(code, what.name)
        findings.append(
            Finding(
                kind=kind,
                line=line,
                subject=code,
                severity="low",
                summary=f"{word.capitalize()} {called} is not {where}; a provisional record stands in",
                next_action=f"Map {word} {_bare(code)}",
                cause=code,
                cause_words=f"{word.capitalize()} {_bare(code)} is not {where}",
                evidence=tuple((f"{word.capitalize()} code", other, "not mapped") for other in what.codes),
            )
        )
    return findings


def _bare(code: str) -> str:
    """The code as people write it, without the list it is from: SKU-1099 of "buyer:SKU-1099"."""
    return code.rsplit(":", 1)[-1]


def _called(code: str, name: str) -> str:
    """ "SKU-1099 (Cut-resistant sleeves, 12)"; the name alone where it is all there is."""
    if code.startswith("name:"):
        return name or _bare(code)
    return f"{_bare(code)} ({name})" if name and name != _bare(code) else _bare(code)

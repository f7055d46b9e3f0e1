"""Findings of codes nobody has mapped: partners, places, items. Pure."""

from collections.abc import Iterable

from visibility.masterdata.resolve import ITEM, PARTNER, Unknown
from visibility.triage.findings import Finding

KINDS = {ITEM: ("unknown_item", "item"), PARTNER: ("unknown_partner", "partner")}


def detect_unknown(*, unknown: Iterable[tuple[Unknown, str]]) -> list[Finding]:
    """One finding a code (what, line). Closes when a steward maps it or confirms the provisional record."""
    findings = []
    for what, line in unknown:
        kind, word = KINDS.get(what.kind, ("unknown_place", "place"))
        code = what.codes[0]
        called = f" ({what.name})" if what.name and what.name not in code else ""
        findings.append(
            Finding(
                kind=kind,
                line=line,
                subject=code,
                severity="low",
                summary=f"Nobody has mapped {word} {code}{called}; a provisional record stands in for it",
                next_action=f"Map {word} {code}",
                evidence=tuple((f"{word.capitalize()} code", other, "not mapped") for other in what.codes),
            )
        )
    return findings

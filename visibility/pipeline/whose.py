"""Whose word counts for the facts of a chunk of flows: the stored settings, by how documents name places."""

from collections.abc import Iterable

from visibility.canonical.documents import Party
from visibility.flows.ownership import Ownership, Place, Setting, Settings
from visibility.flows.state import Fact
from visibility.inbox.models import Connection
from visibility.masterdata.ownership import CompanyOwnership, Rule, chains_of_places, ownership_of
from visibility.masterdata.resolve import LOCATION, find, party_codes

Witnesses = dict[str, frozenset[str]]


def whose_word(*, company_id: int, facts: Iterable[Fact]) -> Ownership | None:
    """The settings that these facts need; None where the company has named no system at all."""
    stored = ownership_of(company_id=company_id)
    if not stored.names:
        return None
    if not stored.rules:
        return Ownership(names=stored.names)
    witnesses = _witnesses(company_id)
    return Ownership(
        company=_settings(stored.at(()), witnesses),
        places=_places(company_id, stored, witnesses, facts) if stored.has_places else {},
        names=stored.names,
    )


def _witnesses(company_id: int) -> Witnesses:
    """The kinds of connections of each system."""
    found: dict[str, set[str]] = {}
    rows = Connection.objects.filter(company_id=company_id, system__isnull=False)
    for code, witness in rows.values_list("system__code", "witness").distinct():
        found.setdefault(code, set()).add(witness)
    return {code: frozenset(kinds) for code, kinds in found.items()}


def _settings(rules: dict[str, tuple[Rule, ...]], witnesses: Witnesses) -> Settings:
    return {
        fact: tuple(  # type: ignore[misc]  # the table allows no other words than these
            Setting(rule.system, rule.role, rule.hours, witnesses.get(rule.system, frozenset()))  # type: ignore[arg-type]  # likewise
            for rule in own
        )
        for fact, own in rules.items()
    }


def _places(
    company_id: int, stored: CompanyOwnership, witnesses: Witnesses, facts: Iterable[Fact]
) -> dict[Party, Place]:
    """Places by how documents name them; without those that nobody has confirmed and nothing is set for."""
    parties = {fact.document.ship_to for fact in facts} - {Party()}
    codes = {(LOCATION, code) for party in parties for code in party_codes(party)}
    known = find(company_id=company_id, codes=codes)
    chains = chains_of_places(ids=[each.id for each in known.values()])
    set_for = {rule.place_id for rule in stored.rules}
    found: dict[Party, Place] = {}
    for party in parties:
        place = next((known[LOCATION, c] for c in party_codes(party) if (LOCATION, c) in known), None)
        if place is None or (place.provisional and not set_for.intersection(chains[place.id])):
            continue
        found[party] = Place(place.id, _settings(stored.at(chains[place.id]), witnesses))
    return found

"""The facts of a flow, settled: what counts apart from what mirrors and echoes tell of the same."""

from visibility.flows.identity import Settled, later
from visibility.flows.ownership import Ownership
from visibility.flows.settling import latest_translations, settle
from visibility.flows.state import Fact
from visibility.flows.witnesses import KINDS, Hearing, adopt


def hear(facts: list[Fact], ownership: Ownership | None) -> Settled:
    """What stands among the facts, as far as the systems that told it are to be believed.

    What a silenced system tells (cancellations and replacements, too) is settled among its own facts, so
    that it never touches what counts.
    """
    facts = adopt(facts)
    if ownership is None:
        return settle(facts)
    if not (ownership.company or ownership.places):
        settled = settle(facts)
        settled.hearing = Hearing(ownership)
        return settled
    facts = latest_translations(facts)
    hearing = Hearing(ownership, facts)
    silenced: list[Fact] = []
    heard: list[Fact] = []
    for fact in facts:
        kind = KINDS.get(type(fact.document))
        (silenced if kind and hearing.is_silenced(kind, fact) else heard).append(fact)
    settled = settle(heard)
    settled.hearing = hearing
    if silenced:
        settled.silenced = settle(silenced).standing
        settled.mirrored = silenced
        settled.every = sorted(facts, key=later)
    return settled

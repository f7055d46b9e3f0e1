"""State does not depend on arrival, and quantities stay what the documents said."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from lives import TERMS, TestUnits, day, view_of
from whole_lives import BOTH, LIVES, SHARED_LIVES, facts_of

from visibility.flows.history import line_histories, standing
from visibility.flows.projector import derive
from visibility.flows.state import Fact, merge, pack_facts, pack_view, unpack_facts
from visibility.triage.findings import Names
from visibility.triage.rules import NO_TOLERANCES, detect

NAMES = Names(supplier="Acme Industries", ship_to="Dallas DC")


def found(view):
    return detect(view=view, as_of=day(26), names=NAMES, tolerances=NO_TOLERANCES)


def lived(batches: list[list[Fact]]) -> list[Fact]:
    """What is kept when facts come in batches, each merged into what was stored."""
    kept: list[Fact] = []
    for batch in batches:
        kept = unpack_facts(pack_facts(merge(kept, batch)))
    return kept


@settings(max_examples=300)
@given(facts=LIVES, data=st.data())
def test_every_order_of_arrival_and_every_split_gives_the_same_view_and_findings(facts, data):
    whole = view_of(*facts)
    shuffled = data.draw(st.permutations(facts))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(facts)), max_size=3)))
    batches = [shuffled[start:end] for start, end in zip([0, *cuts], [*cuts, len(facts)], strict=True)]
    kept = lived(batches)
    view = derive(facts=kept, terms=TERMS, units=TestUnits())
    assert pack_view(view) == pack_view(whole)
    assert found(view) == found(whole)
    assert pack_view(view_of(*shuffled)) == pack_view(whole)
    assert pack_facts(lived([shuffled, facts])) == pack_facts(lived([facts]))


@settings(max_examples=200)
@given(facts=LIVES)
def test_quantities_stay_what_the_documents_said(facts):
    view = view_of(*facts)
    assert len({line.line for line in view.lines}) == len(view.lines)
    for line in view.lines:
        told = [line.confirmed, line.backordered, line.held, line.rejected, line.deleted]
        assert all(each is None or each >= 0 for each in told)
        assert line.answered or all(each is None for each in told)
        assert (line.shipped is None) or line.shipments > 0
        assert (line.received is None) or line.receipts > 0
        assert line.open_quantity is None or line.open_quantity >= 0
        assert [each.name for each in line.milestones] == [each.name for each in view.milestones]
        assert all(each.done or each.actual_at is None for each in line.milestones)
    assert all(each.done or each.actual_at is None for each in view.milestones)


@settings(max_examples=150)
@given(facts=LIVES)
def test_telling_everything_again_changes_nothing(facts):
    again = merge(facts, list(facts))
    assert pack_view(derive(facts=again, terms=TERMS, units=TestUnits())) == pack_view(view_of(*facts))


@settings(max_examples=150)
@given(facts=LIVES)
def test_every_finding_is_a_sentence_with_a_deed_and_one_identity(facts):
    findings = found(view_of(*facts))
    for finding in findings:
        assert finding.summary[0].isupper() or finding.summary[0].isdigit()
        assert "None" not in finding.summary + finding.next_action
        assert finding.next_action
        assert finding.money is None or finding.money >= Decimal(0)
    assert len({(each.kind, each.line, each.subject) for each in findings}) == len(findings)


@settings(max_examples=200)
@given(facts=SHARED_LIVES, data=st.data())
def test_orders_that_share_documents_are_the_same_whatever_came_first(facts, data):
    shuffled = data.draw(st.permutations(facts))
    cut = data.draw(st.integers(0, len(facts)))
    for order in BOTH:
        whole = derive(facts=facts_of(facts, order), terms=TERMS, units=TestUnits(), order=order)
        parts = [facts_of(part, order) for part in (shuffled[:cut], shuffled[cut:])]
        view = derive(facts=lived(parts), terms=TERMS, units=TestUnits(), order=order)
        assert pack_view(view) == pack_view(whole)
        assert found(view) == found(whole)


@settings(max_examples=100)
@given(facts=LIVES, data=st.data())
def test_what_stood_when_is_the_same_whatever_came_first(facts, data):
    shuffled = data.draw(st.permutations(facts))
    assert standing(shuffled, TestUnits()) == standing(facts, TestUnits())
    told = line_histories(facts, terms=TERMS, units=TestUnits())
    assert line_histories(shuffled, terms=TERMS, units=TestUnits()) == told
    for fate in standing(facts, TestUnits()):
        assert (fate.how is None) == (fate.by is None)

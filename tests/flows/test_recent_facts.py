"""What a worker keeps of the flows it wrote last: true or unpacked, and never more than it may."""

import pytest
from lives import order_line, placed

from visibility.flows import recent
from visibility.flows.state import pack_facts


def test_facts_count_only_while_they_are_what_the_database_has() -> None:
    facts = [placed(order_line())]
    packed = pack_facts(facts)
    recent.keep(flow_id=1, packed=packed, facts=facts)
    assert recent.facts_of(flow_id=1, packed=bytes(packed)) is facts
    others = [placed(order_line("2"))]
    read = recent.facts_of(flow_id=1, packed=pack_facts(others))
    assert [each.id for each in read] == [each.id for each in others]


def test_large_flows_push_out_what_was_written_before_them(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = [placed(order_line())]
    packed = pack_facts(facts)
    kept = recent._Recent()
    monkeypatch.setattr(recent, "_recent", kept)
    monkeypatch.setattr(recent, "KEEP_BYTES", 3 * len(packed))
    for flow in range(10):
        recent.keep(flow_id=flow, packed=packed, facts=facts)
        recent.keep(flow_id=flow, packed=packed, facts=facts)
    assert [flow for flow in range(10) if kept.get(flow)] == [7, 8, 9]

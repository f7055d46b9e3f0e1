"""What is written is read back as it was: every writer, any separators, the releases that differ."""

from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from written_documents import (
    MOMENT,
    RECEIVER,
    SENDER,
    World,
    changes,
    orders,
    receipts,
    warehouse_orders,
)

from integrations.mappings.edifact.translator import EdifactTranslator
from integrations.mappings.edifact.writer import EdifactWriter
from integrations.mappings.x12.translator import X12Translator
from integrations.mappings.x12.writer import X12Writer
from visibility.inbox.ports import OutgoingEnvelope, Separators, Unit, VerbatimMessage

ALLOWED = {"schedule_sum", "destination_sum"}
"""Warnings about the drawn documents themselves: their parts do not add up."""
QUICK = [Phase.explicit, Phase.generate]
"""Documents are big: shrinking one that does not come back takes minutes, and says little more."""
X12_DOCUMENTS = {
    "850": orders,
    "860": changes,
    "861": receipts,
    "940": warehouse_orders,
}
X12_KINDS = ("stand_alone", "blanket", "release", "drop_ship", "consignment", "rush")
SIGNS = "*|>:~^!'\\\x1e#+"


@st.composite
def x12_separators(draw: st.DrawFn) -> Separators:
    element, component, segment, repetition = draw(st.permutations(SIGNS))[:4]
    segment = draw(st.sampled_from((segment, "\n")))
    line_end = "" if segment == "\n" else draw(st.sampled_from(("", "\n", "\r\n")))
    return Separators(
        element=element, component=component, segment=segment, repetition=repetition, line_end=line_end
    )


def x12_world(separators: Separators, version: str) -> World:
    taken = separators.element + separators.component + separators.segment + separators.repetition
    modern = version >= "004"
    return World(
        units="x12",
        codes=("EA", "CA", "LB", "PC"),
        kinds=X12_KINDS,
        qualifiers=("92", "91", "UL", "1"),
        taken=taken,
        line=20 if modern else 11,
        name=60 if modern else 35,
        item=48 if modern else 30,
        party=60 if modern else 17,
        digits=9 if modern else 6,
    )


def units_of(units: list[Unit]) -> Any:
    problems = [one for unit in units for one in unit.problems if one.code not in ALLOWED]
    assert not problems, problems
    return [one.document for unit in units for one in unit.documents]


@pytest.mark.parametrize("version", ["003040", "004010", "005010"])
@pytest.mark.parametrize("code", X12_DOCUMENTS)
@settings(max_examples=25, phases=QUICK)
@given(data=st.data())
def test_an_x12_document_comes_back_as_it_was(code: str, version: str, data: st.DataObject) -> None:
    separators = data.draw(x12_separators())
    documents = data.draw(
        st.lists(X12_DOCUMENTS[code](x12_world(separators, version)), min_size=1, max_size=2)
    )
    envelope = OutgoingEnvelope(
        syntax="x12",
        version=version,
        sender=SENDER,
        receiver=RECEIVER,
        interchange_control=data.draw(st.integers(1, 999_999_999)),
        group_control=17,
        moment=MOMENT,
        separators=separators,
    )
    body = X12Writer().write(documents=tuple(documents), envelope=envelope)
    assert body == X12Writer().write(documents=tuple(documents), envelope=envelope)
    message = VerbatimMessage(body=body, content_type="application/edi-x12")
    assert units_of(list(X12Translator().translate(message))) == documents


EDIFACT_DOCUMENTS = {"ORDERS": orders, "ORDCHG": changes, "RECADV": receipts}
EDIFACT_KINDS = ("stand_alone", "blanket", "release", "consignment", "rush", "sample")


@st.composite
def edifact_separators(draw: st.DrawFn) -> Separators:
    element, component, segment, release = draw(st.permutations("*|>:~^!'\\#+?"))[:4]
    return Separators(
        element=element,
        component=component,
        segment=segment,
        release=release,
        decimal=draw(st.sampled_from((".", ","))),
        line_end=draw(st.sampled_from(("", "\n", "\r\n"))),
    )


def edifact_world(version: str) -> World:
    return World(
        units="rec20",
        codes=("H87", "CS", "KGM", "CT"),
        kinds=EDIFACT_KINDS,
        qualifiers=("92", "91", "UL", "1"),
        latin=True,
        line=6,
        name=35,
        item=35,
        number=35,
        party=35,
        description=35 if ":96A:" in version else 80,
        order_release=False,
        notes=False,
    )


@pytest.mark.parametrize("version", ["D:96A:UN:EAN008", "D:01B:UN"])
@pytest.mark.parametrize("code", EDIFACT_DOCUMENTS)
@settings(max_examples=25, phases=QUICK)
@given(data=st.data())
def test_an_edifact_document_comes_back_as_it_was(code: str, version: str, data: st.DataObject) -> None:
    world = edifact_world(version)
    documents = data.draw(st.lists(EDIFACT_DOCUMENTS[code](world), min_size=1, max_size=2))
    envelope = OutgoingEnvelope(
        syntax="edifact",
        version=version,
        sender=SENDER,
        receiver=RECEIVER,
        interchange_control=data.draw(st.integers(1, 999_999_999)),
        group_control=17,
        moment=MOMENT,
        separators=data.draw(edifact_separators()),
    )
    body = EdifactWriter().write(documents=tuple(documents), envelope=envelope)
    assert body == EdifactWriter().write(documents=tuple(documents), envelope=envelope)
    message = VerbatimMessage(body=body, content_type="application/edifact")
    assert units_of(list(EdifactTranslator().translate(message))) == documents

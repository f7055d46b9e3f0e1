"""Flows of one company seen with its master data: derive, detect, reconcile. Reads, but writes only
provisional master data."""

import datetime as dt
from collections.abc import Iterable, Mapping, Set
from types import MappingProxyType
from typing import Literal
from zoneinfo import ZoneInfo

from visibility.canonical.documents import OrderPlaced, Party
from visibility.flows.projector import derive
from visibility.flows.sentences import status_sentence
from visibility.flows.services import Projected, own_reference
from visibility.flows.state import Fact
from visibility.masterdata.models import Company
from visibility.masterdata.resolve import (
    LOCATION,
    PARTNER,
    Code,
    Known,
    Unknown,
    find,
    make_provisional,
    named_item,
    named_party,
    party_codes,
)
from visibility.masterdata.units import CompanyUnits, UnitCache
from visibility.pipeline.terms import TermsBook
from visibility.pipeline.tolerances import ToleranceBook, item_record
from visibility.pipeline.whose import whose_word
from visibility.triage.findings import CODE_KINDS, Finding, Names
from visibility.triage.reconcile import Changes, KnownCase, reconcile
from visibility.triage.rules import Tolerances, detect
from visibility.triage.services import Owner
from visibility.triage.unknown import detect_unknown
from visibility.triage.watching import Watch
from visibility.triage.weighing import weighed

NO_NEWS: Mapping[int, Set[str]] = MappingProxyType({})


def party_of(facts: Iterable[Fact], role: Literal["supplier", "ship_to"]) -> Party:
    """A party of an order, as its documents say: the order itself first, then whoever says it best."""
    found, best = Party(), (True, True, -1)
    for fact in facts:
        party: Party = getattr(fact.document, role)
        if party.ids or party.name:
            rank = (type(fact.document) is not OrderPlaced, not party.ids, fact.id.int)
            if best[2] < 0 or rank < best:
                found, best = party, rank
    return found


def parties_of(facts: list[Fact]) -> tuple[Party, Party]:
    """The supplier of an order and where it goes."""
    orders = [fact.document for fact in facts if type(fact.document) is OrderPlaced]
    if len(orders) == 1 and orders[0].supplier.ids and orders[0].ship_to.ids:  # as nearly always
        return orders[0].supplier, orders[0].ship_to
    return party_of(facts, "supplier"), party_of(facts, "ship_to")


class Assessor:
    """One company's view of a chunk of flows at a moment."""

    def __init__(
        self,
        *,
        company_id: int,
        as_of: dt.datetime,
        sweeping: bool = False,
        news: Mapping[int, Set[str]] = NO_NEWS,
    ) -> None:
        self._company = Company.objects.get(pk=company_id)
        self._as_of = as_of
        self._sweeping = sweeping
        self._news = news
        self._units = UnitCache(company_id=company_id)
        self._meanings: dict[Code, Known] = {}
        self._provisional: set[Unknown] = set()
        self._tolerances: ToleranceBook

    def assess(
        self, *, flows: list[Projected], known: dict[int, list[KnownCase]]
    ) -> list[tuple[Owner, Changes]]:
        """Fill in each flow's view, names, sentence and case count; the changes of those that have cases."""
        parties = [parties_of(flow.facts) for flow in flows]
        book = TermsBook(
            company=self._company,
            parties=parties,
            ownership=whose_word(
                company_id=self._company.pk, facts=(fact for flow in flows for fact in flow.facts)
            ),
        )
        for flow, (supplier, place) in zip(flows, parties, strict=True):
            flow.view = derive(
                facts=flow.facts,
                order=own_reference(flow),
                terms=book.terms(supplier=supplier, place=place),
                units=CompanyUnits(company_id=self._company.pk, supplier=supplier, cache=self._units),
            )
        named = [_named(flow) for flow in flows]
        self._resolve({what for own in named for what, _ in own})
        self._tolerances = ToleranceBook(
            company=self._company, orders=lambda: {flow.view.number for flow in flows}
        )
        today = self._as_of.astimezone(ZoneInfo(self._company.time_zone)).date()
        found = [
            self._reconcile(
                flow, own, known.get(flow.flow_id, []), book.watch(supplier=supplier, today=today)
            )
            for flow, own, (supplier, _) in zip(flows, named, parties, strict=True)
        ]
        return [changes for changes in found if changes is not None]

    def _resolve(self, named: set[Unknown]) -> None:
        """Learn what the codes of these flows mean, with provisional records for those nobody knows.

        Further codes are asked for only where the best one is not confirmed: of most items only ours is.
        """
        self._find([(what.kind, what.codes[0]) for what in named])
        unsure = [what for what in named if not self._is_confirmed(what)]
        self._find([(what.kind, code) for what in unsure for code in what.codes[1:]])
        missing = [what for what in unsure if not self._known(what)]
        if missing:
            make_provisional(company_id=self._company.pk, unknown=missing)
            self._find([(what.kind, code) for what in missing for code in what.codes])
        self._provisional = {what for what in unsure if all(k.provisional for k in self._known(what))}

    def _find(self, codes: list[Code]) -> None:
        if codes:
            self._meanings |= find(company_id=self._company.pk, codes=codes)

    def _known(self, what: Unknown) -> list[Known]:
        return [k for code in what.codes if (k := self._meanings.get((what.kind, code))) is not None]

    def _is_confirmed(self, what: Unknown) -> bool:
        known = self._meanings.get((what.kind, what.codes[0]))
        return known is not None and not known.provisional

    def _reconcile(
        self,
        flow: Projected,
        named: list[tuple[Unknown, str]],
        cases: list[KnownCase],
        watch: Watch | None,
    ) -> tuple[Owner, Changes] | None:
        flow.supplier_id, flow.supplier_name = _meaning(self._meanings, PARTNER, flow.view.supplier)
        flow.ship_to_id, flow.ship_to_name = _meaning(self._meanings, LOCATION, flow.view.ship_to)
        names = Names(supplier=flow.supplier_name, ship_to=flow.ship_to_name, zone=self._company.time_zone)
        findings: list[Finding] = detect(
            view=flow.view, as_of=self._as_of, names=names, tolerances=self._tolerances_of(flow)
        )
        if self._provisional and not _is_history(flow.facts):
            findings += detect_unknown(
                unknown=[(what, line) for what, line in named if what in self._provisional]
            )
        if findings:
            zone = self._company.time_zone
            findings = [
                weighed(finding=finding, view=flow.view, as_of=self._as_of, zone=zone) for finding in findings
            ]
        changes = None
        to_decide: list[Finding] = []
        flow.open_cases = 0
        if findings or cases:
            changes = reconcile(
                owner=f"flow:{flow.flow_id}",
                findings=findings,
                known=cases,
                sweeping=self._sweeping,
                watch=watch,
                news=self._news.get(flow.flow_id, frozenset()),
            )
            to_decide = [finding for finding in changes.open_after if finding.kind not in CODE_KINDS]
            flow.open_cases = len(changes.open_after)
        flow.to_decide = len(to_decide)
        flow.sentence = status_sentence(view=flow.view, findings=to_decide, as_of=self._as_of, names=names)
        return (_owner(flow), changes) if changes is not None else None

    def _tolerances_of(self, flow: Projected) -> Tolerances:
        """What is agreed of this order's lines; its supplier and items are resolved by now."""
        return self._tolerances.of_order(
            number=flow.view.number,
            supplier_id=flow.supplier_id,
            item_id=lambda line: item_record(self._meanings, line.item, flow.view.supplier),
        )


def _owner(flow: Projected) -> Owner:
    return Owner(
        company_id=flow.company_id,
        flow_id=flow.flow_id,
        order_number=flow.view.number,
        supplier_id=flow.supplier_id,
        supplier_name=flow.supplier_name,
        ship_to_id=flow.ship_to_id,
        ship_to_name=flow.ship_to_name,
    )


def _is_history(facts: Iterable[Fact]) -> bool:
    """Whether histories alone tell of an order: nobody is asked to map the many codes of the past."""
    return all(fact.document.history_as_of is not None for fact in facts)


def _meaning(meanings: dict[Code, Known], kind: str, party: Party) -> tuple[int | None, str]:
    """The record a party was resolved to and what people call it.

    Its documents' own words where nobody has confirmed a record: what a provisional one is called depends
    on which document came first.
    """
    known = next((meanings[kind, code] for code in party_codes(party) if (kind, code) in meanings), None)
    own = party.name or (party.ids[0] if party.ids else "")
    if known is None or known.provisional:
        return known.id if known else None, own
    return known.id, known.name or own


def _named(flow: Projected) -> list[tuple[Unknown, str]]:
    """Everything a flow's view names, with the line it stands on."""
    view = flow.view
    scope = Party(ids=view.supplier.ids)
    named = [(named_party(PARTNER, view.supplier), ""), (named_party(LOCATION, view.ship_to), "")]
    named += [(named_item(line.item, scope), line.line) for line in view.lines]
    return [(what, line) for what, line in named if what.codes]

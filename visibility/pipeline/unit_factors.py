"""Unit factors that orders lack: which they are, and entering one, after which all that waits goes on."""

from dataclasses import dataclass
from decimal import Decimal

import msgspec
from django.db import connection as database
from django.db import transaction

from visibility.access.scopes import Scope
from visibility.accounts.models import User
from visibility.canonical import documents
from visibility.canonical.documents import OrderRef, Party
from visibility.canonical.quantities import UnitScheme
from visibility.core.db import server_cursor
from visibility.core.errors import InputError, NotFoundError
from visibility.flows.models import Flow
from visibility.flows.projector import derive
from visibility.masterdata.audit import keep_changes
from visibility.masterdata.golive import Speaker
from visibility.masterdata.models import Item, UnitConversion
from visibility.masterdata.resolve import ITEM, find, item_codes
from visibility.masterdata.units import CompanyUnits, Pair
from visibility.pipeline.assess import parties_of
from visibility.pipeline.mapping_runs import Progress, start_run
from visibility.pipeline.project import ledger_facts
from visibility.pipeline.recording import order_reference
from visibility.pipeline.terms import TermsBook
from visibility.pipeline.whose import whose_word
from visibility.triage.deskwork import may_work
from visibility.triage.models import CaseMember, ExceptionCase
from visibility.triage.selectors import scoped_cases

KIND = "unit_not_convertible"
MOST = Decimal(10) ** 11
"""What the column holds, with nine decimals."""
SMALLEST = Decimal("0.000000001")


@dataclass(frozen=True)
class Gap:
    """A factor that is missing: of our item (None: nobody mapped its codes), from a unit to the order's.

    Units are with their code list, "x12:PL".
    """

    item_id: int | None
    item: str
    from_unit: str
    to_unit: str


def missing_factors(*, scope: Scope, case_id: int) -> list[Gap]:
    """What the first order that waits for a case lacks; empty where it is no factor that is missing.

    As the order is derived anew, so that code lists are those that its documents use. NotFoundError for
    what this reader does not see.
    """
    return _gaps(_case(scope, case_id))


def enter_factor(
    *, scope: Scope, user: User, case_id: int, gap: Gap, factor: Decimal, reason: str = ""
) -> Progress:
    """Say that one `gap.from_unit` of the item is `factor` of `gap.to_unit`; what waits is looked at again.

    InputError for a factor that cannot be, an item nobody mapped, or where it is not missing any more.
    """
    may_work(scope=scope)
    case = _case(scope, case_id)
    factor = _sensible(factor)
    if gap.item_id is None:
        raise InputError("unknown_item", "The item is not known yet: map its code first.", "factor")
    with transaction.atomic():
        # Whoever else enters one of this item waits here, and then finds that it is known.
        Item.objects.select_for_update().get(pk=gap.item_id, company_id=case.company_id)
        if gap not in _gaps(case):
            raise InputError("known_already", "This factor is known by now.", "factor")
        told = UnitConversion.objects.create(
            company_id=case.company_id,
            item_id=gap.item_id,
            from_unit=gap.from_unit,
            to_unit=gap.to_unit,
            factor=factor,
        )
        keep_changes(
            company_id=case.company_id,
            entity="unit_conversion",
            entity_id=told.pk,
            subject=f"{gap.item}, 1 {gap.from_unit} in {gap.to_unit}",
            before={"factor": None},
            after={"factor": factor},
            speaker=Speaker(str(user), reason or f"case {case.pk}"),
        )
        run = start_run(case_id=case.pk, company_id=case.company_id, who=str(user))
    return Progress(run.done, run.total, run.who, False)


def _sensible(factor: Decimal) -> Decimal:
    if not factor.is_finite() or factor < SMALLEST or factor >= MOST:
        raise InputError("no_factor", "Say a number above 0.", "factor")
    return factor


def _case(scope: Scope, case_id: int) -> ExceptionCase:
    case = scoped_cases(scope).filter(pk=case_id, kind=KIND).first()
    if case is None:
        raise NotFoundError("No such case.")
    return case


def _gaps(case: ExceptionCase) -> list[Gap]:
    flow_id, line_number = _stands_on(case)
    if flow_id is None:
        return []
    flow = Flow.objects.select_related("company").defer("facts", "view").get(pk=flow_id)
    with server_cursor(database) as cursor:
        facts = ledger_facts(cursor=cursor, flow_ids=[flow.pk])[flow.pk]
    supplier, place = parties_of(facts)
    company_id = flow.company_id
    ownership = whose_word(company_id=company_id, facts=facts)
    book = TermsBook(company=flow.company, parties=[(supplier, place)], ownership=ownership)
    asked = _Asked(company_id=company_id, supplier=supplier)
    named = order_reference(flow_id=flow.pk)
    view = derive(
        facts=facts,
        order=msgspec.convert(named, OrderRef) if named is not None else None,
        terms=book.terms(supplier=supplier, place=place),
        units=asked,
    )
    line = next((each for each in view.lines if each.line == line_number), None)
    if line is None or not line.unconvertible:
        return []
    return _turned(company_id, line.item, supplier, line.unit, asked)


def _stands_on(case: ExceptionCase) -> tuple[int | None, str]:
    """The order and line of the first finding that waits; of a case that stands for itself alone, its own."""
    waiting = CaseMember.objects.filter(case_id=case.pk, is_open=True, flow_id__isnull=False)
    first = waiting.order_by("id").values_list("flow_id", "line").first()
    return first if first is not None else (case.flow_id, case.line)


class _Asked(CompanyUnits):
    """Notes which factors were asked for and are not known."""

    def __init__(self, *, company_id: int, supplier: Party) -> None:
        super().__init__(company_id=company_id, supplier=supplier)
        self.missing: dict[tuple[documents.Item, Pair], None] = {}

    def factor(
        self, *, item: documents.Item, scheme: UnitScheme, unit: str, to_scheme: UnitScheme, to_unit: str
    ) -> Decimal | None:
        """As the company's units say it."""
        known = super().factor(item=item, scheme=scheme, unit=unit, to_scheme=to_scheme, to_unit=to_unit)
        if known is None:
            self.missing[item, (f"{scheme}:{unit}", f"{to_scheme}:{to_unit}")] = None
        return known


def _turned(company_id: int, item: documents.Item, supplier: Party, unit: str, asked: _Asked) -> list[Gap]:
    """What is missing of an item, each once, from the other unit to the line's: prices ask the other way."""
    codes = item_codes(item, supplier=supplier)
    known = find(company_id=company_id, codes=[(ITEM, code) for code in codes])
    hit = next((known[ITEM, code] for code in codes if (ITEM, code) in known), None)
    called = item.buyer or item.vendor or item.gtin or item.description
    pairs = [
        (there, here) if bare(here) == unit and bare(there) != unit else (here, there)
        for of, (here, there) in asked.missing
        if of == item
    ]
    return [Gap(hit.id if hit else None, called, here, there) for here, there in dict.fromkeys(pairs)]


def bare(unit: str) -> str:
    """ "PL" of "x12:PL"."""
    return unit.split(":", 1)[-1]

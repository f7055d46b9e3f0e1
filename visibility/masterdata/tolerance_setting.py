"""Agreeing tolerances and taking them back: the one writer of them, who keeps who did it and why."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet

from visibility.core import clock
from visibility.core.errors import InputError, NotFoundError
from visibility.masterdata.audit import keep_changes, need_reason
from visibility.masterdata.golive import Speaker
from visibility.masterdata.models import Company, Item, Tolerance, TradingPartner
from visibility.masterdata.terms_changes import tell_change

ENTITY = "tolerance"
MOST_PERCENT = Decimal(1000)
MOST_AMOUNT = Decimal(10) ** 12
MOST_DAYS = Decimal(365)
WAYS = (2, 3, 4)
PERCENT_PLACES, AMOUNT_PLACES = 4, 6


@dataclass(frozen=True)
class Whom:
    """On which level: an order line, an item of a supplier, a supplier; nothing named: the company."""

    partner: TradingPartner | None = None
    item: Item | None = None
    order_number: str = ""
    line: str = ""

    def __str__(self) -> str:
        """What people call it."""
        parts = []
        if self.order_number:
            parts.append(f"order {self.order_number} line {self.line}")
        if self.item is not None:
            parts.append(str(self.item))
        if self.partner is not None:
            parts.append(str(self.partner))
        return " of ".join(parts)


def set_tolerance(
    *,
    company: Company,
    whom: Whom,
    measure: str,
    percent: Decimal | None,
    amount: Decimal | None,
    both: str = Tolerance.Both.LOWER,
    speaker: Speaker,
) -> Tolerance:
    """Agree a tolerance on a level: 0 is exact. What stood there before is replaced, and kept in the history.

    The orders concerned are looked at again shortly. InputError says what is wrong.
    """
    need_reason(speaker)
    _check_whom(company, whom)
    _check_values(measure, percent, amount, both)
    with transaction.atomic():
        Company.objects.select_for_update().get(pk=company.pk)
        row = _at(company, whom).filter(measure=measure).first()
        before = _values(row)
        if row is None:
            row = Tolerance(
                company=company,
                partner=whom.partner,
                item=whom.item,
                order_number=whom.order_number,
                line=whom.line,
                measure=measure,
            )
        row.percent, row.amount, row.both = percent, amount, both
        after = _values(row)
        if before == after:
            return row
        row.set_by, row.reason, row.set_at = speaker.who[:120], speaker.reason[:500], clock.now()
        row.save()
        _keep(row, whom, before=before, after=after, speaker=speaker)
    return row


def remove_tolerance(*, company: Company, tolerance_id: int, speaker: Speaker) -> None:
    """Take a tolerance back, so that the next level counts. NotFoundError where it is not the company's."""
    need_reason(speaker)
    with transaction.atomic():
        Company.objects.select_for_update().get(pk=company.pk)
        row = (
            Tolerance.objects.select_related("partner", "item")
            .filter(pk=tolerance_id, company=company)
            .first()
        )
        if row is None:
            raise NotFoundError("There is no such tolerance.")
        _keep(row, whom_of(row), before=_values(row), after={}, speaker=speaker)
        row.delete()


def whom_of(row: Tolerance) -> Whom:
    """The level on which a tolerance is agreed."""
    return Whom(row.partner, row.item, row.order_number, row.line)


def _keep(
    row: Tolerance,
    whom: Whom,
    *,
    before: dict[str, object],
    after: dict[str, object],
    speaker: Speaker,
) -> None:
    keep_changes(
        company_id=row.company_id,
        entity=ENTITY,
        entity_id=row.pk,
        subject=f"{Tolerance.Measure(row.measure).label}, {str(whom) or row.company}",
        before=before,
        after=after,
        speaker=speaker,
    )
    tell_change(
        company_id=row.company_id,
        partner_id=whom.partner.pk if whom.partner is not None else None,
        order_number=whom.order_number,
    )


def _at(company: Company, whom: Whom) -> QuerySet[Tolerance]:
    return Tolerance.objects.filter(
        company=company,
        partner=whom.partner,
        item=whom.item,
        order_number=whom.order_number,
        line=whom.line,
    )


def _values(row: Tolerance | None) -> dict[str, object]:
    if row is None:
        return {}
    values: dict[str, object] = {"percent": row.percent, "amount": row.amount}
    if row.percent is not None and row.amount is not None:
        values["both"] = str(row.both)
    return values


def _check_whom(company: Company, whom: Whom) -> None:
    for record, where in ((whom.partner, "/partner"), (whom.item, "/item")):
        if record is not None and record.company_id != company.pk:
            raise InputError("not_theirs", "There is no such record in this company.", where)
    if bool(whom.order_number) != bool(whom.line):
        raise InputError("line_missing", "Name the order and the line, or neither.", "/line")
    if whom.order_number and whom.item is not None:
        raise InputError("too_narrow", "An order line has its item already: name the line alone.", "/item")
    if whom.item is not None and whom.partner is None:
        raise InputError("partner_missing", "Of an item a tolerance is agreed with a supplier.", "/partner")


def _check_values(measure: str, percent: Decimal | None, amount: Decimal | None, both: str) -> None:
    if measure not in Tolerance.Measure.values:
        raise InputError("measure_unknown", "There is no such measure.", "/measure")
    if both not in Tolerance.Both.values:
        raise InputError("choice_unknown", "Say whether the lower or the greater counts.", "/both")
    if percent is None and amount is None:
        raise InputError("nothing_set", "Write a percentage or an amount; 0 means exact.", "/percent")
    if measure in Tolerance.DAYS and (percent is not None or amount is None or amount % 1):
        raise InputError("days_wrong", "Write whole days as the amount, and no percentage.", "/amount")
    if measure == Tolerance.Measure.MATCH and (percent is not None or amount not in WAYS):
        raise InputError("ways_wrong", "Write 2, 3 or 4 as the amount, and no percentage.", "/amount")
    most = MOST_DAYS if measure in Tolerance.DAYS else MOST_AMOUNT
    limits = ((percent, MOST_PERCENT, PERCENT_PLACES, "/percent"), (amount, most, AMOUNT_PLACES, "/amount"))
    for value, limit, places, where in limits:
        if value is None:
            continue
        if not value.is_finite() or not 0 <= value <= limit:
            raise InputError("out_of_range", f"Write 0 to {limit}.", where)
        if value != round(value, places):
            raise InputError("too_precise", f"At most {places} decimals.", where)

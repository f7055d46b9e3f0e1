"""How terms are said in words."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visibility.accounts.models import Role
from visibility.masterdata.audit import Word
from visibility.masterdata.models import Severity, Tolerance
from visibility.masterdata.tolerances import Agreed
from visibility.pipeline.tolerances import Source
from visibility.web import words
from visibility.web.cases.kinds import kind_label

_SIGNS = {Tolerance.Measure.QUANTITY_UNDER: "−", Tolerance.Measure.QUANTITY_OVER: "+"}
_PRICE_SIGN = "±"


def tolerance(*, measure: str, percent: Decimal | None, amount: Decimal | None, both: str) -> str:
    """ "−5 %", "−5 % or 10, the lower", "2 d late", "exact" """
    if measure in Tolerance.DAYS:
        count = int(amount or 0)
        late = measure == Tolerance.Measure.DAYS_LATE
        if not count:
            return _("not a day late") if late else _("not a day early")
        return (
            ngettext("%(count)s day late", "%(count)s days late", count)
            if late
            else ngettext("%(count)s day early", "%(count)s days early", count)
        ) % {"count": count}
    if measure == Tolerance.Measure.MATCH:
        return {
            2: _("2-way: with the order"),
            3: _("3-way: with order and receipt"),
            4: _("4-way: with order, receipt and inspection"),
        }.get(int(amount or 0), "")
    sign = _SIGNS.get(Tolerance.Measure(measure), _PRICE_SIGN)
    parts = [f"{sign}{words.quantity(percent)} %"] if percent is not None else []
    parts += [f"{sign}{words.quantity(amount)}"] if amount is not None else []
    if not any((percent, amount)):
        return _("%(figure)s, exact") % {"figure": parts[0]}
    if len(parts) == 1:
        return parts[0]
    which = _("the lower") if both == Tolerance.Both.LOWER else _("the greater")
    return _("%(percent)s or %(amount)s, %(which)s") % {
        "percent": parts[0],
        "amount": parts[1],
        "which": which,
    }


def agreed_in_words(agreed: Agreed) -> str:
    """What is agreed of a measure."""
    return tolerance(measure=agreed.measure, percent=agreed.percent, amount=agreed.amount, both=agreed.both)


def source_in_words(source: Source) -> str:
    """ "−5 % set for Acme Industries by J. Kim, 4 Mar": who set what counts for a line."""
    whom = source.whom or _("the whole company")
    return _("%(what)s set for %(whom)s by %(who)s, %(day)s") % {
        "what": agreed_in_words(source.agreed),
        "whom": whom,
        "who": source.agreed.set_by,
        "day": words.day(words.local(source.agreed.set_at).date()),
    }


def clock_label(clock: str) -> str:
    """What a deadline is called."""
    return {
        "acknowledgement_hours": _("Answer to an order"),
        "functional_hours": _("997 of what we sent"),
        "follow_up_hours": _("Certainty after “subject to”"),
        "asn_hours": _("Ship notice after the ship date"),
        "receipt_hours": _("Receipt after the arrival"),
        "invoice_hours": _("Invoice after the shipment"),
        "match_hours": _("Match of receipt and invoice"),
    }[clock]


def field_label(field: str) -> str:
    """What a field of a history is called."""
    if field.endswith("_hours"):
        return clock_label(field)
    return {
        "percent": _("percent"),
        "amount": _("amount"),
        "both": _("of the two"),
        "hours": _("hours"),
        "warn_percent": _("warns at percent"),
        "approvers": _("approved by"),
        "silent_after": _("silent after, working minutes"),
        "expects_997": _("a 997 is due"),
    }.get(field, field)


def entity_label(entity: str) -> str:
    """What kind of thing was changed."""
    return {
        "tolerance": _("Tolerance"),
        "company_deadlines": _("Deadline"),
        "partner_deadlines": _("Deadline"),
        "service_level": _("Resolution hours"),
        "approval_limit": _("Approval limit"),
        "calendar": _("Calendar"),
        "connection_watch": _("Connection"),
        "cross_reference": _("Mapping"),
        "unit_conversion": _("Unit factor"),
        "partner_profile": _("Profile"),
    }.get(entity, entity.replace("_", " "))


def change_in_words(word: Word) -> dict[str, str]:
    """A line of the history as a row."""
    return {
        "entity": entity_label(word.entity),
        "subject": word.subject,
        "field": field_label(word.field),
        "before": word.before or _("not set"),
        "after": word.after or _("not set"),
        "who": word.who,
        "when": words.moment(word.at),
        "why": word.why,
    }


def severity_label(severity: str) -> str:
    return str(Severity(severity).label)


def role_label(role: str) -> str:
    return str(Role(role).label)


def kind_or_all(kind: str) -> str:
    return kind_label(kind) if kind else _("every kind")

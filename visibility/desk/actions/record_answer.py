"""Record on the supplier's behalf what it answered by telephone or e-mail, with what shows it."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from visibility.access.scopes import Scope
from visibility.canonical.documents import AnswerLine, AnswerPart, Basis, OrderAcknowledged
from visibility.core.errors import InputError
from visibility.desk.actions import asking, fields, reading, saying, who
from visibility.desk.actions.base import ActionForm, CaseSeen, Performing
from visibility.desk.actions.commands import LineConfirm, command
from visibility.desk.actions.steps import Ordered, in_order
from visibility.desk.plans import Offer, Plan
from visibility.flows.state import LineView
from visibility.triage.models import CaseAttachment

ZERO = Decimal(0)
MOST_NAMED = 20


class AnswerForm(ActionForm):
    """What the supplier said of the case's line; where it has none, the order is accepted as a whole."""

    said_by = fields.text(_("Who said so"), required=True)
    how = forms.ChoiceField(
        label=_("How"), choices=[("phone", _("Telephone")), ("email", _("E-mail")), ("other", _("Otherwise"))]
    )
    confirmed = fields.quantity(_("Confirmed"))
    date = fields.day(_("For"))
    backordered = fields.quantity(_("On backorder"))
    backordered_until = fields.day(_("Backorder for"))
    rejected = fields.quantity(_("Rejected"))
    evidence = fields.text(_("What shows it"), most=300)

    field_order = (
        "said_by",
        "how",
        "confirmed",
        "date",
        "backordered",
        "backordered_until",
        "rejected",
        "evidence",
        "reason",
    )


class RecordAnswer(Performing):
    """The answer becomes a fact of the order, told by the desk; the evidence then says what is left wrong."""

    name = "record_answer"
    kinds = frozenset(
        {
            "acknowledgement_overdue",
            "line_unanswered",
            "change_unanswered",
            "soft_accept_expired",
            "confirmed_short",
            "confirmed_over",
            "line_rejected",
            "promised_late",
            "promised_early",
        }
    )
    roles = who.SUPPLY
    form = AnswerForm
    in_bulk = False

    def offer(self, *, seen: CaseSeen) -> Offer | None:
        if seen.order is None or (seen.case.line and reading.known_line(seen) is None):
            return None
        line = reading.known_line(seen)
        return Offer(
            label=f"Record what {saying.supplier(seen)} answered",
            outcome="By telephone or e-mail, with what shows it",
            rank=30,
            initial={"confirmed": line.ordered} if line else {},
        )

    def look(self, *, scope: Scope, seen: CaseSeen, values: dict[str, Any]) -> dict[str, Any]:
        """With the names of the files attached to the case: they show what was said."""
        files = CaseAttachment.objects.filter(case_id=seen.case.id).order_by("-id")
        return {**values, "attached": list(files.values_list("name", flat=True)[:MOST_NAMED])}

    def plan(self, *, seen: CaseSeen, values: dict[str, Any]) -> Plan:
        order, _view = reading.need_order(seen)
        shown = _shown(values)
        who_said = str(values.get("said_by") or "").strip()
        if not who_said:
            raise InputError("missing", "Say who said so.", "said_by")
        line = reading.need_line(seen) if seen.case.line else None
        parts = _parts(line, values) if line else ()
        told = _told(parts, line.unit) if line else "as ordered"
        document = OrderAcknowledged(
            order=order,
            coverage="detail" if line else "accepted",
            note=f"{who_said}, by {values.get('how') or 'other'}; {shown}",
            lines=(AnswerLine(line=line.line, item=line.item, unit=line.unit, parts=parts),) if line else (),
            units=seen.view.units if seen.view else "x12",
        )
        return Plan(
            words=f"Record that {saying.supplier(seen)} confirmed {told}",
            case="open",
            facts=(
                asking.fact(
                    document, words=f"{saying.Supplier(seen)} confirmed {told} ({who_said}; {shown})"
                ),
            ),
            steps=in_order([_confirms(seen, line, parts)]) if line else (),
        )


def _shown(values: dict[str, Any]) -> str:
    """What shows the answer. InputError where nothing does, nor does anybody say why that is so."""
    attached = [str(each) for each in values.get("attached") or ()]
    shown = [str(values.get("evidence") or "").strip(), *attached, reading.reason(values)]
    told = ", ".join(each for each in shown if each)
    if not told:
        raise InputError("no_evidence", "Attach the e-mail, or say what shows it.", "evidence")
    return told


def _parts(line: LineView, values: dict[str, Any]) -> tuple[AnswerPart, ...]:
    """The answer in its parts. InputError for none, or more than is ordered without a word on why."""
    said = {name: values.get(name) for name in ("confirmed", "backordered", "rejected")}
    if all(value is None for value in said.values()):
        raise InputError("missing", "Say how many were confirmed.", "confirmed")
    for name, value in said.items():
        if value is not None and value < 0:
            raise InputError("not_positive", "Say 0 or more.", name)
    total = sum((value for value in said.values() if value is not None), ZERO)
    if line.ordered is not None and total > line.ordered and not reading.reason(values):
        many = f"{saying.plain(total)} is more than the {saying.plain(line.ordered)} ordered"
        raise InputError("too_many", f"{many}; say why.", "reason")
    basis: Basis = next((each.basis for each in line.requests if each.date), "dock")
    parts = []
    if said["confirmed"] is not None:
        parts.append(
            AnswerPart(
                answer="accepted",
                quantity=said["confirmed"],
                unit=line.unit,
                date=values.get("date"),
                basis=basis,
            )
        )
    if said["backordered"]:
        day = values.get("backordered_until")
        parts.append(
            AnswerPart(
                answer="backordered",
                quantity=said["backordered"],
                unit=line.unit,
                date=day,
                basis=basis,
            )
        )
    if said["rejected"]:
        parts.append(AnswerPart(answer="rejected", quantity=said["rejected"], unit=line.unit))
    return tuple(parts)


def _told(parts: tuple[AnswerPart, ...], unit: str) -> str:
    """ "80 CA, 20 CA backordered"."""
    return ", ".join(
        f"{saying.plain(each.quantity or ZERO)} {unit}"
        + ("" if each.answer == "accepted" else f" {each.answer}")
        for each in parts
    )


def _confirms(seen: CaseSeen, line: LineView | None, parts: tuple[AnswerPart, ...]) -> Ordered | None:
    if line is None:
        return None
    by_class = {each.answer: each for each in parts}
    accepted, later = by_class.get("accepted"), by_class.get("backordered")
    confirm = LineConfirm(
        **reading.about_line(seen, line),
        confirmed=accepted.quantity if accepted else None,
        backordered=later.quantity if later else None,
        backordered_until=later.date if later else None,
        date=accepted.date if accepted else None,
        basis=accepted.basis if accepted else "unstated",
    )
    told = f"{saying.order_line(seen)}: {_told(parts, line.unit)}"
    return Ordered(command=command(confirm, words=f"{told}, as answered"))

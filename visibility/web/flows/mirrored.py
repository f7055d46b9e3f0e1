"""What mirrors told of a line, in few calm words: "receipt posted in ERP 16 Nov 09:40"."""

from django.utils.translation import gettext as _

from visibility.flows.ownership import FactKind
from visibility.flows.state import LineView, Mirror
from visibility.web import words

_COUNTED: dict[FactKind, str] = {
    "order": "ordered",
    "change": "ordered",
    "answer": "confirmed",
    "shipment": "shipped",
    "status": "",
    "receipt": "received",
    "invoice": "invoiced",
}


def told(line: LineView) -> tuple[str, ...]:
    """One text for each system that told, or is still to tell, beside the one whose word counts."""
    return tuple(_text(mirror, line) for mirror in line.mirrors)


def _text(mirror: Mirror, line: LineView) -> str:
    if mirror.silent:
        said = {
            "system": mirror.name,
            "quantity": words.quantity(mirror.quantity),
            "role": _("echo") if mirror.role == "echo" else _("mirror"),
            "primary": mirror.counted,
        }
        if mirror.quantity is None:
            return _("told by %(system)s (%(role)s); %(primary)s (primary) has not said so") % said
        return _("%(quantity)s told by %(system)s (%(role)s); %(primary)s (primary) has not said so") % said
    if not mirror.told:
        return _awaited(mirror)
    if mirror.differs is not None:
        return _("%(document)s: %(system)s says %(quantity)s, %(primary)s %(counted)s") % {
            "document": _document(mirror),
            "system": mirror.name,
            "quantity": words.quantity(mirror.differs[1]),
            "primary": mirror.counted,
            "counted": words.quantity(mirror.differs[0]),
        }
    if mirror.due_at is not None:
        return _("%(so_far)s with %(quantity)s; the rest is due %(when)s") % {
            "so_far": _done(mirror),
            "quantity": words.quantity(mirror.quantity),
            "when": words.moment(mirror.due_at),
        }
    counted = getattr(line, _COUNTED[mirror.fact], None)
    if mirror.quantity is not None and mirror.quantity != counted:
        return _("%(so_far)s with %(quantity)s") % {
            "so_far": _done(mirror),
            "quantity": words.quantity(mirror.quantity),
        }
    return _done(mirror)


def _done(mirror: Mirror) -> str:
    when = ""
    if mirror.at is not None:
        when = words.day(mirror.at.date()) if mirror.date_only else words.moment(mirror.at)
    phrase = _("%(document)s posted in %(system)s %(when)s")
    if not _is_posted(mirror):
        phrase = _("%(document)s also in %(system)s %(when)s")
    return (phrase % {"document": _document(mirror), "system": mirror.name, "when": when}).strip()


def _awaited(mirror: Mirror) -> str:
    phrase = _("%(document)s to be posted in %(system)s by %(when)s")
    if not _is_posted(mirror):
        phrase = _("%(document)s to be in %(system)s by %(when)s")
    when = words.moment(mirror.due_at)
    return phrase % {"document": _document(mirror), "system": mirror.name, "when": when}


def _document(mirror: Mirror) -> str:
    return {
        "order": _("order"),
        "change": _("order change"),
        "answer": _("answer"),
        "shipment": _("shipment"),
        "status": _("status"),
        "receipt": _("receipt"),
        "invoice": _("invoice"),
    }[mirror.fact]


def _is_posted(mirror: Mirror) -> bool:
    return mirror.fact in ("receipt", "invoice")

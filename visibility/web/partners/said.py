"""How profiles are said in words."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from visibility.masterdata.models import PartnerProfile, ProfileSet
from visibility.web import words
from visibility.web.drawings.status import Status

LINE_ENDS = {"none": "", "lf": "\n", "crlf": "\r\n"}


def kind_name(kind: str) -> str:
    """What people call a set or message type; empty for one without a name here."""
    return {
        "850": _("Purchase order"),
        "855": _("Order acknowledgement"),
        "856": _("Ship notice"),
        "860": _("Order change"),
        "861": _("Receiving advice"),
        "865": _("Answer to an order change"),
        "810": _("Invoice"),
        "820": _("Payment advice"),
        "824": _("Application advice"),
        "830": _("Planning schedule"),
        "832": _("Price list"),
        "846": _("Stock report"),
        "852": _("Sales report"),
        "862": _("Shipping schedule"),
        "880": _("Invoice, grocery"),
        "940": _("Warehouse shipping order"),
        "943": _("Stock transfer notice"),
        "944": _("Stock transfer receipt"),
        "945": _("Warehouse shipping advice"),
        "997": _("Functional acknowledgement"),
        "TA1": _("Interchange acknowledgement"),
        "ORDERS": _("Purchase order"),
        "ORDCHG": _("Order change"),
        "ORDRSP": _("Order response"),
        "DESADV": _("Despatch advice"),
        "RECADV": _("Receiving advice"),
        "INVOIC": _("Invoice"),
        "DELFOR": _("Delivery forecast"),
        "INVRPT": _("Stock report"),
        "CONTRL": _("Syntax acknowledgement"),
        "APERAK": _("Application advice"),
        "order.placed": _("Purchase order"),
        "order.changed": _("Order change"),
        "order.acknowledged": _("Order acknowledgement"),
        "shipment.notified": _("Ship notice"),
        "goods.received": _("Receipt"),
        "invoice.received": _("Invoice"),
    }.get(kind, "")


def list_label(name: str) -> str:
    """What a code list is called."""
    return {
        "acknowledgement_type": _("kind of answer (BAK02)"),
        "line_status": _("answer to a line (ACK01)"),
        "order_type": _("kind of order (BEG02)"),
        "purpose": _("purpose of a document"),
        "unit": _("unit of measure"),
    }.get(name, name.replace("_", " "))


def field_name(field: str) -> str:
    """What a field of a profile's history is called."""
    return {
        "syntax": _("syntax"),
        "version": _("version"),
        "our_qualifier": _("our qualifier"),
        "our_id": _("our identifier"),
        "their_qualifier": _("their qualifier"),
        "their_id": _("their identifier"),
        "our_group": _("our group id"),
        "their_group": _("their group id"),
        "separators": _("separators"),
        "time_zone": _("time zone"),
        "usage": _("test or production"),
        "wants_functional": _("they get a 997 or CONTRL"),
        "expects_functional": _("they owe us a 997 or CONTRL"),
        "asks_interchange": _("we ask for a TA1"),
        "sends_acknowledgements": _("an answer is waited for"),
        "sends_ship_notices": _("a ship notice is waited for"),
        "sends_invoices": _("an invoice is waited for"),
    }.get(field, field)


def separator_label(name: str) -> str:
    """What a separator separates."""
    return {
        "element": _("Between elements"),
        "component": _("Between components"),
        "segment": _("Ends a segment"),
        "repetition": _("Between repetitions"),
        "release": _("Releases a separator"),
        "decimal": _("Decimal mark"),
    }[name]


def range_label(kind: str) -> str:
    """What numbers are for."""
    return {
        "interchange": _("Interchanges (ISA13, UNB 0020)"),
        "group": _("Groups (GS06)"),
        "set": _("Sets and messages (ST02, UNH 0062)"),
    }[kind]


def days_of(row: ProfileSet) -> str:
    """From when to when something stands."""
    if row.starts_on and row.ends_on:
        return _("%(first)s to %(last)s") % {
            "first": words.day(row.starts_on),
            "last": words.day(row.ends_on),
        }
    if row.starts_on:
        return _("from %(first)s") % {"first": words.day(row.starts_on)}
    if row.ends_on:
        return _("until %(last)s") % {"last": words.day(row.ends_on)}
    return _("always")


def standing_status(standing: str) -> Status:
    """Whether a kind of document comes."""
    return {
        "expected": Status("go", "progress", _("Expected")),
        "optional": Status("na", "empty", _("Optional")),
        "never": Status("na", "dash", _("Never")),
    }.get(standing, Status("unk", "unknown", _("Not agreed")))


def profile_status(profile: PartnerProfile | None, sets: Sequence[ProfileSet]) -> Status:
    """How far a partner is: without a profile, being tested, certified."""
    if profile is None:
        return Status("na", "empty", _("No profile"))
    expected = [each for each in sets if each.direction == "in" and each.standing == "expected"]
    certified = [each for each in expected if each.certified_at]
    if expected and len(certified) == len(expected):
        return Status("ok", "done", _("Certified"))
    if not expected:
        return Status("unk", "unknown", _("No sets agreed"))
    return Status(
        "warn",
        "progress",
        _("%(done)s of %(all)s sets certified") % {"done": len(certified), "all": len(expected)},
    )

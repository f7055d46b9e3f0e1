"""Ownership settings as tests write them, and facts of named systems."""

from typing import Any

from lives import DALLAS, TERMS, TestUnits
from msgspec import structs

from visibility.canonical.documents import Party
from visibility.flows.ownership import Ownership, Place, Setting
from visibility.flows.projector import derive
from visibility.flows.state import Fact, FlowView

RENO = Party(ids=("91:RNO",), name="Reno DC")
NAMES = {"wms-dal": "WMS", "wms-rno": "WMS Reno", "erp-1": "ERP", "phone-1": "Dock phone", "tms-1": "TMS"}


def primary(system: str, hours: int | None = None, *witnesses: str) -> Setting:
    return Setting(system, "primary", hours, frozenset(witnesses))


def mirror(system: str, hours: int | None = None, *witnesses: str) -> Setting:
    return Setting(system, "mirror", hours, frozenset(witnesses))


def echo(system: str, *witnesses: str) -> Setting:
    return Setting(system, "echo", None, frozenset(witnesses))


def everywhere(**settings: tuple[Setting, ...]) -> Ownership:
    return Ownership(company=settings, names=NAMES)  # type: ignore[arg-type]


def at_places(**settings: dict[str, tuple[Setting, ...]]) -> Ownership:
    """Settings of Dallas and Reno."""
    known = {"dallas": (DALLAS, 1), "reno": (RENO, 2)}
    places = {known[name][0]: Place(known[name][1], own) for name, own in settings.items()}  # type: ignore[arg-type]
    return Ownership(places=places, names=NAMES)


def told_by(system: str, fact: Fact) -> Fact:
    return structs.replace(fact, system=system)


def view_under(ownership: Ownership | None, *facts: Fact, **more: Any) -> FlowView:
    terms = structs.replace(TERMS, ownership=ownership)
    return derive(facts=list(facts), terms=terms, units=TestUnits(), **more)

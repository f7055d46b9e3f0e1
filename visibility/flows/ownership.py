"""Whose word counts for a kind of fact, as the settings say it. Pure; read by masterdata.ownership."""

from typing import Literal

from msgspec import Struct

from visibility.canonical.documents import Party

FactKind = Literal["order", "change", "answer", "shipment", "status", "receipt", "invoice"]
Role = Literal["primary", "mirror", "echo"]


class Setting(Struct, frozen=True):
    """What one system is for one kind of fact at one place."""

    system: str
    role: Role
    hours: int | None = None
    """Working hours within which it must have told what the other side told; None: no deadline."""
    witnesses: frozenset[str] = frozenset()
    """The kinds of its connections: facts from before a connection named its system are known by them."""


Settings = dict[FactKind, tuple[Setting, ...]]
"""At most one of each tuple is primary, and stands first."""


class Place(Struct, frozen=True):
    """A place that is known, with what is set for it (its own, its parents' and the company's)."""

    id: int
    settings: Settings


class Ownership(Struct, frozen=True):
    """The settings of one company, as far as a few flows need them."""

    company: Settings = {}
    places: dict[Party, Place] = {}
    """By how documents name them. What is not here is the flow's own place, or just the company."""
    names: dict[str, str] = {}
    """What systems are called, by their code."""

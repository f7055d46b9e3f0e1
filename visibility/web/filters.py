"""The filters of lists. The address is the view: every filter is a parameter, and a wrong one is left out.

Plain forms, because selectors take values, not querysets.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from visibility.triage.findings import QUEUE_OF_KIND
from visibility.web.cases.kinds import kind_label

Choices = Iterable[tuple[Any, Any]]


@dataclass(frozen=True)
class Chip:
    """An active filter, and the address without it."""

    label: str
    value: str
    without: str


class ListFilter(forms.Form):
    """A search and a sort; `sorts` are what the list can be sorted by, the first by itself."""

    sorts: Sequence[tuple[str, Any]] = ()
    elsewhere: tuple[str, ...] = ("sort", "cursor")
    """Parameters that have a place of their own on the page, so that they are no chips."""
    q = forms.CharField(required=False, max_length=120, label=_("Search"))
    sort = forms.ChoiceField(required=False, label=_("Sort"))
    cursor = forms.CharField(required=False, max_length=400)

    def __init__(self, data: QueryDict, **choices: Choices) -> None:
        super().__init__(data, auto_id=False)
        self.query = data
        self.fields["sort"].choices = list(self.sorts)  # type: ignore[attr-defined]
        self.counts: Mapping[str, Mapping[Any, int]] = {}
        self.options = {name: list(options) for name, options in choices.items()}
        for name, options in self.options.items():
            self.fields[name].choices = [("", ""), *options]  # type: ignore[attr-defined]
        self.is_valid()

    def value(self, name: str) -> Any:
        """The cleaned value; None or empty where it is missing or wrong."""
        return self.cleaned_data.get(name) or None

    def text(self, name: str) -> str:
        """The cleaned value as text."""
        return str(self.cleaned_data.get(name) or "")

    @property
    def sort_by(self) -> str:
        """What the list is sorted by."""
        return self.text("sort") or (self.sorts[0][0] if self.sorts else "")

    def address(self, **changes: str) -> str:
        """The query of this list with some parameters changed; empty ones go, and so does the page."""
        query = self.query.copy()
        query.pop("cursor", None)
        for name, value in changes.items():
            query[name] = value
        for name in [name for name in query if not query[name]]:
            del query[name]
        return f"?{query.urlencode()}"

    def chips(self) -> list[Chip]:
        """The filters that are set."""
        found = []
        for name, field in self.fields.items():
            value = self.text(name)
            if name in self.elsewhere or not value:
                continue
            labels = {str(key): str(label) for key, label in self.options.get(name, [])}
            said = labels.get(value, value)
            found.append(Chip(str(field.label), said, self.address(**{name: ""})))
        return found

    def facets(self) -> list[dict[str, Any]]:
        """The choices that are not set yet, for the facet bar, with how many rows each would leave."""
        found = []
        for name, options in self.options.items():
            if not self.text(name):
                counted = with_counts(options, self.counts.get(name, {}))
                found.append({"name": name, "label": self.fields[name].label, "options": counted})
        return found

    def sort_options(self) -> list[tuple[str, Any, bool]]:
        """What the list can be sorted by, and which of them it is."""
        return [(key, label, key == self.sort_by) for key, label in self.sorts]

    def hidden(self) -> list[tuple[str, str]]:
        """Set filters to carry along when another one changes."""
        return [
            (name, self.text(name))
            for name in self.fields
            if name not in ("q", "sort", "cursor", "columns") and self.text(name)
        ]


def with_counts(options: Choices, counts: Mapping[Any, int]) -> list[tuple[Any, str]]:
    """Choices with how many rows each would leave; a choice that leaves none says so by saying nothing."""
    return [(value, f"{label} · {counts[value]}" if counts.get(value) else label) for value, label in options]


def _integer(value: str) -> int | None:
    return int(value) if value else None


class FlowFilter(ListFilter):
    """Orders by supplier, place and state."""

    sorts = (
        ("-ordered_on", _("newest first")),
        ("wanted_on", _("wanted soonest")),
        ("-value", _("value")),
        ("next_due_at", _("next deadline")),
    )
    state = forms.ChoiceField(required=False, label=_("State"))
    supplier = forms.TypedChoiceField(required=False, label=_("Supplier"), coerce=_integer, empty_value=None)
    place = forms.TypedChoiceField(required=False, label=_("Place"), coerce=_integer, empty_value=None)


class CaseFilter(ListFilter):
    """Exceptions by queue, state, kind, supplier, place, clock, severity, and by whose they are."""

    elsewhere = ("sort", "cursor", "queue", "mine", "columns")

    sorts = (
        ("-risk", _("money ÷ days")),
        ("-money", _("severity, then money")),
        ("sla_due_at", _("SLA clock")),
        ("due_at", _("due first")),
        ("-opened_at", _("newest first")),
    )
    kind = forms.ChoiceField(required=False, label=_("Kind"))
    supplier = forms.TypedChoiceField(required=False, label=_("Supplier"), coerce=_integer, empty_value=None)
    place = forms.TypedChoiceField(required=False, label=_("Place"), coerce=_integer, empty_value=None)
    sla = forms.ChoiceField(required=False, label=_("SLA"))
    assignee = forms.ChoiceField(required=False, label=_("Assignee"))
    severity = forms.ChoiceField(required=False, label=_("Severity"))
    state = forms.ChoiceField(required=False, label=_("State"))
    queue = forms.CharField(required=False, max_length=40)
    mine = forms.ChoiceField(required=False, choices=[("", ""), ("watching", ""), ("mentions", "")])
    columns = forms.MultipleChoiceField(required=False)

    def columns_of(self, known: Sequence[str]) -> list[str]:
        """The columns that the address asks for, those that there are; none where it says nothing."""
        asked = dict.fromkeys(self.query.getlist("columns"))
        return [name for name in asked if name in known]

    def hidden(self) -> list[tuple[str, str]]:
        """The columns are several values of one name."""
        return [*super().hidden(), *(("columns", name) for name in self.query.getlist("columns"))]


class MessageFilter(ListFilter):
    """Messages by status and connection."""

    status = forms.ChoiceField(
        required=False,
        label=_("Status"),
    )
    connection = forms.CharField(required=False, max_length=60, label=_("Connection"))


class UncorrelatedFilter(ListFilter):
    """Documents without an order by kind and connection."""

    type = forms.ChoiceField(required=False, label=_("Kind"))
    connection = forms.TypedChoiceField(
        required=False, label=_("Connection"), coerce=_integer, empty_value=None
    )


class SilentFilter(ListFilter):
    """What silent detectors found by kind, supplier and whether it is true still."""

    kind = forms.ChoiceField(required=False, label=_("Kind"))
    supplier = forms.TypedChoiceField(required=False, label=_("Supplier"), coerce=_integer, empty_value=None)
    state = forms.ChoiceField(required=False, label=_("State"))


def kind_options(queue: str) -> list[tuple[str, str]]:
    """The kinds of a queue, or all."""
    return [(kind, kind_label(kind)) for kind, of in QUEUE_OF_KIND.items() if not queue or of == queue]

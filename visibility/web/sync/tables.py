"""The list of deliveries."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy

from visibility.sync.selectors import DeliveryRow
from visibility.web import words
from visibility.web.filters import ListFilter
from visibility.web.sync.words import of_failure, of_row
from visibility.web.tables import NUMBER, ListTable, address, column, show, two_lines


class DeliveryTable(ListTable):
    """Commands, and what became of them."""

    created_at = column(gettext_lazy("Asked"), "nowrap")
    words = column(gettext_lazy("What it changes"), "keep-meaning")
    state = column(gettext_lazy("State"), "keep-gap nowrap")
    system = column(gettext_lazy("System"), "keep-action")
    outcome = column(gettext_lazy("What it said"))
    attempts = column(gettext_lazy("Tries"), NUMBER)
    took = column(gettext_lazy("Took"), NUMBER)

    def __init__(self, rows: Sequence[Any], *, filters: ListFilter | None = None) -> None:
        super().__init__(rows, filters=filters)

    def render_created_at(self, record: DeliveryRow) -> SafeString:
        """The time opens the delivery."""
        return format_html(
            '<a href="{}">{}</a>', address("delivery", record.id), words.moment(record.created_at)
        )

    def render_words(self, record: DeliveryRow) -> SafeString:
        """What is asked, and its type."""
        said = format_html('<a href="{}" data-open>{}</a>', address("delivery", record.id), record.words)
        return two_lines(said, record.type)

    def render_state(self, record: DeliveryRow) -> SafeString:
        """Shape and word."""
        return show(of_row(record))

    def render_outcome(self, record: DeliveryRow) -> SafeString | str:
        """The kind of failure before its text."""
        text = Truncator(record.outcome).chars(90)
        if not record.failure:
            return text
        return two_lines(of_failure(record.failure), text)

    def render_took(self, record: DeliveryRow) -> str:
        """From asking to its end."""
        if record.finished_at is None:
            return ""
        length = record.finished_at - record.created_at
        return words.span(max(length, dt.timedelta(seconds=1)))

"""Deltas as they come, and the totals of those that were summed up. A count is always both together.

No foreign keys: the rows are figures, and a key would be looked up for each of them. Zero and the empty text
stand for "none", so that a total has one row.
"""

from django.db import models


class Figure(models.Model):
    """So many of `what`. The parts are named in `selectors.py`, for each `what` its own."""

    company_id = models.BigIntegerField()
    what = models.TextField()
    part_1 = models.TextField()
    part_2 = models.TextField()
    part_3 = models.TextField()
    supplier_id = models.BigIntegerField()
    place_id = models.BigIntegerField()
    connection_id = models.BigIntegerField()
    n = models.BigIntegerField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.what} {self.part_1} {self.part_2} {self.part_3}: {self.n}"


class CounterDelta(Figure):
    """A change by one statement. Only inserted, and taken away by the compaction."""


class CounterTotal(Figure):
    """The sum of the deltas that were taken away. Only the compaction writes it."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "company_id",
                    "what",
                    "part_1",
                    "part_2",
                    "part_3",
                    "supplier_id",
                    "place_id",
                    "connection_id",
                ],
                name="counter_total",
            )
        ]

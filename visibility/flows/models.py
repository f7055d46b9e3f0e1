"""Read models of orders. Written by `services.py` only; rebuilt from the ledger at any time.

Because of that their foreign keys have no constraint in the database: looking each one up at commit took
a twelfth of the database's work for an event.
"""

import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from visibility.masterdata.models import Company, Location, TradingPartner

_NARROWED = ("state", "supplier", "ship_to")


class Flow(models.Model):
    """The life of one order. `facts` and `view` are packed (state.py); the columns are for lists and filters.

    The id is given by the ledger when the first key that identifies the order is seen.
    """

    class State(models.TextChoices):
        NOT_ORDERED = "not_ordered", _("Not yet ordered")
        OPEN = "open", _("Open")
        ATTENTION = "attention", _("Needs a decision")
        UNTOLD = "untold", _("Quantities not told")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")
        VOID = "void", _("No document speaks of it")

    id = models.BigIntegerField(primary_key=True)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    correlation_id = models.UUIDField()
    aliases = ArrayField(models.UUIDField(), default=list)
    number = models.TextField(blank=True)
    release = models.TextField(blank=True)
    workflow = models.TextField(default="replenishment")
    supplier = models.ForeignKey(
        TradingPartner, null=True, on_delete=models.PROTECT, db_index=False, db_constraint=False
    )
    supplier_name = models.TextField(blank=True)
    ship_to = models.ForeignKey(
        Location, null=True, on_delete=models.PROTECT, db_index=False, db_constraint=False
    )
    ship_to_name = models.TextField(blank=True)
    ordered_on = models.DateField(null=True)
    wanted_on = models.DateField(null=True)
    stage = models.TextField(blank=True)
    state = models.CharField(max_length=12, choices=State.choices)
    sentence = models.TextField(blank=True)
    value = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    currency = models.TextField(blank=True)
    line_count = models.IntegerField(default=0)
    open_cases = models.IntegerField(default=0)
    entry_count = models.IntegerField(default=0)
    next_due_at = models.DateTimeField(null=True)
    look_at = models.DateTimeField(
        null=True,
        db_default=dt.datetime(1970, 1, 1, tzinfo=dt.UTC),
        help_text="When a sweep has to look next; the beginning of time: as soon as it can.",
    )
    changed_at = models.DateTimeField()
    projector = models.SmallIntegerField()
    facts = models.BinaryField()
    view = models.BinaryField()

    class Meta:
        indexes = [
            # One for each way to sort the list; what the list is narrowed to is read from the index itself.
            models.Index(
                models.F("company"),
                models.F("ordered_on").desc(nulls_last=True),
                models.F("id").desc(),
                include=_NARROWED,
                name="flow_by_ordered",
            ),
            models.Index(fields=["company", "wanted_on", "id"], include=_NARROWED, name="flow_by_wanted"),
            models.Index(
                models.F("company"),
                models.F("value").desc(nulls_last=True),
                models.F("id").desc(),
                include=_NARROWED,
                name="flow_by_value",
            ),
            models.Index(fields=["company", "next_due_at", "id"], include=_NARROWED, name="flow_by_due"),
            # For few of many: the other filters are read from the index before any row is.
            models.Index(fields=["company", "state", "supplier", "ship_to"], name="flow_by_state"),
            models.Index(fields=["supplier", "-id", "state", "ship_to"], name="flow_by_supplier"),
            models.Index(fields=["ship_to", "-id", "state", "supplier"], name="flow_by_place"),
            # Few flows have other names; only those are in it.
            GinIndex(fields=["aliases"], name="flow_alias", condition=~models.Q(aliases=[])),
            models.Index(
                fields=["look_at", "id"], name="flow_look", condition=models.Q(look_at__isnull=False)
            ),
        ]
        constraints = [
            # Within a company: a system that serves two of them gives both the same correlation ID.
            models.UniqueConstraint(fields=["correlation_id", "company"], name="flow_name")
        ]

    def __str__(self) -> str:
        return self.number or str(self.correlation_id)


class FlowLine(models.Model):
    """A line of an order, for filters, search and counting."""

    pk = models.CompositePrimaryKey("flow", "line")
    flow = models.ForeignKey(
        Flow, on_delete=models.CASCADE, related_name="lines", db_index=False, db_constraint=False
    )
    company_id = models.BigIntegerField()
    line = models.TextField()
    item_code = models.TextField(blank=True)
    unit = models.TextField(blank=True)
    ordered = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    confirmed = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    shipped = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    received = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    invoiced = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    wanted_on = models.DateField(null=True)
    promised_on = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["company_id", "item_code", "-flow"], name="flow_line_of_item")]

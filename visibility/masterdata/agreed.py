"""What is agreed or decided about how we work: tolerances, hours, approval limits, and their history.

Tables only. They stand apart from `models.py`, which holds whom and what it is agreed with.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from visibility.accounts.models import Role


class Severity(models.TextChoices):
    """How bad a case is, as `triage` weighs it."""

    CRITICAL = "critical", _("Critical")
    HIGH = "high", _("High")
    MEDIUM = "medium", _("Medium")
    LOW = "low", _("Low")


class Tolerance(models.Model):
    """What difference of one measure is agreed to be none, and on which level it is agreed.

    The nearest level counts: order line, supplier and item, supplier, company. A row is a word: 0 means
    exact, no row means that the next level is asked. Percent is of what was expected; the amount is in the
    line's unit, for prices in the order's currency per unit, for days in working days. For matching it is how
    many ways: 2 the order, 3 also what came in, 4 also what inspection accepted of it.
    """

    class Measure(models.TextChoices):
        QUANTITY_UNDER = "quantity_under", _("Quantity below")
        QUANTITY_OVER = "quantity_over", _("Quantity above")
        PRICE = "price", _("Price")
        DAYS_LATE = "days_late", _("Days late")
        DAYS_EARLY = "days_early", _("Days early")
        MATCH = "match", _("Bills are matched")

    DAYS = (Measure.DAYS_LATE, Measure.DAYS_EARLY)

    class Both(models.TextChoices):
        LOWER = "lower", _("The lower of the two")
        GREATER = "greater", _("The greater of the two")

    company = models.ForeignKey("masterdata.Company", on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey(
        "masterdata.TradingPartner", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    item = models.ForeignKey(
        "masterdata.Item", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    order_number = models.CharField(max_length=80, blank=True)
    line = models.CharField(max_length=40, blank=True)
    measure = models.CharField(max_length=16, choices=Measure.choices)
    percent = models.DecimalField(max_digits=9, decimal_places=4, null=True, blank=True)
    amount = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    both = models.CharField(max_length=8, choices=Both.choices, default=Both.LOWER)
    set_by = models.CharField(max_length=120)
    reason = models.CharField(max_length=500, blank=True)
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "order_number", "line", "partner", "item", "measure"],
                name="tolerance_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(percent__isnull=False) | models.Q(amount__isnull=False),
                name="tolerance_says_something",
            ),
            models.CheckConstraint(
                condition=(models.Q(percent__isnull=True) | models.Q(percent__gte=0))
                & (models.Q(amount__isnull=True) | models.Q(amount__gte=0)),
                name="tolerance_not_negative",
            ),
            # A line belongs to an order; an item is agreed with somebody, and an order line has its own.
            models.CheckConstraint(
                condition=models.Q(order_number="", line="")
                | (~models.Q(order_number="") & ~models.Q(line="") & models.Q(item__isnull=True)),
                name="tolerance_of_a_line",
            ),
            models.CheckConstraint(
                condition=models.Q(item__isnull=True) | models.Q(partner__isnull=False),
                name="tolerance_of_an_item",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.percent} {self.amount}"


class ServiceLevel(models.Model):
    """Within how many working hours a case is to be resolved; `kind` empty: of every kind.

    `warn_percent`: how much of the time is used when the clock warns.
    """

    company = models.ForeignKey("masterdata.Company", on_delete=models.CASCADE, related_name="+")
    severity = models.CharField(max_length=8, choices=Severity.choices)
    kind = models.CharField(max_length=40, blank=True)
    hours = models.PositiveSmallIntegerField(help_text=_("Working hours."))
    warn_percent = models.PositiveSmallIntegerField(default=75)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "severity", "kind"], name="service_level_once"),
            models.CheckConstraint(
                condition=models.Q(hours__gte=1, warn_percent__gte=1, warn_percent__lte=100),
                name="service_level_sound",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.severity} {self.kind or '*'}: {self.hours} h"


class ApprovalLimit(models.Model):
    """Up to what worth a role decides alone; above it somebody of `approvers` approves as well.

    `action` empty: of every action that has no limit of its own. The worth is in the order's currency.
    """

    company = models.ForeignKey("masterdata.Company", on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=20, choices=Role.choices)
    action = models.CharField(max_length=40, blank=True)
    amount = models.DecimalField(max_digits=20, decimal_places=4)
    approvers = ArrayField(models.CharField(max_length=20, choices=Role.choices))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "role", "action"], name="approval_limit_once"),
            models.CheckConstraint(
                condition=models.Q(amount__gte=0, approvers__len__gte=1), name="approval_limit_sound"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.action or '*'}: {self.amount}"


class AuditEntry(models.Model):
    """One field of master data that somebody changed: who, why, from what to what. Only added to.

    `entity` is the kind of thing ("tolerance"), `entity_id` its id, `subject` what people call it, which
    stays readable when the thing is gone. `before` or `after` empty: nothing was set.
    """

    company = models.ForeignKey("masterdata.Company", on_delete=models.PROTECT, related_name="+")
    entity = models.CharField(max_length=40)
    entity_id = models.BigIntegerField()
    subject = models.CharField(max_length=300)
    field = models.CharField(max_length=40)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    who = models.CharField(max_length=120)
    why = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "audit entries"
        indexes = [
            models.Index(fields=["company", "-id"], name="audit_newest"),
            models.Index(fields=["entity", "entity_id", "-id"], name="audit_of_entity"),
        ]

    def __str__(self) -> str:
        return f"{self.subject}: {self.field} {self.before} to {self.after}"


class TermsChange(models.Model):
    """Terms were changed, and the orders they concern have to be looked at again.

    `partner` empty: those of all suppliers; `order_number` empty: all orders. They are marked at once and a
    second time a while later, for orders that a worker had in hand when the change was made. `after` is the
    last order marked, so that whoever is stopped half-way goes on there.
    """

    company = models.ForeignKey("masterdata.Company", on_delete=models.CASCADE, related_name="+")
    partner = models.ForeignKey(
        "masterdata.TradingPartner", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    order_number = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField()
    rounds = models.PositiveSmallIntegerField(default=0)
    after = models.BigIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["at"], name="terms_change_left", condition=models.Q(rounds__lt=2))]

    def __str__(self) -> str:
        return f"{self.at}: {self.partner_id or 'all'} {self.order_number}".strip()

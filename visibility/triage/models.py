"""What people work on. Written by `services.py` only."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from visibility.flows.models import Flow
from visibility.masterdata.models import Company

_TOLD = ~models.Q(state__in=("silent", "silent_past"))
_NARROWED = ("queue", "kind", "supplier_id", "ship_to_id")


class ExceptionCase(models.Model):
    """One thing wrong. The fingerprint makes it one case however often it is seen.

    Opened, updated and closed by evidence; reopened when the evidence comes back.
    """

    class State(models.TextChoices):
        NEW = "new", _("New")
        IN_PROGRESS = "in_progress", _("In progress")
        WAITING = "waiting", _("Waiting")
        RESOLVED = "resolved", _("Resolved")
        CLOSED = "closed", _("Closed")
        REOPENED = "reopened", _("Reopened")
        SILENT = "silent", _("Silent")
        SILENT_PAST = "silent_past", _("Silent, past")

    SILENT_STATES = (State.SILENT, State.SILENT_PAST)
    """Found while its detector was silent: no case yet, on no list but the report of the silent run."""
    OPEN_STATES = (State.NEW, State.IN_PROGRESS, State.WAITING, State.REOPENED)

    company = models.ForeignKey(Company, on_delete=models.PROTECT, db_index=False)
    fingerprint = models.UUIDField(unique=True)
    flow = models.ForeignKey(Flow, null=True, on_delete=models.CASCADE, related_name="cases")
    message_id = models.UUIDField(null=True)
    kind = models.TextField()
    queue = models.TextField()
    line = models.TextField(blank=True)
    subject = models.TextField(blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.NEW)
    is_open = models.BooleanField(default=True)
    severity = models.CharField(max_length=8)
    rank = models.SmallIntegerField(default=0)
    summary = models.TextField()
    next_action = models.TextField(blank=True)
    gap = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    had = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    expected = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    unit = models.TextField(blank=True)
    money = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    evidence = models.JSONField(default=list)
    due_at = models.DateTimeField(null=True)
    order_number = models.TextField(blank=True)
    supplier_id = models.BigIntegerField(null=True)
    supplier_name = models.TextField(blank=True)
    ship_to_id = models.BigIntegerField(null=True)
    ship_to_name = models.TextField(blank=True)
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    close_reason = models.TextField(blank=True)
    times_reopened = models.SmallIntegerField(default=0)

    class Meta:
        indexes = [
            # One for each way to sort a list; what it is narrowed to is read from the index itself.
            models.Index(
                models.F("company"),
                models.F("is_open"),
                models.F("rank").desc(),
                models.F("money").desc(nulls_last=True),
                models.F("id"),
                include=_NARROWED,
                name="case_by_money",
                condition=_TOLD,
            ),
            models.Index(
                fields=["company", "is_open", "-opened_at", "-id"],
                include=_NARROWED,
                name="case_by_opened",
                condition=_TOLD,
            ),
            models.Index(
                fields=["company", "is_open", "due_at", "id"],
                include=_NARROWED,
                name="case_by_due",
                condition=_TOLD,
            ),
            models.Index(fields=["company", "order_number"], name="case_of_order"),
            models.Index(
                fields=["message_id"],
                name="case_of_message",
                condition=models.Q(message_id__isnull=False),
            ),
            models.Index(
                fields=["supplier_id", "is_open", "queue", "due_at"],
                include=["company"],
                name="case_of_supplier",
                condition=_TOLD,
            ),
            models.Index(
                fields=["company", "kind", "supplier_id", "-id"],
                name="case_silent",
                condition=models.Q(state__in=("silent", "silent_past")),
            ),
            models.Index(
                fields=["company", "queue", "due_at"], name="case_over", condition=models.Q(is_open=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.summary}"


class CaseEvent(models.Model):
    """One thing that happened to a case. Only added to."""

    case = models.ForeignKey(ExceptionCase, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    what = models.CharField(max_length=20)
    text = models.TextField(blank=True)
    who = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.at}: {self.what}"

"""Commands to other systems, every try to deliver them, and where they go. Written by `services.py` only."""

from django.conf import settings as django_settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from visibility.core import identifiers
from visibility.inbox.models import Connection, Message
from visibility.masterdata.models import Company


class Endpoint(models.Model):
    """Where a connection delivers to, and how it is doing.

    `role`: what kind of system answers there, as actions name it; of a role and place the nearest counts.
    `connector` names an entry of settings.CONNECTORS. `secret` is encrypted, and never shown again.
    """

    class Role(models.TextChoices):
        ERP = "erp", _("ERP")
        PLANNING = "planning", _("Planning")
        WMS = "wms", _("Warehouse")
        TMS = "tms", _("Transport")
        SUPPLIER = "supplier", _("Supplier")

    connection = models.OneToOneField(Connection, on_delete=models.PROTECT, related_name="endpoint")
    role = models.CharField(max_length=10, choices=Role.choices)
    partner_id = models.BigIntegerField(null=True, blank=True, help_text=_("A supplier's own; else empty."))
    place_id = models.BigIntegerField(null=True, blank=True, help_text=_("A place's own; else empty."))
    connector = models.CharField(max_length=40)
    settings = models.JSONField(default=dict, blank=True, help_text=_("Address, folder, time limits."))
    secret = models.BinaryField(default=bytes, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_by = models.TextField(blank=True, default="")
    pause_reason = models.TextField(blank=True, default="")
    failures = models.PositiveIntegerField(default=0, help_text=_("Failed tries since the last good one."))
    open_until = models.DateTimeField(null=True, blank=True, help_text=_("The breaker is open until then."))
    last_good_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["role", "partner_id", "place_id"], name="endpoint_role")]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.connection}"


class OutboxMessage(models.Model):
    """A command that must reach another system, exactly once. Its id is its idempotency key on every try."""

    class State(models.TextChoices):
        HELD = "held", _("Waits for another")
        READY = "ready", _("To be sent")
        UNKNOWN = "unknown", _("Unknown")
        DELIVERED = "delivered", _("Delivered")
        REFUSED = "refused", _("Refused")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    FINAL = (State.DELIVERED, State.REFUSED, State.FAILED, State.CANCELLED)

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, db_index=False)
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, db_index=False)
    type = models.TextField(help_text=_('What is asked: "order.line.confirm".'))
    data = models.JSONField()
    document = models.ForeignKey(
        Message,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        help_text=_("As it leaves where the partner reads documents (850, ORDCHG): the same on every try."),
    )
    correlation_id = models.UUIDField(null=True)
    cause = models.TextField(help_text=_("What asked for it: a resolution and its step."))
    words = models.TextField(help_text=_("What it changes, as people read it."))
    state = models.CharField(max_length=10, choices=State.choices, default=State.HELD)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(db_default=Now(), help_text=_("Not before; on the database's clock."))
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    failure = models.TextField(blank=True, default="", help_text=_("The kind of the last failure."))
    outcome = models.TextField(blank=True, default="")
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True, help_text=_("When what became of it was taken up."))
    given_up_at = models.DateTimeField(
        null=True, help_text=_("Nobody could find out what became of it: a person has to.")
    )
    retried_from = models.PositiveSmallIntegerField(
        db_default=0, help_text=_("Tries before a person last had it sent again.")
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"], name="outbox_due", condition=models.Q(state__in=("ready", "unknown"))
            ),
            models.Index(
                fields=["finished_at"],
                name="outbox_untold",
                condition=models.Q(told_at__isnull=True, finished_at__isnull=False),
            ),
            models.Index(fields=["company", "-created_at", "-id"], name="outbox_newest"),
            models.Index(fields=["connection", "state"], name="outbox_of_connection"),
            models.Index(fields=["correlation_id"], name="outbox_of_flow"),
            models.Index(fields=["cause"], name="outbox_of_cause"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.id}"


class DeliveryAttempt(models.Model):
    """One try to deliver, or to find out what became of one. Only added to, and ended once."""

    message = models.ForeignKey(OutboxMessage, on_delete=models.CASCADE, related_name="tries")
    number = models.PositiveSmallIntegerField()
    read_back = models.BooleanField(default=False)
    begun_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=10, blank=True, help_text=_("delivered, refused, retry, unknown."))
    failure = models.TextField(blank=True, default="")
    status = models.PositiveSmallIntegerField(null=True, help_text=_("HTTP's, where it is HTTP."))
    text = models.TextField(blank=True, default="")
    retry_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "number"], name="attempt_number")]

    def __str__(self) -> str:
        return f"{self.message_id} #{self.number}: {self.result}"


class ChangeReading(models.Model):
    """How far the changes that a system tells of were read, and how the last reading went."""

    endpoint = models.OneToOneField(Endpoint, on_delete=models.CASCADE, related_name="reading")
    cursor = models.TextField(blank=True, default="")
    due_at = models.DateTimeField(db_default=Now())
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    ran_at = models.DateTimeField(null=True)
    good_at = models.DateTimeField(null=True)
    events = models.BigIntegerField(db_default=0, help_text=_("Changes taken in since the beginning."))
    failures = models.PositiveIntegerField(db_default=0)
    error = models.TextField(blank=True, db_default="")

    def __str__(self) -> str:
        return f"{self.endpoint_id} at {self.cursor or 'the beginning'}"


class DeliveryWord(models.Model):
    """What a person did to a command or a connection, and why. Only added to."""

    class What(models.TextChoices):
        RETRIED = "retried", _("sent again")
        CANCELLED = "cancelled", _("cancelled")
        PAUSED = "paused", _("paused")
        RESUMED = "resumed", _("resumed")
        SECRET = "secret", _("secret changed")

    company = models.ForeignKey(Company, on_delete=models.PROTECT, db_index=False)
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, db_index=False)
    message = models.ForeignKey(
        OutboxMessage, null=True, on_delete=models.PROTECT, related_name="words_on", db_index=False
    )
    what = models.CharField(max_length=10, choices=What.choices)
    user = models.ForeignKey(
        django_settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    who = models.TextField()
    why = models.TextField(blank=True)
    said_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["connection", "-id"], name="words_on_connection"),
            models.Index(
                fields=["message", "-id"],
                name="words_on_message",
                condition=models.Q(message__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.who}: {self.what}"

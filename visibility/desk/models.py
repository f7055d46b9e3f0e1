"""Decisions, what they asked other systems to do, and who hears of it. Written by services only."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from visibility.masterdata.models import Company
from visibility.triage.models import ExceptionCase


class Policy(models.Model):
    """Cases of a kind that are resolved without a person, within limits. Off until a backtest was seen.

    `limits`: names of settings of the action's own and of `desk.policies`, with their values.
    """

    company = models.ForeignKey(Company, on_delete=models.CASCADE)
    name = models.CharField(max_length=120)
    kind = models.TextField()
    action = models.CharField(max_length=40)
    values = models.JSONField(default=dict)
    limits = models.JSONField(default=dict)
    is_on = models.BooleanField(default=False)
    made_by = models.TextField()
    changed_at = models.DateTimeField()
    backtest = models.JSONField(null=True, help_text=_("What it would have done, and over which days."))
    tested_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "policies"

    def __str__(self) -> str:
        return self.name


class Resolution(models.Model):
    """What somebody decided about a case. Its `plan` is kept as it was previewed."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Kept for later")
        PROPOSED = "proposed", _("Waits for approval")
        UNDERWAY = "underway", _("Under way")
        DONE = "done", _("Done")
        STOPPED = "stopped", _("Stopped: a system refused")
        REJECTED = "rejected", _("Not approved")
        REVERSED = "reversed", _("Taken back")

    company = models.ForeignKey(Company, on_delete=models.PROTECT, db_index=False)
    case = models.ForeignKey(ExceptionCase, on_delete=models.PROTECT, related_name="resolutions")
    action = models.CharField(max_length=40)
    values = models.JSONField(default=dict, help_text=_("The form as it was filled in."))
    words = models.TextField(help_text=_('What was decided: "Accept 60, cancel 40".'))
    reason = models.TextField(blank=True)
    plan = models.JSONField(help_text=_("Facts and steps, as previewed (desk/plans.py)."))
    case_decisions = models.SmallIntegerField(help_text=_("The case's number of decisions it answers."))
    evidence = models.UUIDField(help_text=_("Digest of what the case said when it was decided."))
    case_said = models.TextField(
        blank=True,
        db_default="",
        default="",
        help_text=_("The case's summary once the decision was written."),
    )
    worth = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    state = models.CharField(max_length=10, choices=State.choices)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    policy = models.ForeignKey(Policy, null=True, on_delete=models.PROTECT, related_name="resolutions")
    decided_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    message_id = models.UUIDField(null=True, help_text=_("The decision's own message in the ledger."))
    finished_at = models.DateTimeField(null=True)
    outcome = models.TextField(blank=True, help_text=_("How it went, in words."))
    batch = models.UUIDField(null=True, help_text=_("Decided together with others, in bulk."))
    request_key = models.UUIDField(
        null=True, unique=True, help_text=_("Of who asked and their Idempotency-Key: it is decided once.")
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["company", "-decided_at"],
                name="resolution_proposed",
                condition=models.Q(state="proposed"),
            ),
            models.Index(fields=["company", "-decided_at"], name="resolution_newest"),
        ]
        constraints = [
            # Two people, one case: the second to commit finds the first one here.
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(state__in=("proposed", "underway")),
                name="resolution_one_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return self.words


class Effect(models.Model):
    """One step of a resolution. Steps that wait for others are held until they are confirmed."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits")
        SENDING = "sending", _("On its way")
        SENT = "sent", _("Sent, not confirmed")
        CONFIRMED = "confirmed", _("Confirmed")
        REFUSED = "refused", _("Refused")
        CANCELLED = "cancelled", _("Not done")
        UNDOING = "undoing", _("Being taken back")
        UNDONE = "undone", _("Taken back")
        STUCK = "stuck", _("Could not be taken back")

    resolution = models.ForeignKey(Resolution, on_delete=models.CASCADE, related_name="effects")
    number = models.PositiveSmallIntegerField()
    system = models.TextField(help_text=_("What the system is called."))
    words = models.TextField()
    after = models.JSONField(default=list, help_text=_("Numbers of the steps it waits for."))
    confirmed_by = models.TextField(
        blank=True,
        help_text=_("Type of the entry that confirms it; empty: the system's own answer does."),
    )
    command_id = models.UUIDField(null=True)
    undo_id = models.UUIDField(null=True)
    undo = models.JSONField(null=True, help_text=_("The command that takes it back."))
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    outcome = models.TextField(blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["resolution", "number"], name="effect_number")]
        indexes = [
            models.Index(fields=["command_id"], name="effect_command"),
            models.Index(fields=["undo_id"], name="effect_undo"),
            models.Index(fields=["resolution"], name="effect_sent", condition=models.Q(state="sent")),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.system}: {self.words}"


class NotificationChoice(models.Model):
    """What somebody wants to hear of, by which way. Empty `queue` and `severity`: all."""

    class Way(models.TextChoices):
        APP = "app", _("Here")
        EMAIL = "email", _("E-mail at once")
        DIGEST = "digest", _("E-mail, gathered")
        WEBHOOK = "webhook", _("Webhook")
        CHAT = "chat", _("Chat")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    way = models.CharField(max_length=8, choices=Way.choices)
    queue = models.CharField(max_length=40, blank=True)
    severity = models.CharField(max_length=8, blank=True, help_text=_("This one and worse."))
    mine_only = models.BooleanField(default=True, help_text=_("Assigned to me, watched, or my role's."))
    target = models.TextField(blank=True, help_text=_("Address of a webhook, or of a chat (encrypted)."))
    secret = models.BinaryField(default=bytes, blank=True)
    hours = models.JSONField(default=dict, blank=True, help_text=_('Of a digest: {"at": ["08:00"]}.'))

    def __str__(self) -> str:
        return f"{self.user}: {self.way}"


class Notification(models.Model):
    """Somebody is told of a case, by one way; one row a case, person and way, however often it changes."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(ExceptionCase, on_delete=models.CASCADE, related_name="+")
    way = models.CharField(max_length=8, choices=NotificationChoice.Way.choices)
    choice = models.ForeignKey(NotificationChoice, null=True, on_delete=models.SET_NULL, related_name="+")
    why = models.TextField()
    text = models.TextField()
    changed_at = models.DateTimeField()
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    failure = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "case", "way"], name="notified_once")]
        indexes = [
            models.Index(
                fields=["due_at"], name="notification_due", condition=models.Q(sent_at__isnull=True)
            ),
            models.Index(fields=["user", "way", "-changed_at"], name="notification_of_user"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.way}: {self.text[:60]}"


class NoticeMark(models.Model):
    """How far the cases' histories were read for notices."""

    name = models.CharField(max_length=20, primary_key=True)
    first_id = models.BigIntegerField(default=0, help_text=_("What happened up to this one is old."))
    last_id = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}: {self.last_id}"


class Playbook(models.Model):
    """What a company recommends for a kind of case, and why. Only added to: the newest word counts.

    Without an action the recommendation is the product's own again.
    """

    company = models.ForeignKey(Company, on_delete=models.CASCADE)
    kind = models.TextField()
    action = models.CharField(max_length=40, blank=True)
    why = models.CharField(max_length=300, blank=True)
    said_by = models.TextField()
    said_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["company", "kind", "-id"], name="playbook_newest")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.action or 'as the product'}"

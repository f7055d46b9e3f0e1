"""What people work on. Written by `services.py` only."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from visibility.accounts.models import Role
from visibility.flows.models import Flow
from visibility.masterdata.models import Company

_TOLD = ~models.Q(state__in=("silent", "silent_past"))
_NARROWED = ("queue", "kind", "supplier_id", "ship_to_id", "severity", "state", "assignee_id")


class ExceptionCase(models.Model):
    """One thing wrong. The fingerprint makes it one case however often it is seen.

    Opened, updated and closed by evidence; reopened when the evidence comes back.
    """

    class State(models.TextChoices):
        NEW = "new", _("New")
        IN_PROGRESS = "in_progress", _("In progress")
        WAITING = "waiting", _("Waiting for others")
        SNOOZED = "snoozed", _("Snoozed")
        RESOLVED = "resolved", _("Resolved")
        CLOSED = "closed", _("Closed")
        REOPENED = "reopened", _("Reopened")
        SILENT = "silent", _("Silent")
        SILENT_PAST = "silent_past", _("Silent, past")

    SILENT_STATES = (State.SILENT, State.SILENT_PAST)
    """Found while its detector was silent: no case yet, on no list but the report of the silent run."""
    OPEN_STATES = (State.NEW, State.IN_PROGRESS, State.REOPENED)
    """On the desk: somebody has to do something. `is_open` says the same, for indexes and counters."""
    PARKED_STATES = (State.WAITING, State.SNOOZED)
    """Not settled, and nothing to do for now: others are to act, or a day is to come."""

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
    members = models.IntegerField(db_default=0, default=0, help_text="Open findings of this one cause.")
    owner_role = models.CharField(max_length=20, choices=Role.choices, blank=True, db_default="", default="")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    severity_by = models.TextField(
        blank=True, db_default="", default="", help_text="Who said how severe it is; empty: it was weighed."
    )
    risk = models.DecimalField(
        max_digits=20, decimal_places=4, null=True, help_text="Money at stake by days left (weighing.py)."
    )
    days = models.SmallIntegerField(
        null=True, help_text="Days until it hurts, as known when it was last weighed; negative: it does."
    )
    sla_due_at = models.DateTimeField(null=True, help_text="By when it is to be resolved, in working time.")
    sla_warns_at = models.DateTimeField(null=True)
    sla_paused_at = models.DateTimeField(null=True)
    sla_left = models.DurationField(null=True, help_text="Working time that was left when it was paused.")
    snoozed_until = models.DateTimeField(null=True)
    snoozed_for = models.TextField(
        blank=True, db_default="", default="", help_text="Type of the entry that wakes it."
    )
    touched_at = models.DateTimeField(null=True, help_text="When a person first did something about it.")
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.TextField(blank=True, db_default="", default="")
    resolution = models.TextField(
        blank=True, db_default="", default="", help_text="What was decided, and how far it got, in words."
    )
    resolved_as = models.TextField(
        null=True, help_text="What it said when it was resolved: evidence that says so again is decided on."
    )
    decisions = models.SmallIntegerField(
        db_default=0, default=0, help_text="How often people decided; who decides must know the number."
    )

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
            models.Index(
                models.F("company"),
                models.F("is_open"),
                models.F("risk").desc(nulls_last=True),
                models.F("id"),
                include=_NARROWED,
                name="case_by_risk",
                condition=_TOLD,
            ),
            models.Index(
                fields=["company", "is_open", "sla_due_at", "id"],
                include=_NARROWED,
                name="case_by_sla",
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
                fields=["company", "queue", "sla_due_at"],
                name="case_over_time",
                condition=models.Q(is_open=True, sla_paused_at__isnull=True),
            ),
            models.Index(
                fields=["assignee", "is_open"],
                name="case_assigned",
                condition=models.Q(assignee__isnull=False),
            ),
            models.Index(
                fields=["company", "state", "snoozed_until"],
                name="case_parked",
                condition=models.Q(state__in=("waiting", "snoozed")),
            ),
            models.Index(fields=["snoozed_until"], name="case_wakes", condition=models.Q(state="snoozed")),
            models.Index(
                fields=["company", "-closed_at"],
                name="case_by_closed",
                condition=models.Q(state__in=("closed", "resolved")),
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


class CaseMember(models.Model):
    """One finding of a case that stands for many: an unknown code is one case, whatever number of lines.

    Its fingerprint is that of the finding, so that it is found again; the case's own is of the cause.
    """

    company = models.ForeignKey(Company, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    case = models.ForeignKey(ExceptionCase, on_delete=models.CASCADE, related_name="findings", db_index=False)
    fingerprint = models.UUIDField(unique=True)
    flow = models.ForeignKey(Flow, null=True, on_delete=models.CASCADE, db_index=False, db_constraint=False)
    message_id = models.UUIDField(null=True)
    kind = models.TextField()
    line = models.TextField(blank=True)
    summary = models.TextField()
    money = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    evidence = models.JSONField(default=list)
    order_number = models.TextField(blank=True)
    supplier_id = models.BigIntegerField(null=True)
    supplier_name = models.TextField(blank=True)
    is_open = models.BooleanField(default=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["case", "is_open", "id"], name="member_of_case"),
            models.Index(
                fields=["case", "flow"],
                name="member_waiting",
                condition=models.Q(is_open=True, flow__isnull=False),
            ),
            models.Index(fields=["flow"], name="member_of_flow", condition=models.Q(flow__isnull=False)),
            models.Index(
                fields=["message_id"], name="member_of_message", condition=models.Q(message_id__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.summary}"


class CaseWatcher(models.Model):
    """Somebody who wants to hear of a case."""

    case = models.ForeignKey(ExceptionCase, on_delete=models.CASCADE, related_name="watchers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "user"], name="case_watched_once")]

    def __str__(self) -> str:
        return f"{self.user} watches {self.case_id}"


class CaseComment(models.Model):
    """What somebody said about a case, inside the company. Only added to."""

    case = models.ForeignKey(ExceptionCase, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField()

    def __str__(self) -> str:
        return f"{self.author}: {self.text[:60]}"


class CaseMention(models.Model):
    """Somebody was named in a comment (@maria), and has seen it or not."""

    comment = models.ForeignKey(CaseComment, on_delete=models.CASCADE, related_name="mentions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "user"], name="mentioned_once")]
        indexes = [
            models.Index(fields=["user"], name="mention_unseen", condition=models.Q(seen_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.comment_id}"


class CaseAttachment(models.Model):
    """Evidence that somebody attached: an e-mail, a photograph. Kept as it was, served as a download."""

    case = models.ForeignKey(ExceptionCase, on_delete=models.CASCADE, related_name="attachments")
    comment = models.ForeignKey(CaseComment, null=True, on_delete=models.CASCADE, related_name="attachments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    digest = models.BinaryField(max_length=32, help_text="SHA-256.")
    body = models.BinaryField()

    def __str__(self) -> str:
        return self.name


class ExceptionQueue(models.Model):
    """A queue that a company made for itself, beside those that are always there (findings.QUEUES)."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE)
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)
    position = models.SmallIntegerField(default=0)
    columns = ArrayField(models.CharField(max_length=30), default=list, help_text="Empty: as all queues.")
    sort = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "code"], name="queue_code")]

    def __str__(self) -> str:
        return self.name


class RoutingRule(models.Model):
    """Where cases go, and whose they are. The first that fits counts, in the order of `position`.

    What is empty fits everything. `item` is the beginning of item codes (a family); `money_from` in the
    order's currency.
    """

    company = models.ForeignKey(Company, on_delete=models.CASCADE)
    position = models.SmallIntegerField()
    kind = models.TextField(blank=True)
    supplier_id = models.BigIntegerField(null=True, blank=True)
    ship_to_id = models.BigIntegerField(null=True, blank=True)
    item = models.TextField(blank=True)
    money_from = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    queue = models.CharField(max_length=40, blank=True, help_text="Empty: the kind's own queue.")
    owner_role = models.CharField(max_length=20, choices=Role.choices, blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "position"], name="routing_order")]

    def __str__(self) -> str:
        return f"{self.position}: {self.kind or '*'} to {self.queue or 'its queue'}"


class SavedView(models.Model):
    """A list as somebody wants to see it again: the query of its address. `shared`: all see it."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    page = models.CharField(max_length=20, default="cases")
    name = models.CharField(max_length=60)
    query = models.TextField(blank=True)
    shared = models.BooleanField(default=False)
    position = models.SmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "page", "name"], name="view_name")]
        indexes = [
            models.Index(fields=["company", "page"], name="view_shared", condition=models.Q(shared=True))
        ]

    def __str__(self) -> str:
        return self.name

"""Messages as they came, the work they still need, and the connections they come by."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from visibility.core import identifiers
from visibility.masterdata.models import Company, System


class Connection(models.Model):
    """A configured way in or out."""

    class OnUnknown(models.TextChoices):
        PROVISIONAL = "provisional", _("Make provisional master data")
        HOLD = "hold", _("Hold the message")

    class Tier(models.TextChoices):
        REALTIME = "realtime", _("Real time")
        NEAR_REALTIME = "near_realtime", _("Near real time")
        BATCH = "batch", _("Batch")

    class Witness(models.TextChoices):
        ERP = "erp", _("ERP")
        WMS = "wms", _("WMS")
        TMS = "tms", _("TMS")
        PLANNING = "planning", _("Planning")
        EDI = "edi", _("EDI")
        PORTAL = "portal", _("Portal")
        PHONE = "phone", _("Phone")
        DESK = "desk", _("Desk")
        OTHER = "other", _("Other")

    company = models.ForeignKey(Company, on_delete=models.PROTECT)
    name = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=120, blank=True)
    witness = models.CharField(max_length=12, choices=Witness.choices, default=Witness.EDI)
    on_unknown = models.CharField(max_length=12, choices=OnUnknown.choices, default=OnUnknown.PROVISIONAL)
    tier = models.CharField(max_length=14, choices=Tier.choices, default=Tier.REALTIME)
    issuer = models.CharField(
        max_length=60, blank=True, help_text=_("Scope of order numbers in documents that name no issuer.")
    )
    system = models.ForeignKey(
        System,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("Which system speaks here; ownership settings name it."),
    )
    trusted = models.BooleanField(
        db_default=False,
        help_text=_("The correlation IDs in its events are believed: they identify orders."),
    )
    silent_after = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text=_("Working minutes without a message after which the feed is silent; empty: never."),
    )
    expects_997 = models.BooleanField(
        db_default=False,
        default=False,
        help_text=_("Orders that pass here as we sent them are acknowledged by the partner's system (997)."),
    )

    def __str__(self) -> str:
        return self.title or self.name


class ApiKey(models.Model):
    """A key of a connection: shown once, kept as a SHA-256 of 256 random bits."""

    class Scope(models.TextChoices):
        INGEST = "ingest", _("Send messages")
        READ = "read", _("Read flows")

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.BinaryField(max_length=32)
    scope = models.CharField(max_length=8, choices=Scope.choices)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.prefix}… ({self.scope})"


class Message(models.Model):
    """What arrived or left, verbatim. Never changed; its work and outcomes stand in tables of their own."""

    class Direction(models.TextChoices):
        IN = "in", _("Received")
        OUT = "out", _("Sent")

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, db_index=False)
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, db_index=False)
    direction = models.CharField(max_length=3, choices=Direction.choices, default=Direction.IN)
    content_type = models.CharField(max_length=100)
    name = models.CharField(max_length=255, blank=True)
    body = models.BinaryField()
    size = models.PositiveIntegerField()
    body_digest = models.UUIDField()
    in_reply_to = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, db_index=False)
    received_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            # What a list is narrowed to is read from the index itself.
            models.Index(
                fields=["company", "-received_at", "-id"], include=["direction"], name="message_by_received"
            ),
            models.Index(
                fields=["connection", "-received_at", "-id"],
                include=["direction"],
                name="message_of_connection",
            ),
            models.Index(
                fields=["company", "-received_at", "-id"],
                name="message_sent",
                condition=models.Q(direction="out"),
            ),
            models.Index(fields=["company", "name"], name="message_named", condition=~models.Q(name="")),
            models.Index(
                fields=["in_reply_to"],
                name="message_replies",
                condition=models.Q(in_reply_to__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Identity(models.Model):
    """What makes a second telling a repeat: an explicit event id, or a whole message's bytes.

    `key` is a digest of (company, scheme, …), `body` of what was said under it.
    """

    key = models.UUIDField(primary_key=True)
    body = models.UUIDField()
    message_id = models.UUIDField()

    def __str__(self) -> str:
        return str(self.key)


class FunctionalReceipt(models.Model):
    """A transaction set that we sent a partner, and what the partner's system said of it. Either is first.

    Known by the numbers it was sent under; one sent again under them takes the earlier one's place.
    `set_control` empty: a word about the whole group. `status` as X12 has it: A accepted, E with errors,
    P partly, R and others refused.
    """

    company = models.ForeignKey(Company, on_delete=models.CASCADE, db_index=False)
    partner = models.TextField(help_text=_("As its envelopes name it."))
    group_control = models.TextField()
    set_control = models.TextField(blank=True)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, db_index=False)
    sent_message_id = models.UUIDField(null=True)
    sent_at = models.DateTimeField(null=True)
    order_number = models.TextField(blank=True)
    interchange_control = models.TextField(
        blank=True, default="", db_default="", help_text=_("Of the interchange it was sent in, where known.")
    )
    answer_message_id = models.UUIDField(null=True)
    answered_at = models.DateTimeField(null=True)
    status = models.CharField(max_length=2, blank=True)
    faults = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "partner", "group_control", "set_control"], name="functional_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["sent_at"],
                name="functional_open",
                condition=models.Q(sent_at__isnull=False) & ~models.Q(status="A"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.partner} {self.group_control}/{self.set_control}: {self.status or '?'}"


class InterchangeReceipt(models.Model):
    """What a partner's system said of a whole interchange of ours (TA1, CONTRL). `status` as of the sets."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, db_index=False)
    partner = models.TextField(help_text=_("As its envelopes name it."))
    interchange_control = models.TextField()
    answer_message_id = models.UUIDField()
    answered_at = models.DateTimeField()
    status = models.CharField(max_length=2)
    faults = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "partner", "interchange_control"], name="interchange_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.partner} {self.interchange_control}: {self.status}"


class MessageWork(models.Model):
    """A message that still needs work. Claimed with a lease, finished with its token, then gone."""

    message = models.OneToOneField(Message, primary_key=True, on_delete=models.CASCADE)
    tier = models.CharField(max_length=14, choices=Connection.Tier.choices)
    translation = models.PositiveIntegerField(default=1)
    cursor = models.PositiveIntegerField(default=0, help_text=_("Units of the message already committed."))
    attempts = models.PositiveSmallIntegerField(default=0)
    alone = models.BooleanField(default=False, help_text=_("It died in company: retried by itself."))
    company = models.PositiveSmallIntegerField(
        db_default=0, help_text=_("With how many it was claimed last; 0: nothing is held against it.")
    )
    lease_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(fields=["tier", "created_at", "message"], name="work_next"),
            models.Index(fields=["attempts"], name="work_tried", condition=models.Q(attempts__gt=0)),
            models.Index(
                fields=["tier", "created_at"], name="work_suspected", condition=models.Q(company__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return str(self.message_id)


class Outcome(models.Model):
    """What became of a message, once for each translation of it; the last one is its status."""

    class Status(models.TextChoices):
        PROCESSED = "processed", _("Processed")
        HELD = "held", _("Held")
        REJECTED = "rejected", _("Rejected")

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="outcomes", db_index=False)
    translation = models.PositiveIntegerField()
    company = models.ForeignKey(Company, on_delete=models.PROTECT, db_index=False)
    status = models.CharField(max_length=10, choices=Status.choices)
    entries = models.PositiveIntegerField()
    document_types = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    partial = models.BooleanField(default=False, help_text=_("More units of the message are to come."))
    cut_short = models.BooleanField(
        db_default=False, help_text=_("Given up before its end: it supersedes only what it told anew.")
    )
    finished_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "translation"], name="outcome")]
        indexes = [
            models.Index(
                fields=["company", "status", "-message"],
                name="outcome_unusual",
                condition=~models.Q(status="processed"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.message_id}: {self.status}"


class MessageCorrection(models.Model):
    """What a message was read as from a translation on, in the place of its own bytes, which stay.

    `mends` is the same as rules for elements (tag, element, was, becomes), where it can be said so.
    """

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="corrections", db_index=False)
    translation = models.PositiveIntegerField()
    body = models.BinaryField()
    mends = models.JSONField(default=list)
    reason = models.CharField(max_length=500)
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "translation"], name="correction_once")]

    def __str__(self) -> str:
        return f"{self.message_id} from translation {self.translation}"


class History(models.Model):
    """A file brought in as history: known by its content, within a connection and a mapping's name."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT)
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT)
    mapping_name = models.CharField(max_length=60)
    file_name = models.CharField(max_length=255)
    file_digest = models.UUIDField()
    begun_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["connection", "mapping_name", "file_digest"], name="history_once")
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.mapping_name})"


class HistoryReading(models.Model):
    """A history read by one mapping as of one day. `ended_at` is set once, when all of it is worked through.

    Another mapping or day is another reading, whose entries supersede those of the earlier one.
    """

    history = models.ForeignKey(History, on_delete=models.CASCADE, related_name="readings")
    mapping = models.TextField()
    fingerprint = models.UUIDField()
    as_of = models.DateField()
    begun_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.history_id} as of {self.as_of}"


class HistoryPart(models.Model):
    """Some rows of a history, kept verbatim as a message. `brought_before`: by another file, or telling."""

    history = models.ForeignKey(History, on_delete=models.CASCADE, related_name="parts")
    reading = models.ForeignKey(HistoryReading, on_delete=models.PROTECT)
    number = models.PositiveIntegerField()
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="+")
    first_row = models.PositiveBigIntegerField()
    first_line = models.PositiveBigIntegerField()
    rows = models.PositiveIntegerField()
    brought_before = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["history", "number"], name="history_part")]

    def __str__(self) -> str:
        return f"{self.history_id} part {self.number}"


class HistoryTally(models.Model):
    """What became of the rows of a part, as its chunks commit. One a translation of the message.

    `orders` and `lines` are digests of those its usable rows name; `unusable` says why others are not.
    """

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="+")
    translation = models.PositiveIntegerField()
    seen = models.PositiveIntegerField(help_text=_("Rows that were looked at."))
    entries = models.PositiveIntegerField()
    used = models.PositiveIntegerField(help_text=_("Rows that made an entry."))
    repeats = models.PositiveIntegerField(help_text=_("Rows whose events were in already."))
    skipped = models.PositiveIntegerField()
    unusable = models.JSONField(default=list)
    orders = ArrayField(models.BigIntegerField(), default=list)
    lines = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "translation"], name="history_tally")]

    def __str__(self) -> str:
        return f"{self.message_id}: {self.seen}"

"""What is agreed with a partner about documents: how they are written, which are sent, under which numbers.

Tables only. Deadlines and tolerances are terms, and stand with those (`agreed.py`, `deadlines.py`).
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PartnerProfile(models.Model):
    """How documents are exchanged with a partner. One a partner.

    `version` is the guide we write by: GS08 ("004010"), or EDIFACT's "D:96A:UN:EAN008". `separators` holds
    those that differ from the syntax's own, by their names: element, component, segment, repetition,
    release, decimal, line_end. `wants_functional`: the partner gets a 997 or CONTRL for what it sends;
    `expects_functional`: it owes us one; `asks_interchange`: we ask for a TA1 (ISA14, UNB 0031) as well.
    """

    class Syntax(models.TextChoices):
        X12 = "x12", _("X12")
        EDIFACT = "edifact", _("EDIFACT")
        JSON = "json", _("JSON")

    class Usage(models.TextChoices):
        PRODUCTION = "production", _("Production")
        TEST = "test", _("Test")

    WRITTEN = (Syntax.X12, Syntax.EDIFACT)
    """Syntaxes that commands to the partner are written in."""

    company = models.ForeignKey("masterdata.Company", on_delete=models.PROTECT, related_name="+")
    partner = models.OneToOneField(
        "masterdata.TradingPartner", on_delete=models.CASCADE, related_name="profile"
    )
    syntax = models.CharField(max_length=8, choices=Syntax.choices, default=Syntax.X12)
    version = models.CharField(max_length=20, blank=True)
    our_qualifier = models.CharField(max_length=4, blank=True)
    our_id = models.CharField(max_length=35, blank=True)
    their_qualifier = models.CharField(max_length=4, blank=True)
    their_id = models.CharField(max_length=35, blank=True)
    our_group = models.CharField(max_length=35, blank=True)
    their_group = models.CharField(max_length=35, blank=True)
    separators = models.JSONField(default=dict, blank=True)
    time_zone = models.CharField(max_length=60, blank=True)
    usage = models.CharField(max_length=10, choices=Usage.choices, default=Usage.TEST)
    wants_functional = models.BooleanField(default=True)
    expects_functional = models.BooleanField(default=True)
    asks_interchange = models.BooleanField(default=False)
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.partner}: {self.get_syntax_display()}"

    @property
    def our_envelope_id(self) -> str:
        """As documents scope numbers: "ZZ:NORTHGATE"."""
        return f"{self.our_qualifier}:{self.our_id}" if self.our_id else ""

    @property
    def their_envelope_id(self) -> str:
        """As the partner's envelopes name it: "ZZ:ACMEIND"."""
        return f"{self.their_qualifier}:{self.their_id}" if self.their_id else ""


class ProfileSet(models.Model):
    """A kind of document ("855", "ORDRSP") that a partner sends or gets, from a day on and up to another.

    `certified_at`: the partner's test files of this kind were read and found right by `certified_by`.
    """

    class Direction(models.TextChoices):
        IN = "in", _("From the partner")
        OUT = "out", _("To the partner")

    class Standing(models.TextChoices):
        EXPECTED = "expected", _("Expected")
        OPTIONAL = "optional", _("Optional")
        NEVER = "never", _("Never")

    profile = models.ForeignKey(PartnerProfile, on_delete=models.CASCADE, related_name="sets")
    direction = models.CharField(max_length=3, choices=Direction.choices)
    kind = models.CharField(max_length=40)
    standing = models.CharField(max_length=8, choices=Standing.choices)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    certified_at = models.DateTimeField(null=True, blank=True)
    certified_by = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["profile", "direction", "kind", "starts_on"],
                name="profile_set_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(starts_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="profile_set_days",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.direction}: {self.standing}"


class CodeOverride(models.Model):
    """A code as the partner writes it, and the standard's that it stands for, in one code list."""

    profile = models.ForeignKey(PartnerProfile, on_delete=models.CASCADE, related_name="codes")
    code_list = models.CharField(max_length=40, help_text=_('As mappings name it: "unit", "line_status".'))
    theirs = models.CharField(max_length=40)
    standard = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["profile", "code_list", "theirs"], name="code_override_once")
        ]

    def __str__(self) -> str:
        return f"{self.code_list}: {self.theirs} is {self.standard}"


class ControlRange(models.Model):
    """Our control numbers towards a partner, from `first` to `last` and round again.

    `taken` is the one given out last, empty before the first; `laps` how often the range began anew.
    """

    class Kind(models.TextChoices):
        INTERCHANGE = "interchange", _("Interchange")
        GROUP = "group", _("Group")
        SET = "set", _("Set")

    profile = models.ForeignKey(PartnerProfile, on_delete=models.CASCADE, related_name="ranges")
    kind = models.CharField(max_length=11, choices=Kind.choices)
    first = models.PositiveIntegerField(default=1)
    last = models.PositiveIntegerField(default=999_999_999)
    taken = models.PositiveIntegerField(null=True, blank=True)
    laps = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["profile", "kind"], name="control_range_once"),
            models.CheckConstraint(
                condition=models.Q(first__gte=1, last__gte=models.F("first"), last__lte=999_999_999),
                name="control_range_sound",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.first} to {self.last}"

    @property
    def following(self) -> int:
        """The number that comes next, as long as it is not in use."""
        if self.taken is None or not self.first <= self.taken < self.last:
            return self.first
        return self.taken + 1


class CertificationFile(models.Model):
    """A partner's test file. It is read on the certification page, and never enters the ledger."""

    profile = models.ForeignKey(PartnerProfile, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)
    body = models.BinaryField()
    size = models.PositiveIntegerField()
    digest = models.UUIDField()
    kept_by = models.CharField(max_length=120)
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["profile", "digest"], name="certification_file_once")]

    def __str__(self) -> str:
        return self.name

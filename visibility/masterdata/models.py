"""Master data. Every table carries the company, which is the shard key."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from visibility.masterdata.agreed import (
    ApprovalLimit,
    AuditEntry,
    ServiceLevel,
    Severity,
    TermsChange,
    Tolerance,
)
from visibility.masterdata.profiles_tables import (
    CertificationFile,
    CodeOverride,
    ControlRange,
    PartnerProfile,
    ProfileSet,
)

__all__ = [
    "ApprovalLimit",
    "AuditEntry",
    "CalendarDay",
    "CertificationFile",
    "CodeOverride",
    "Company",
    "ControlRange",
    "CrossReference",
    "GoLiveWord",
    "Item",
    "Location",
    "Ownership",
    "PartnerProfile",
    "ProfileSet",
    "ServiceLevel",
    "Severity",
    "System",
    "TermsChange",
    "Tolerance",
    "TradingPartner",
    "UnitConversion",
    "WorkCalendar",
]


class Company(models.Model):
    """A company whose orders are traced. Its documents never join those of another one."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    issuer = models.CharField(
        max_length=60,
        blank=True,
        help_text=_('Scope of its order numbers, as its EDI envelope says it: "ZZ:NORTHGATE".'),
    )
    time_zone = models.CharField(max_length=60, default="America/Chicago")
    opens = models.PositiveSmallIntegerField(default=8)
    closes = models.PositiveSmallIntegerField(default=17)
    acknowledgement_hours = models.PositiveSmallIntegerField(default=18, help_text=_("Working hours."))
    functional_hours = models.PositiveSmallIntegerField(
        default=8, db_default=8, help_text=_("Working hours until the 997 of what we sent.")
    )
    follow_up_hours = models.PositiveSmallIntegerField(
        default=18, db_default=18, help_text=_("Working hours until what was accepted subject to is certain.")
    )
    asn_hours = models.PositiveSmallIntegerField(
        default=9, db_default=9, help_text=_("Working hours after the ship date until the ship notice.")
    )
    receipt_hours = models.PositiveSmallIntegerField(
        default=9, db_default=9, help_text=_("Working hours after the arrival until the receipt.")
    )
    invoice_hours = models.PositiveSmallIntegerField(
        default=45, db_default=45, help_text=_("Working hours after the shipment until the invoice.")
    )
    match_hours = models.PositiveSmallIntegerField(
        default=18, db_default=18, help_text=_("Working hours until receipt and invoice are matched.")
    )
    terms_version = models.BigIntegerField(
        default=0, db_default=0, help_text=_("Grows with every change of what is agreed.")
    )
    profiles_mark = models.UUIDField(
        null=True,
        blank=True,
        help_text=_("Another one after every change of a partner's profile; empty: none."),
    )
    calendar = models.ForeignKey(
        "WorkCalendar",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Empty: Monday to Friday, from opens to closes."),
    )
    live_from = models.DateField(
        null=True, blank=True, help_text=_("No clock runs for orders placed before this day.")
    )
    detectors = models.JSONField(
        default=dict,
        db_default={},
        blank=True,
        help_text=_('By kind of exception, "*" for all others: "silent" or "live". Empty: live.'),
    )

    class Meta:
        verbose_name_plural = "companies"

    def __str__(self) -> str:
        return self.name


class WorkCalendar(models.Model):
    """When people work: the ordinary week, and the days that are otherwise (CalendarDay).

    Without a zone it is that of the place, partner or company that uses it, so that one calendar serves
    places in several zones.
    """

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=120, blank=True)
    time_zone = models.CharField(max_length=60, blank=True)
    week = models.JSONField(help_text=_('Monday to Sunday, each a list of spans: ["08:00-12:00"].'))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "code"], name="calendar_code")]

    def __str__(self) -> str:
        return self.name or self.code


class CalendarDay(models.Model):
    """A holiday, a short day or an extra day of work; its hours replace those of the weekday."""

    calendar = models.ForeignKey(WorkCalendar, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    name = models.CharField(max_length=120, blank=True)
    hours = models.JSONField(default=list, help_text=_("Spans as in the week; none: closed."))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["calendar", "day"], name="calendar_day_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.name}".strip()


class MasterRecord(models.Model):
    """What items, partners and places have in common.

    `provisional`: made from a document that named something nobody had entered; a steward confirms it.
    """

    company = models.ForeignKey(Company, on_delete=models.PROTECT)
    code = models.CharField(max_length=80)
    name = models.CharField(max_length=200, blank=True)
    provisional = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name or self.code


class TradingPartner(MasterRecord):
    """A supplier or carrier. Empty hours: the company's. An empty calendar: that of the receiving place.

    `sends_…`: what the partner's programme includes. For a document it does not include no clock runs.
    `answers_add`: a later answer to a line adds to the earlier ones instead of replacing them.
    """

    acknowledgement_hours = models.PositiveSmallIntegerField(null=True, blank=True)
    functional_hours = models.PositiveSmallIntegerField(null=True, blank=True)
    follow_up_hours = models.PositiveSmallIntegerField(null=True, blank=True)
    asn_hours = models.PositiveSmallIntegerField(null=True, blank=True)
    receipt_hours = models.PositiveSmallIntegerField(null=True, blank=True)
    invoice_hours = models.PositiveSmallIntegerField(null=True, blank=True)
    calendar = models.ForeignKey(
        WorkCalendar, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    live_from = models.DateField(null=True, blank=True, help_text=_("Empty: as the company."))
    sends_acknowledgements = models.BooleanField(default=True, db_default=True)
    sends_ship_notices = models.BooleanField(default=True, db_default=True)
    sends_invoices = models.BooleanField(default=True, db_default=True)
    answers_add = models.BooleanField(default=False, db_default=False)
    detectors = models.JSONField(
        default=dict, db_default={}, blank=True, help_text=_("As the company's, which counts for the rest.")
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "code"], name="partner_code")]


class GoLiveWord(models.Model):
    """One word on going live: from which day, or whether detectors raise cases. Only added to.

    What counts now stands with the company and the partner; this says who said so and when. Without a
    partner it was said of the company. `kind` empty: of all detectors; `mode` empty: as is said above.
    """

    class What(models.TextChoices):
        LIVE_FROM = "live_from", _("Go-live day")
        DETECTORS = "detectors", _("Detectors")

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey(
        TradingPartner, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    what = models.CharField(max_length=10, choices=What.choices)
    live_from = models.DateField(null=True, blank=True)
    kind = models.CharField(max_length=40, blank=True)
    mode = models.CharField(max_length=8, blank=True)
    who = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    said_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["company", "-id"], name="go_live_words")]

    def __str__(self) -> str:
        return f"{self.what} {self.live_from or self.kind or '*'} {self.mode}".strip()


class Location(MasterRecord):
    """A warehouse, dock or shop, in a tree. Empty calendar or zone: the parent's, at last the company's."""

    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT)
    time_zone = models.CharField(max_length=60, blank=True)
    calendar = models.ForeignKey(
        WorkCalendar, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "code"], name="location_code")]


class Item(MasterRecord):
    """A stock-keeping unit. `base_unit` is an X12 element 355 code."""

    base_unit = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "code"], name="item_code")]


class System(models.Model):
    """A system that tells us things: an ERP, a WMS at a place, a supplier's EDI."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT)
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "code"], name="system_code")]

    def __str__(self) -> str:
        return self.name or self.code


class Ownership(models.Model):
    """Whose word counts for a kind of fact at a place; without a place, at every place of the company.

    Only the primary counts. A mirror must say the same within `mirror_hours` working hours (empty: no
    deadline); an echo repeats what we sent it and is never waited for.
    """

    class Fact(models.TextChoices):
        ORDER = "order", _("Order")
        CHANGE = "change", _("Order change")
        ANSWER = "answer", _("Acknowledgement")
        SHIPMENT = "shipment", _("Shipment")
        STATUS = "status", _("Transport status")
        RECEIPT = "receipt", _("Receipt")
        INVOICE = "invoice", _("Invoice")

    class Role(models.TextChoices):
        PRIMARY = "primary", _("Primary")
        MIRROR = "mirror", _("Mirror")
        ECHO = "echo", _("Echo")

    company = models.ForeignKey(Company, on_delete=models.PROTECT)
    fact = models.CharField(max_length=10, choices=Fact.choices)
    place = models.ForeignKey(Location, null=True, blank=True, on_delete=models.CASCADE)
    system = models.ForeignKey(System, on_delete=models.CASCADE)
    role = models.CharField(max_length=8, choices=Role.choices)
    mirror_hours = models.PositiveSmallIntegerField(null=True, blank=True, help_text=_("Working hours."))

    class Meta:
        verbose_name_plural = "ownership"
        constraints = [
            models.UniqueConstraint(
                fields=["company", "fact", "place", "system"], name="ownership_once", nulls_distinct=False
            ),
            models.UniqueConstraint(
                fields=["company", "fact", "place"],
                condition=models.Q(role="primary"),
                name="ownership_one_primary",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.system}: {self.role} for {self.fact}"


class UnitConversion(models.Model):
    """How many `to_unit` one `from_unit` is, for one item; without an item, for all of the company's."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT)
    item = models.ForeignKey(Item, null=True, blank=True, on_delete=models.CASCADE)
    from_unit = models.CharField(max_length=20, help_text=_('Code list and code: "x12:CA".'))
    to_unit = models.CharField(max_length=20)
    factor = models.DecimalField(max_digits=20, decimal_places=9)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "item", "from_unit", "to_unit"],
                name="unit_conversion",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=models.Q(factor__gt=0), name="unit_factor_positive"),
        ]

    def __str__(self) -> str:
        return f"1 {self.from_unit} = {self.factor.normalize()} {self.to_unit}"


class CrossReference(models.Model):
    """What somebody else's code means here. `target` is the id of an item, partner or location."""

    class Kind(models.TextChoices):
        ITEM = "item", _("Item")
        PARTNER = "partner", _("Partner")
        LOCATION = "location", _("Place")

    company = models.ForeignKey(Company, on_delete=models.PROTECT)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    value = models.CharField(
        max_length=120,
        help_text=_('Qualifier and value: "ZZ:ACMEIND", "buyer:SKU-1042", "vendor:7:AC-7719".'),
    )
    target = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "kind", "value"], name="cross_reference")]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"

"""The ledger's tables. They are made by SQL (migrations/0001), because they are partitioned and guarded.

The models say what stands there, for reading. `append.py` is the sole writer; the database refuses
UPDATE, DELETE and TRUNCATE of entries and memberships.
"""

from django.db import models


class LedgerEntry(models.Model):
    """One recorded fact. `position` orders entries; `xid` lets readers page and skip no late commit."""

    position = models.BigIntegerField(primary_key=True)
    recorded_at = models.DateTimeField()
    xid = models.BigIntegerField()
    company_id = models.BigIntegerField()
    type = models.TextField()
    occurred_at = models.DateTimeField(null=True)
    connection_id = models.BigIntegerField()
    witness = models.TextField()
    system = models.TextField()
    message_id = models.UUIDField()
    translation = models.IntegerField()
    ordinal = models.IntegerField()
    event_id = models.UUIDField()
    explicit_id = models.BooleanField()
    envelope_at = models.DateTimeField(null=True)
    control = models.TextField()
    document = models.JSONField()

    class Meta:
        managed = False
        db_table = "ledger_entry"


class CorrelationKey(models.Model):
    """A key some entry carried. `flow_id` is set where the key identifies a flow; links stand in KeyLink."""

    id = models.BigAutoField(primary_key=True)
    company_id = models.BigIntegerField()
    scheme = models.TextField()
    scope = models.TextField()
    value = models.TextField()
    flow_id = models.BigIntegerField(null=True)

    class Meta:
        managed = False
        db_table = "ledger_correlation_key"


class KeyLink(models.Model):
    """A linking key (ASN, invoice, bill of lading …) spoke of this flow."""

    pk = models.CompositePrimaryKey("key_id", "flow_id")
    key_id = models.BigIntegerField()
    flow_id = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "ledger_key_link"


class LooseEntry(models.Model):
    """An entry that names no order itself and follows a linking key to whatever flows that key speaks of."""

    pk = models.CompositePrimaryKey("key_id", "position")
    key_id = models.BigIntegerField()
    position = models.BigIntegerField()
    recorded_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "ledger_loose_entry"


class Membership(models.Model):
    """An entry belongs to a flow."""

    pk = models.CompositePrimaryKey("flow_id", "position")
    flow_id = models.BigIntegerField()
    position = models.BigIntegerField()
    recorded_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "ledger_membership"


class Seal(models.Model):
    """A link of the chain over the ledger: a range of one company's entries in the order of (xid, position).

    `marks` locates a change within the range; `content` is the hash that counts (see seal.py).
    """

    number = models.BigIntegerField(primary_key=True)
    form = models.SmallIntegerField()
    company_id = models.BigIntegerField()
    after_xid = models.BigIntegerField()
    after_position = models.BigIntegerField()
    to_xid = models.BigIntegerField()
    to_position = models.BigIntegerField()
    entries = models.IntegerField()
    content = models.BinaryField()
    marks = models.BinaryField()
    previous = models.BinaryField()
    hash = models.BinaryField()
    sealed_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "ledger_seal"

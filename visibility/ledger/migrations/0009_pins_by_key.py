from django.db import migrations


class Migration(migrations.Migration):
    """What people put into an order is found by the order's number, for when others turn out to bear it."""

    atomic = False
    dependencies = [("ledger", "0008_given_ids")]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS ledger_pin_key ON ledger_pin (key_id)",
            "DROP INDEX CONCURRENTLY IF EXISTS ledger_pin_key",
        )
    ]

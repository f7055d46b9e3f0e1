from django.db import migrations

COLUMN = """
SET LOCAL lock_timeout = '2s';
-- Of a correlation ID that a system gave: the key whose own name it turned out to be. It names nothing itself.
ALTER TABLE ledger_correlation_key ADD COLUMN same_as bigint;
"""


class Migration(migrations.Migration):
    """An order's own name, given by a system, means what the number means that it is the name of."""

    dependencies = [("ledger", "0009_pins_by_key")]
    operations = [
        migrations.RunSQL(COLUMN, "ALTER TABLE ledger_correlation_key DROP COLUMN same_as"),
    ]

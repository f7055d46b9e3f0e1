from django.db import migrations


class Migration(migrations.Migration):
    """Entries say which system told them. A constant default rewrites no partition."""

    dependencies = [("ledger", "0004_partitions_and_loose_entries")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE ledger_entry ADD COLUMN system text NOT NULL DEFAULT ''",
            "ALTER TABLE ledger_entry DROP COLUMN system",
        ),
    ]

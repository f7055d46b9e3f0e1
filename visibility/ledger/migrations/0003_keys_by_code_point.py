from django.db import migrations


class Migration(migrations.Migration):
    """Keys are compared by code point, whatever the database's language: the search for a beginning is a range."""

    dependencies = [("ledger", "0002_initial")]
    operations = [
        migrations.RunSQL(
            'ALTER TABLE ledger_correlation_key ALTER COLUMN value TYPE text COLLATE "C"',
            migrations.RunSQL.noop,
        ),
    ]

from django.db import migrations


class Migration(migrations.Migration):
    """Correlation IDs that systems gave are few; whether a company has any is asked with every new order."""

    atomic = False
    dependencies = [("ledger", "0007_settling")]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS ledger_correlation_key_given "
            "ON ledger_correlation_key (company_id, value) WHERE scheme = 'correlation'",
            "DROP INDEX CONCURRENTLY IF EXISTS ledger_correlation_key_given",
        )
    ]

from django.db import migrations, models

NEW = """
SET lock_timeout = '2s';
ALTER TABLE flows_flow ADD CONSTRAINT flow_name UNIQUE USING INDEX flow_name;
RESET lock_timeout;
"""


class Migration(migrations.Migration):
    """Two companies may be given one correlation ID by a system that serves both."""

    atomic = False
    dependencies = [("flows", "0005_newest_of_item_and_supplier")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS flow_name "
                    "ON flows_flow (correlation_id, company_id)",
                    "DROP INDEX IF EXISTS flow_name",
                ),
                migrations.RunSQL(NEW, "ALTER TABLE flows_flow DROP CONSTRAINT flow_name"),
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name="flow",
                    constraint=models.UniqueConstraint(fields=["correlation_id", "company"], name="flow_name"),
                ),
            ],
        ),
        migrations.AlterField(model_name="flow", name="correlation_id", field=models.UUIDField()),
    ]

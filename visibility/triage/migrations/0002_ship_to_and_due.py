from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

# By batches, so that no lock is held for long; a pipeline that runs meanwhile writes the column itself.
FILL = """
DO $$
DECLARE last bigint := 0; upto bigint;
BEGIN
    LOOP
        SELECT max(id) INTO upto FROM (
            SELECT id FROM triage_exceptioncase WHERE id > last ORDER BY id LIMIT 10000) b;
        EXIT WHEN upto IS NULL;
        UPDATE triage_exceptioncase c SET ship_to_id = f.ship_to_id FROM flows_flow f
        WHERE f.id = c.flow_id AND c.id > last AND c.id <= upto AND c.ship_to_id IS NULL
          AND f.ship_to_id IS NOT NULL;
        COMMIT;
        last := upto;
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    """A case knows its place itself, and cases over their deadline are found without reading all."""

    atomic = False
    dependencies = [("triage", "0001_initial"), ("flows", "0001_initial")]
    operations = [
        migrations.AddField("exceptioncase", "ship_to_id", models.BigIntegerField(null=True)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        AddIndexConcurrently(
            "exceptioncase",
            models.Index(
                fields=["company", "due_at"],
                include=["queue", "supplier_id"],
                name="case_due",
                condition=models.Q(is_open=True),
            ),
        ),
    ]

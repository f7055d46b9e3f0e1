from django.db import migrations

# By batches, so that no lock is held for long. Sweeps look at these orders, and what was a case of its own
# becomes a finding of its cause as any new one does: under the locks of the pipeline, at its pace.
LOOK_AGAIN = """
DO $$
DECLARE last bigint := 0; upto bigint;
BEGIN
    LOOP
        SELECT max(flow_id) INTO upto FROM (
            SELECT DISTINCT flow_id FROM triage_exceptioncase
            WHERE flow_id > last AND is_open AND members = 0
              AND kind IN ('unknown_item', 'unknown_partner', 'unknown_place', 'unit_not_convertible')
            ORDER BY flow_id LIMIT 1000) b;
        EXIT WHEN upto IS NULL;
        UPDATE flows_flow f SET look_at = 'epoch' FROM (
            SELECT id FROM flows_flow WHERE id > last AND id <= upto AND id IN (
                SELECT flow_id FROM triage_exceptioncase
                WHERE flow_id > last AND flow_id <= upto AND is_open AND members = 0
                  AND kind IN ('unknown_item', 'unknown_partner', 'unknown_place', 'unit_not_convertible'))
            ORDER BY id FOR UPDATE) n WHERE n.id = f.id;
        COMMIT;
        last := upto;
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    """Open cases from before findings were gathered by their cause: their orders are looked at again."""

    atomic = False
    dependencies = [("triage", "0008_weighed_and_ranked"), ("flows", "0009_lines_changed_in_place")]
    operations = [migrations.RunSQL(LOOK_AGAIN, migrations.RunSQL.noop)]

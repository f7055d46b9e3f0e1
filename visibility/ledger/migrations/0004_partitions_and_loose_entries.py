from django.conf import settings
from django.db import migrations

PARTITIONS = """
-- Makes the partitions of this month and the next `ahead` months. Runs with the owner's rights, because
-- the application's role may not create tables; it takes a number and nothing else. Where entries of a month
-- stand in the default partition already (nobody had called this for months) they stay there, and so does
-- the month; those after it get theirs. Whoever reads the ledger for long is not queued up behind.
CREATE OR REPLACE FUNCTION ledger_ensure_partitions(ahead integer DEFAULT 2) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
    month date := date_trunc('month', now() AT TIME ZONE 'UTC')::date;
    made integer := 0;
    part text;
    starts timestamptz;
    ends timestamptz;
    app text := '__APP__';
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('ledger_ensure_partitions'));
    FOR i IN 0..least(greatest(ahead, 0), 24) LOOP
        part := 'ledger_entry_' || to_char(month + make_interval(months => i), 'YYYY_MM');
        starts := (month + make_interval(months => i))::timestamp AT TIME ZONE 'UTC';
        ends := (month + make_interval(months => i + 1))::timestamp AT TIME ZONE 'UTC';
        CONTINUE WHEN to_regclass('public.' || part) IS NOT NULL;
        CONTINUE WHEN EXISTS (
            SELECT 1 FROM ledger_entry_rest WHERE recorded_at >= starts AND recorded_at < ends);
        BEGIN
            EXECUTE format('CREATE TABLE %I PARTITION OF ledger_entry FOR VALUES FROM (%L) TO (%L)',
                           part, starts, ends);
        EXCEPTION WHEN check_violation THEN
            CONTINUE; -- the first entry of the month came while we waited for the lock
        END;
        EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION '
                       'ledger_refuse()', part || '_no_truncate', part);
        EXECUTE format('ALTER TABLE %I SET (autovacuum_vacuum_insert_scale_factor = 0.02)', part);
        IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = app) THEN
            EXECUTE format('REVOKE ALL ON %I FROM %I', part, app);
        END IF;
        made := made + 1;
    END LOOP;
    RETURN made;
END $$;
""".replace("__APP__", settings.DATABASE_APP_ROLE.replace("'", ""))


class Migration(migrations.Migration):
    """Partitions also after months without them; loose entries are found by their position."""

    dependencies = [("ledger", "0003_keys_by_code_point")]
    operations = [
        migrations.RunSQL(PARTITIONS, migrations.RunSQL.noop),
        migrations.RunSQL(
            "CREATE INDEX ledger_loose_entry_position ON ledger_loose_entry (position)",
            "DROP INDEX ledger_loose_entry_position",
        ),
    ]

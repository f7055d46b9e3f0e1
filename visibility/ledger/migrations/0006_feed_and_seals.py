from django.conf import settings
from django.db import migrations, models

SEALS = """
-- A seal covers a range of one company's entries, in the order of (xid, position), beginning after the last
-- range's end. All seals together are one chain: each hash covers the one before it.
CREATE TABLE IF NOT EXISTS ledger_seal (
    number         bigint      NOT NULL PRIMARY KEY,
    form           smallint    NOT NULL,
    company_id     bigint      NOT NULL,
    after_xid      bigint      NOT NULL,
    after_position bigint      NOT NULL,
    to_xid         bigint      NOT NULL,
    to_position    bigint      NOT NULL,
    entries        integer     NOT NULL,
    content        bytea       NOT NULL,
    marks          bytea       NOT NULL,
    previous       bytea       NOT NULL,
    hash           bytea       NOT NULL,
    sealed_at      timestamptz NOT NULL
);
-- Marks are hashes: compressing them costs time and gains nothing.
ALTER TABLE ledger_seal ALTER COLUMN marks SET STORAGE EXTERNAL;
CREATE INDEX IF NOT EXISTS ledger_seal_company ON ledger_seal (company_id, number);
CREATE OR REPLACE TRIGGER ledger_seal_append_only BEFORE UPDATE OR DELETE ON ledger_seal
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE OR REPLACE TRIGGER ledger_seal_no_truncate BEFORE TRUNCATE ON ledger_seal
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
DO $$
DECLARE app text := '__APP__';
BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = app) THEN
        EXECUTE format('REVOKE ALL ON ledger_seal FROM %I', app);
        EXECUTE format('GRANT SELECT, INSERT ON ledger_seal TO %I', app);
    END IF;
END $$;
""".replace("__APP__", settings.DATABASE_APP_ROLE.replace("'", ""))

INDEX = "ledger_entry_feed"
COLUMNS = "(company_id, xid, position)"


def build_feed_index(apps, schema_editor):
    """Index the partitions one by one without stopping writers; begun anew it goes on where it was."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '2s'")
        cursor.execute(f"CREATE INDEX IF NOT EXISTS {INDEX} ON ONLY ledger_entry {COLUMNS}")
        for partition in _without(cursor, INDEX):
            own = f"{partition}_feed"
            cursor.execute(
                "SELECT 1 FROM pg_index WHERE indexrelid = to_regclass(%s) AND NOT indisvalid", [own]
            )
            unfinished = cursor.fetchone()
            # These two wait for older transactions, as long as it takes, and stop nobody meanwhile.
            cursor.execute("RESET lock_timeout")
            if unfinished:
                cursor.execute(f"DROP INDEX CONCURRENTLY {own}")
            cursor.execute(f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {own} ON {partition} {COLUMNS}")
            cursor.execute("SET lock_timeout = '2s'")
            cursor.execute(f"ALTER INDEX {INDEX} ATTACH PARTITION {own}")
        cursor.execute("RESET lock_timeout")


def _without(cursor, index):
    """Partitions of the ledger that have no part of the index yet."""
    cursor.execute(
        "SELECT p.inhrelid::regclass::text FROM pg_inherits p WHERE p.inhparent = 'ledger_entry'::regclass "
        "AND NOT EXISTS (SELECT 1 FROM pg_index i JOIN pg_inherits x ON x.inhrelid = i.indexrelid "
        "  WHERE i.indrelid = p.inhrelid AND x.inhparent = %s::regclass) ORDER BY 1",
        [index],
    )
    return [row[0] for row in cursor.fetchall()]


class Migration(migrations.Migration):
    """What feed and seals read by, built beside the work; and the seals, to which rows are only added.

    Every step can be taken twice, because an index that is built beside the work needs a migration without
    a transaction.
    """

    atomic = False
    dependencies = [("ledger", "0005_system")]
    operations = [
        migrations.RunSQL(SEALS, migrations.RunSQL.noop),
        migrations.RunPython(build_feed_index, migrations.RunPython.noop),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("form", models.SmallIntegerField()),
                ("company_id", models.BigIntegerField()),
                ("after_xid", models.BigIntegerField()),
                ("after_position", models.BigIntegerField()),
                ("to_xid", models.BigIntegerField()),
                ("to_position", models.BigIntegerField()),
                ("entries", models.IntegerField()),
                ("content", models.BinaryField()),
                ("marks", models.BinaryField()),
                ("previous", models.BinaryField()),
                ("hash", models.BinaryField()),
                ("sealed_at", models.DateTimeField()),
            ],
            options={"db_table": "ledger_seal", "managed": False},
        ),
    ]

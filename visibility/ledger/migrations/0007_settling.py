from django.conf import settings
from django.db import migrations

TABLES = """
-- A number that several orders bear: on every row of it. A row without a flow then waits to be settled.
ALTER TABLE ledger_correlation_key ADD COLUMN contested boolean NOT NULL DEFAULT false;

-- What was taken back of ledger_membership, or given back again; the last word (n) counts.
CREATE TABLE ledger_parting (
    flow_id     bigint      NOT NULL,
    position    bigint      NOT NULL,
    n           bigint      GENERATED ALWAYS AS IDENTITY,
    parted      boolean     NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (flow_id, position, n)
);

-- The entries that belong to a flow now.
CREATE VIEW ledger_member WITH (security_invoker = true) AS
SELECT m.flow_id, m.position, m.recorded_at FROM ledger_membership m
WHERE NOT coalesce((
    SELECT p.parted FROM ledger_parting p WHERE p.flow_id = m.flow_id AND p.position = m.position
    ORDER BY p.n DESC LIMIT 1), false);

-- Whose a document is, as a person said; of several words about one flow the one told last counts.
CREATE TABLE ledger_pin (
    message_id uuid        NOT NULL,
    ordinal    integer     NOT NULL,
    key_id     bigint      NOT NULL,
    position   bigint      NOT NULL,
    linked     boolean     NOT NULL,
    told_at    timestamptz NOT NULL,
    PRIMARY KEY (message_id, ordinal, key_id, position)
);

-- Entries that belong to no flow for now: found without reading all that ever waited.
CREATE TABLE ledger_unplaced (
    position    bigint      PRIMARY KEY,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    company_id  bigint      NOT NULL,
    type        text        NOT NULL
);
CREATE INDEX ledger_unplaced_newest ON ledger_unplaced (company_id, position DESC);

CREATE TRIGGER ledger_parting_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_parting
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_pin_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_pin
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();

INSERT INTO ledger_unplaced (position, recorded_at, company_id, type)
SELECT DISTINCT ON (e.position) e.position, e.recorded_at, e.company_id, e.type
FROM ledger_loose_entry l JOIN ledger_entry e USING (position)
WHERE NOT EXISTS (SELECT 1 FROM ledger_membership m WHERE m.position = e.position);

DO $$
DECLARE app text := '__APP__';
BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = app) THEN
        EXECUTE format('REVOKE ALL ON ledger_parting, ledger_pin FROM %I', app);
        EXECUTE format('GRANT SELECT, INSERT ON ledger_parting, ledger_pin TO %I', app);
        EXECUTE format('GRANT SELECT ON ledger_member TO %I', app);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ledger_unplaced TO %I', app);
    END IF;
END $$;
""".replace("__APP__", settings.DATABASE_APP_ROLE.replace("'", ""))


class Migration(migrations.Migration):
    """Numbers that several orders bear, what people said of them, and what belongs to no order yet."""

    dependencies = [("ledger", "0006_feed_and_seals")]
    operations = [migrations.RunSQL(TABLES, migrations.RunSQL.noop)]

from django.db import migrations

KEY = "company_id, what, part_1, part_2, part_3, supplier_id, place_id, connection_id"
INTO = f"INSERT INTO counters_counterdelta ({KEY}, n)"
CASE = """SELECT company_id, 'case', queue, kind, severity, coalesce(supplier_id, 0), coalesce(ship_to_id, 0),
        0, {sign}1 AS n FROM {rows} WHERE is_open"""
FLOW = """SELECT company_id, 'flow', state, stage, '', coalesce(supplier_id, 0), coalesce(ship_to_id, 0),
        0, {sign}1 AS n FROM {rows} WHERE state <> 'void'"""


def counting(name: str, table: str, each: str) -> str:
    """Triggers that tell what a statement changed in a table, set by set, in the statement's transaction."""
    plus, minus = each.format(sign="", rows="new_rows"), each.format(sign="-", rows="old_rows")

    def tell(rows: str) -> str:
        return f"""{INTO} SELECT {KEY}, sum(n) FROM ({rows}) f({KEY}, n)
        GROUP BY {KEY} HAVING sum(n) <> 0"""

    return f"""
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        {tell(plus)};
    ELSIF TG_OP = 'UPDATE' THEN
        {tell(plus + " UNION ALL " + minus)};
    ELSE
        {tell(minus)};
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER {name}_insert AFTER INSERT ON {table} REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION {name}();
CREATE TRIGGER {name}_update AFTER UPDATE ON {table} REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION {name}();
CREATE TRIGGER {name}_delete AFTER DELETE ON {table} REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION {name}();
"""


# A message counts as what its last finished translation made of it: the change is what that was before the
# statement and what it is after it. Outcomes are never deleted.
MESSAGES = f"""
CREATE FUNCTION count_messages() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        WITH touched AS (SELECT DISTINCT message_id FROM new_rows WHERE NOT partial),
        after AS (SELECT o.* FROM touched t CROSS JOIN LATERAL (
            SELECT message_id, company_id, status, cut_short FROM inbox_outcome o
            WHERE o.message_id = t.message_id AND NOT partial ORDER BY translation DESC LIMIT 1) o),
        before AS (SELECT o.* FROM touched t CROSS JOIN LATERAL (
            SELECT message_id, company_id, status, cut_short FROM inbox_outcome o
            WHERE o.message_id = t.message_id AND NOT partial
              AND NOT EXISTS (SELECT 1 FROM new_rows n WHERE n.id = o.id)
            ORDER BY translation DESC LIMIT 1) o)
        {INTO} SELECT f.company_id, 'message', f.status,
            CASE WHEN f.cut_short THEN 'given_up' ELSE '' END, '', 0, 0, m.connection_id, sum(f.n)
        FROM (SELECT *, 1 AS n FROM after UNION ALL SELECT *, -1 FROM before) f
        JOIN inbox_message m ON m.id = f.message_id
        GROUP BY 1, 3, 4, 8 HAVING sum(f.n) <> 0;
    ELSE
        WITH touched AS (SELECT DISTINCT message_id FROM new_rows),
        after AS (SELECT o.* FROM touched t CROSS JOIN LATERAL (
            SELECT message_id, company_id, status, cut_short FROM inbox_outcome o
            WHERE o.message_id = t.message_id AND NOT partial ORDER BY translation DESC LIMIT 1) o),
        before AS (SELECT DISTINCT ON (message_id) message_id, company_id, status, cut_short FROM (
            SELECT o.message_id, o.company_id, o.status, o.cut_short, o.translation, o.partial
            FROM touched t JOIN inbox_outcome o USING (message_id)
            WHERE NOT EXISTS (SELECT 1 FROM new_rows n WHERE n.id = o.id)
            UNION ALL
            SELECT message_id, company_id, status, cut_short, translation, partial FROM old_rows) b
            WHERE NOT partial ORDER BY message_id, translation DESC)
        {INTO} SELECT f.company_id, 'message', f.status,
            CASE WHEN f.cut_short THEN 'given_up' ELSE '' END, '', 0, 0, m.connection_id, sum(f.n)
        FROM (SELECT *, 1 AS n FROM after UNION ALL SELECT *, -1 FROM before) f
        JOIN inbox_message m ON m.id = f.message_id
        GROUP BY 1, 3, 4, 8 HAVING sum(f.n) <> 0;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER count_messages_insert AFTER INSERT ON inbox_outcome REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION count_messages();
CREATE TRIGGER count_messages_update AFTER UPDATE ON inbox_outcome
    REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION count_messages();
"""

# What was there before the triggers, at one moment: what they told meanwhile is left out of it.
COUNT_ALL = f"""
{INTO} SELECT {KEY}, sum(n) FROM (
    {CASE.format(sign="", rows="triage_exceptioncase")}
    UNION ALL {FLOW.format(sign="", rows="flows_flow")}
    UNION ALL SELECT o.company_id, 'message', o.status, CASE WHEN o.cut_short THEN 'given_up' ELSE '' END, '',
        0, 0, m.connection_id, 1
    FROM (SELECT DISTINCT ON (message_id) * FROM inbox_outcome WHERE NOT partial
          ORDER BY message_id, translation DESC) o JOIN inbox_message m ON m.id = o.message_id
    UNION ALL SELECT {KEY}, -n FROM counters_counterdelta
    UNION ALL SELECT {KEY}, -n FROM counters_countertotal) f({KEY}, n)
GROUP BY {KEY} HAVING sum(n) <> 0
"""
WAIT_BRIEFLY = "SET lock_timeout = '2s'"


class Migration(migrations.Migration):
    """Whoever changes a case, an order or an outcome is counted, in the same transaction.

    Each trigger takes its lock for an instant; the counting takes none.
    """

    atomic = False
    dependencies = [
        ("pipeline", "0001_chores"),
        ("counters", "0001_initial"),
        ("triage", "0002_ship_to_and_due"),
        ("flows", "0004_void_and_aliases"),
        ("inbox", "0005_work_tried"),
    ]
    operations = [
        migrations.RunSQL(WAIT_BRIEFLY, migrations.RunSQL.noop),
        migrations.RunSQL(counting("count_cases", "triage_exceptioncase", CASE), migrations.RunSQL.noop),
        migrations.RunSQL(counting("count_flows", "flows_flow", FLOW), migrations.RunSQL.noop),
        migrations.RunSQL(MESSAGES, migrations.RunSQL.noop),
        migrations.RunSQL("SET lock_timeout = 0", migrations.RunSQL.noop),
        migrations.RunSQL(COUNT_ALL, migrations.RunSQL.noop),
    ]

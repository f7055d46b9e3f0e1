from django.db import migrations

KEY = "company_id, what, part_1, part_2, part_3, supplier_id, place_id, connection_id"
INTO = f"INSERT INTO counters_counterdelta ({KEY}, n)"
SILENT = "state IN ('silent', 'silent_past')"
CASE = f"""SELECT company_id, CASE WHEN is_open THEN 'case' ELSE 'silent' END,
        CASE WHEN is_open THEN queue ELSE state END, kind, CASE WHEN is_open THEN severity ELSE '' END,
        coalesce(supplier_id, 0), CASE WHEN is_open THEN coalesce(ship_to_id, 0) ELSE 0 END, 0, {{sign}}1 AS n
        FROM {{rows}} WHERE is_open OR {SILENT}"""


def tell(rows: str) -> str:
    return f"""{INTO} SELECT {KEY}, sum(n) FROM ({rows}) f({KEY}, n)
        GROUP BY {KEY} HAVING sum(n) <> 0"""


PLUS, MINUS = CASE.format(sign="", rows="new_rows"), CASE.format(sign="-", rows="old_rows")
COUNT = f"""
CREATE OR REPLACE FUNCTION count_cases() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        {tell(PLUS)};
    ELSIF TG_OP = 'UPDATE' THEN
        {tell(PLUS + " UNION ALL " + MINUS)};
    ELSE
        {tell(MINUS)};
    END IF;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    """What silent detectors found is counted, too. There is none of it yet: yesterday's code writes none."""

    dependencies = [("pipeline", "0002_counters"), ("triage", "0003_silent")]
    operations = [migrations.RunSQL(COUNT, migrations.RunSQL.noop)]

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

TOLD = ~models.Q(state__in=("silent", "silent_past"))
NARROWED = ("queue", "kind", "supplier_id", "ship_to_id", "severity", "state", "assignee_id")

# By batches, so that no lock is held for long; the code that runs from now on writes the column itself.
FILL = """
DO $$
DECLARE last bigint := 0; upto bigint;
BEGIN
    LOOP
        SELECT max(id) INTO upto FROM (
            SELECT id FROM triage_exceptioncase WHERE id > last ORDER BY id LIMIT 10000) b;
        EXIT WHEN upto IS NULL;
        UPDATE triage_exceptioncase SET risk = round(money / 30, 4)
        WHERE id > last AND id <= upto AND risk IS NULL AND money IS NOT NULL;
        COMMIT;
        last := upto;
    END LOOP;
END $$;
"""


def add(*expressions, **options):
    return AddIndexConcurrently(
        "exceptioncase", models.Index(*expressions, include=NARROWED, condition=TOLD, **options)
    )


def replace(name, *expressions, **options):
    """An index made anew beside the one it stands in for: lists are read from one of the two at any time."""
    return (
        add(*expressions, name=f"{name}_next", **options),
        RemoveIndexConcurrently("exceptioncase", name),
        migrations.RenameIndex("exceptioncase", new_name=name, old_name=f"{name}_next"),
    )


class Migration(migrations.Migration):
    """Cases are ranked by money and days, and lists narrowed by severity, state and person, in the index."""

    atomic = False
    dependencies = [("triage", "0007_indexes_of_work")]
    operations = [
        migrations.AddField(
            "exceptioncase",
            "severity_by",
            models.TextField(
                blank=True,
                db_default="",
                default="",
                help_text="Who said how severe it is; empty: it was weighed.",
            ),
        ),
        migrations.AddField(
            "exceptioncase",
            "risk",
            models.DecimalField(
                decimal_places=4,
                help_text="Money at stake by days left (weighing.py).",
                max_digits=20,
                null=True,
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        *replace(
            "case_by_money",
            models.F("company"),
            models.F("is_open"),
            models.F("rank").desc(),
            models.F("money").desc(nulls_last=True),
            models.F("id"),
        ),
        *replace("case_by_opened", fields=["company", "is_open", "-opened_at", "-id"]),
        *replace("case_by_due", fields=["company", "is_open", "due_at", "id"]),
        add(
            models.F("company"),
            models.F("is_open"),
            models.F("risk").desc(nulls_last=True),
            models.F("id"),
            name="case_by_risk",
        ),
        add(fields=["company", "is_open", "sla_due_at", "id"], name="case_by_sla"),
        AddIndexConcurrently(
            "exceptioncase",
            models.Index(fields=["snoozed_until"], name="case_wakes", condition=models.Q(state="snoozed")),
        ),
    ]

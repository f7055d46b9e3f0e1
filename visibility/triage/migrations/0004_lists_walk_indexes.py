import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

TOLD = ~models.Q(state__in=("silent", "silent_past"))
NARROWED = ("queue", "kind", "supplier_id", "ship_to_id")


def add(*expressions, **options):
    return AddIndexConcurrently("exceptioncase", models.Index(*expressions, **options))


class Migration(migrations.Migration):
    """Every way to sort a list of cases has an index that also says what the list can be narrowed to."""

    atomic = False
    dependencies = [("triage", "0003_silent"), ("masterdata", "0001_initial")]
    operations = [
        add(
            models.F("company"),
            models.F("is_open"),
            models.F("rank").desc(),
            models.F("money").desc(nulls_last=True),
            models.F("id"),
            include=NARROWED,
            name="case_by_money",
            condition=TOLD,
        ),
        add(
            fields=["company", "is_open", "-opened_at", "-id"],
            include=NARROWED,
            name="case_by_opened",
            condition=TOLD,
        ),
        add(
            fields=["company", "is_open", "due_at", "id"],
            include=NARROWED,
            name="case_by_due",
            condition=TOLD,
        ),
        add(fields=["company", "order_number"], name="case_of_order"),
        add(
            fields=["supplier_id", "is_open", "queue", "due_at"],
            include=["company"],
            name="case_of_supplier",
            condition=TOLD,
        ),
        add(fields=["company", "queue", "due_at"], name="case_over", condition=models.Q(is_open=True)),
        RemoveIndexConcurrently("exceptioncase", "case_open_queue"),
        RemoveIndexConcurrently("exceptioncase", "case_newest_told"),
        RemoveIndexConcurrently("exceptioncase", "case_due"),
        # Others begin with the same column. Dropped by hand: Django would make the constraint anew and, for
        # that, read all cases while nobody may write one.
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "DROP INDEX CONCURRENTLY IF EXISTS triage_exceptioncase_company_id_a9551a15",
                    migrations.RunSQL.noop,
                )
            ],
            state_operations=[
                migrations.AlterField(
                    "exceptioncase",
                    "company",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="masterdata.company"
                    ),
                )
            ],
        ),
    ]

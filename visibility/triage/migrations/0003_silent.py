from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

STATES = [
    ("new", "New"),
    ("in_progress", "In progress"),
    ("waiting", "Waiting"),
    ("resolved", "Resolved"),
    ("closed", "Closed"),
    ("reopened", "Reopened"),
    ("silent", "Silent"),
    ("silent_past", "Silent, past"),
]
SILENT = ("silent", "silent_past")


class Migration(migrations.Migration):
    """What silent detectors found is kept beside the cases, and on none of their lists."""

    atomic = False
    dependencies = [("triage", "0002_ship_to_and_due")]
    operations = [
        migrations.AlterField(
            "exceptioncase", "state", models.CharField(choices=STATES, default="new", max_length=12)
        ),
        AddIndexConcurrently(
            "exceptioncase",
            models.Index(
                fields=["company", "-opened_at", "-id"],
                name="case_newest_told",
                condition=~models.Q(state__in=SILENT),
            ),
        ),
        AddIndexConcurrently(
            "exceptioncase",
            models.Index(
                fields=["company", "kind", "supplier_id", "-id"],
                name="case_silent",
                condition=models.Q(state__in=SILENT),
            ),
        ),
        RemoveIndexConcurrently("exceptioncase", "case_newest"),
    ]

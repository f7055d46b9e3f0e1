from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """What is over its time is counted by the clock that rows show, and orders that wait for one cause by
    an index of their own; the new index before the old ones go."""

    atomic = False
    dependencies = [("triage", "0010_resolved_as_said")]
    operations = [
        AddIndexConcurrently(
            model_name="exceptioncase",
            index=models.Index(
                fields=["company", "queue", "sla_due_at"],
                name="case_over_time",
                condition=models.Q(("is_open", True), ("sla_paused_at__isnull", True)),
            ),
        ),
        AddIndexConcurrently(
            model_name="casemember",
            index=models.Index(
                fields=["case", "flow"],
                name="member_waiting",
                condition=models.Q(("flow__isnull", False), ("is_open", True)),
            ),
        ),
        RemoveIndexConcurrently(model_name="exceptioncase", name="case_over"),
        RemoveIndexConcurrently(model_name="exceptioncase", name="case_over_sla"),
    ]

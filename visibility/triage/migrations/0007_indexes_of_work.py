from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Whose cases, by when, which are parked: found by index. Made beside the work that goes on."""

    atomic = False
    dependencies = [("triage", "0006_worked_by_people")]
    operations = [
        AddIndexConcurrently(
            model_name='exceptioncase',
            index=models.Index(condition=models.Q(('is_open', True)), fields=['company', 'queue', 'sla_due_at'], name='case_over_sla'),
        ),
        AddIndexConcurrently(
            model_name='exceptioncase',
            index=models.Index(condition=models.Q(('assignee__isnull', False)), fields=['assignee', 'is_open'], name='case_assigned'),
        ),
        AddIndexConcurrently(
            model_name='exceptioncase',
            index=models.Index(condition=models.Q(('state__in', ('waiting', 'snoozed'))), fields=['company', 'state', 'snoozed_until'], name='case_parked'),
        ),
        AddIndexConcurrently(
            model_name='exceptioncase',
            index=models.Index(condition=models.Q(('state__in', ('closed', 'resolved'))), fields=['company', '-closed_at'], name='case_by_closed'),
        ),
    ]

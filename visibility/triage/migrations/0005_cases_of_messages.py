from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """The cases of a message are found without reading all cases."""

    atomic = False
    dependencies = [("triage", "0004_lists_walk_indexes")]
    operations = [
        AddIndexConcurrently(
            "exceptioncase",
            models.Index(
                fields=["message_id"],
                name="case_of_message",
                condition=models.Q(message_id__isnull=False),
            ),
        )
    ]

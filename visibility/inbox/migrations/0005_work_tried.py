from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Messages that failed by themselves are found without reading the whole queue."""

    atomic = False
    dependencies = [("inbox", "0004_systems_and_trust")]
    operations = [
        AddIndexConcurrently(
            "messagework",
            models.Index(fields=["attempts"], name="work_tried", condition=models.Q(attempts__gt=0)),
        ),
    ]

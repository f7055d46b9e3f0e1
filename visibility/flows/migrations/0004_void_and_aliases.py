from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

STATES = [
    ("not_ordered", "Not yet ordered"),
    ("open", "Open"),
    ("attention", "Needs a decision"),
    ("done", "Done"),
    ("cancelled", "Cancelled"),
    ("void", "No document speaks of it"),
]


class Migration(migrations.Migration):
    """Orders that no document speaks of any more; other names of orders are found by an index."""

    atomic = False
    dependencies = [("flows", "0003_look_at"), ("masterdata", "0003_calendars_and_go_live")]
    operations = [
        migrations.AlterField(
            model_name="flow", name="state", field=models.CharField(choices=STATES, max_length=12)
        ),
        AddIndexConcurrently(
            model_name="flow",
            index=GinIndex(
                condition=models.Q(("aliases", []), _negated=True), fields=["aliases"], name="flow_alias"
            ),
        ),
    ]

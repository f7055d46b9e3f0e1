import datetime as dt

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """When a sweep has to look at a flow next, and the index it finds it by.

    The default is a constant, so no row is touched: every flow there is, and every one that yesterday's
    code still writes, is looked at once by the next sweeps. Their index replaces that on the due time.
    """

    atomic = False

    dependencies = [
        ("flows", "0002_unconstrained_read_models"),
    ]

    operations = [
        migrations.AddField(
            model_name="flow",
            name="look_at",
            field=models.DateTimeField(
                db_default=dt.datetime(1970, 1, 1, tzinfo=dt.UTC),
                help_text="When a sweep has to look next; the beginning of time: as soon as it can.",
                null=True,
            ),
        ),
        AddIndexConcurrently(
            model_name="flow",
            index=models.Index(
                condition=models.Q(("look_at__isnull", False)), fields=["look_at", "id"], name="flow_look"
            ),
        ),
        RemoveIndexConcurrently(model_name="flow", name="flow_due"),
    ]

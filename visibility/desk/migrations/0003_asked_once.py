from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """A decision is asked for once by one key; steps that are sent and not confirmed are found at once."""

    atomic = False

    dependencies = [
        ("desk", "0002_notice_marks"),
    ]

    operations = [
        migrations.AddField(
            model_name="resolution",
            name="request_key",
            field=models.UUIDField(
                null=True,
                unique=True,
                help_text="Of who asked and their Idempotency-Key: it is decided once.",
            ),
        ),
        AddIndexConcurrently(
            model_name="effect",
            index=models.Index(
                fields=["resolution"], name="effect_sent", condition=models.Q(("state", "sent"))
            ),
        ),
    ]

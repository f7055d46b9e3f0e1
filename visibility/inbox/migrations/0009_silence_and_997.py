from django.db import migrations, models


class Migration(migrations.Migration):
    """When a feed is silent, and what became of what we sent by EDI."""

    dependencies = [("inbox", "0008_lists_walk_indexes"), ("masterdata", "0006_agreed_terms")]
    operations = [
        migrations.AddField(
            "connection",
            "silent_after",
            models.PositiveIntegerField(
                null=True,
                blank=True,
                help_text="Working minutes without a message after which the feed is silent; empty: never.",
            ),
        ),
        migrations.AddField(
            "connection",
            "expects_997",
            models.BooleanField(
                db_default=False,
                default=False,
                help_text="Orders that pass here as we sent them are acknowledged by the partner's system (997).",
            ),
        ),
        migrations.CreateModel(
            name="FunctionalReceipt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("partner", models.TextField(help_text="As its envelopes name it.")),
                ("group_control", models.TextField()),
                ("set_control", models.TextField(blank=True)),
                ("sent_message_id", models.UUIDField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("order_number", models.TextField(blank=True)),
                ("answer_message_id", models.UUIDField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("status", models.CharField(blank=True, max_length=2)),
                ("faults", models.JSONField(default=list)),
                (
                    "company",
                    models.ForeignKey(
                        db_index=False, on_delete=models.deletion.CASCADE, to="masterdata.company"
                    ),
                ),
                (
                    "connection",
                    models.ForeignKey(
                        db_index=False, on_delete=models.deletion.CASCADE, to="inbox.connection"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("sent_at__isnull", False), models.Q(("status", "A"), _negated=True)
                        ),
                        fields=["sent_at"],
                        name="functional_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("company", "partner", "group_control", "set_control"),
                        name="functional_once",
                    )
                ],
            },
        ),
    ]

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Which detectors raise cases, and what was said of going live. The columns have defaults of the
    database, so that no row is touched."""

    dependencies = [("masterdata", "0004_answers_add")]

    operations = [
        migrations.AddField(
            "company",
            "detectors",
            models.JSONField(
                blank=True,
                db_default={},
                default=dict,
                help_text='By kind of exception, "*" for all others: "silent" or "live". Empty: live.',
            ),
        ),
        migrations.AddField(
            "tradingpartner",
            "detectors",
            models.JSONField(
                blank=True,
                db_default={},
                default=dict,
                help_text="As the company's, which counts for the rest.",
            ),
        ),
        migrations.CreateModel(
            name="GoLiveWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "what",
                    models.CharField(
                        choices=[("live_from", "Go-live day"), ("detectors", "Detectors")], max_length=10
                    ),
                ),
                ("live_from", models.DateField(blank=True, null=True)),
                ("kind", models.CharField(blank=True, max_length=40)),
                ("mode", models.CharField(blank=True, max_length=8)),
                ("who", models.CharField(blank=True, max_length=120)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("said_at", models.DateTimeField()),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="masterdata.company",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="masterdata.tradingpartner",
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["company", "-id"], name="go_live_words")]},
        ),
    ]

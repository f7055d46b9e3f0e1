from django.db import migrations, models


class Migration(migrations.Migration):
    """What a case said when it was decided, so that it comes back when it says something else."""

    dependencies = [
        ("desk", "0003_asked_once"),
    ]

    operations = [
        migrations.AddField(
            model_name="resolution",
            name="case_said",
            field=models.TextField(
                blank=True,
                db_default="",
                default="",
                help_text="The case's summary once the decision was written.",
            ),
        ),
    ]

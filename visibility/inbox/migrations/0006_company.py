from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """With how many a message was claimed last, so that a few go on together after a death, not each alone."""

    atomic = False
    dependencies = [("inbox", "0005_work_tried")]
    operations = [
        migrations.AddField(
            "messagework",
            "company",
            models.PositiveSmallIntegerField(
                db_default=0, help_text="With how many it was claimed last; 0: nothing is held against it."
            ),
        ),
        AddIndexConcurrently(
            "messagework",
            models.Index(
                fields=["tier", "created_at"], name="work_suspected", condition=models.Q(company__gt=0)
            ),
        ),
    ]

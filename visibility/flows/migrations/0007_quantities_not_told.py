"""A state for orders of which nobody told how much. The column is text: no table is touched."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("flows", "0006_names_within_a_company")]

    operations = [
        migrations.AlterField(
            model_name="flow",
            name="state",
            field=models.CharField(
                choices=[
                    ("not_ordered", "Not yet ordered"),
                    ("open", "Open"),
                    ("attention", "Needs a decision"),
                    ("untold", "Quantities not told"),
                    ("done", "Done"),
                    ("cancelled", "Cancelled"),
                    ("void", "No document speaks of it"),
                ],
                max_length=12,
            ),
        ),
    ]

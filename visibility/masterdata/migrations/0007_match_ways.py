"""How many ways bills are matched is agreed like a tolerance. Choices alone: the table stays as it is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("masterdata", "0006_agreed_terms"),
    ]

    operations = [
        migrations.AlterField(
            model_name="tolerance",
            name="measure",
            field=models.CharField(
                choices=[
                    ("quantity_under", "Quantity below"),
                    ("quantity_over", "Quantity above"),
                    ("price", "Price"),
                    ("days_late", "Days late"),
                    ("days_early", "Days early"),
                    ("match", "Bills are matched"),
                ],
                max_length=16,
            ),
        ),
    ]

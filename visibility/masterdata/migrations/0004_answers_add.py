from django.db import migrations, models


class Migration(migrations.Migration):
    """Partners whose answers add up. The column has its default in the database: no row is touched."""

    dependencies = [("masterdata", "0003_calendars_and_go_live")]

    operations = [
        migrations.AddField(
            model_name="tradingpartner",
            name="answers_add",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]

import django.db.models.deletion
from django.db import migrations, models


def calendar() -> models.ForeignKey:
    """The calendar of a place or a partner."""
    return models.ForeignKey(
        blank=True,
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="masterdata.workcalendar",
    )


class Migration(migrations.Migration):
    """Working calendars, go-live dates and what a partner sends. Columns are added empty or with a default
    of the database, so that no row is touched and yesterday's code can go on entering partners."""

    dependencies = [("masterdata", "0002_systems_and_ownership")]

    operations = [
        migrations.CreateModel(
            name="WorkCalendar",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=40)),
                ("name", models.CharField(blank=True, max_length=120)),
                ("time_zone", models.CharField(blank=True, max_length=60)),
                (
                    "week",
                    models.JSONField(help_text='Monday to Sunday, each a list of spans: ["08:00-12:00"].'),
                ),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="masterdata.company",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("company", "code"), name="calendar_code")]
            },
        ),
        migrations.CreateModel(
            name="CalendarDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("name", models.CharField(blank=True, max_length=120)),
                (
                    "hours",
                    models.JSONField(default=list, help_text="Spans as in the week; none: closed."),
                ),
                (
                    "calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="days",
                        to="masterdata.workcalendar",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("calendar", "day"), name="calendar_day_once")]
            },
        ),
        migrations.AddField(
            model_name="company",
            name="calendar",
            field=models.ForeignKey(
                blank=True,
                help_text="Empty: Monday to Friday, from opens to closes.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="masterdata.workcalendar",
            ),
        ),
        migrations.AddField(
            model_name="company",
            name="live_from",
            field=models.DateField(
                blank=True, help_text="No clock runs for orders placed before this day.", null=True
            ),
        ),
        migrations.AddField(model_name="location", name="calendar", field=calendar()),
        migrations.AddField(model_name="tradingpartner", name="calendar", field=calendar()),
        migrations.AddField(
            model_name="tradingpartner",
            name="live_from",
            field=models.DateField(blank=True, help_text="Empty: as the company.", null=True),
        ),
        *(
            migrations.AddField(
                model_name="tradingpartner",
                name=name,
                field=models.BooleanField(db_default=True, default=True),
            )
            for name in ("sends_acknowledgements", "sends_ship_notices", "sends_invoices")
        ),
    ]

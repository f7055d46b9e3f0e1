import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Drop the foreign keys of the read models, and keep a packed flow in its row up to half a page.

    Only catalogue changes: each takes its lock for an instant, no row is touched.
    """

    dependencies = [
        ("flows", "0001_initial"),
        ("masterdata", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="flow",
            name="company",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                to="masterdata.company",
            ),
        ),
        migrations.AlterField(
            model_name="flow",
            name="ship_to",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="masterdata.location",
            ),
        ),
        migrations.AlterField(
            model_name="flow",
            name="supplier",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="masterdata.tradingpartner",
            ),
        ),
        migrations.AlterField(
            model_name="flowline",
            name="flow",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="lines",
                to="flows.flow",
            ),
        ),
        migrations.RunSQL(
            "ALTER TABLE flows_flow SET (toast_tuple_target = 4080)",
            "ALTER TABLE flows_flow RESET (toast_tuple_target)",
        ),
    ]

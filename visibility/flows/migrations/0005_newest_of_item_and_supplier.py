import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """The newest orders of an item and of a supplier are read without reading all of them."""

    atomic = False
    dependencies = [("flows", "0004_void_and_aliases")]
    operations = [
        AddIndexConcurrently(
            model_name="flowline",
            index=models.Index(fields=["company_id", "item_code", "-flow"], name="flow_line_of_item"),
        ),
        RemoveIndexConcurrently(model_name="flowline", name="flow_line_item"),
        AddIndexConcurrently(
            model_name="flow",
            index=models.Index(fields=["supplier", "-id"], name="flow_of_supplier"),
        ),
        # The index of the column alone goes with it: the new one begins with the same column.
        migrations.AlterField(
            model_name="flow",
            name="supplier",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="masterdata.tradingpartner",
            ),
        ),
    ]

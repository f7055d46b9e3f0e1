import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

NARROWED = ("state", "supplier", "ship_to")


def add(index):
    return AddIndexConcurrently(model_name="flow", index=index)


class Migration(migrations.Migration):
    """Every way to sort the list of orders has an index that also says what the list can be narrowed to."""

    atomic = False
    dependencies = [("flows", "0007_quantities_not_told"), ("masterdata", "0001_initial")]
    operations = [
        add(
            models.Index(
                models.F("company"),
                models.F("ordered_on").desc(nulls_last=True),
                models.F("id").desc(),
                include=NARROWED,
                name="flow_by_ordered",
            )
        ),
        add(models.Index(fields=["company", "wanted_on", "id"], include=NARROWED, name="flow_by_wanted")),
        add(
            models.Index(
                models.F("company"),
                models.F("value").desc(nulls_last=True),
                models.F("id").desc(),
                include=NARROWED,
                name="flow_by_value",
            )
        ),
        add(models.Index(fields=["company", "next_due_at", "id"], include=NARROWED, name="flow_by_due")),
        add(models.Index(fields=["company", "state", "supplier", "ship_to"], name="flow_by_state")),
        add(models.Index(fields=["supplier", "-id", "state", "ship_to"], name="flow_by_supplier")),
        add(models.Index(fields=["ship_to", "-id", "state", "supplier"], name="flow_by_place")),
        RemoveIndexConcurrently(model_name="flow", name="flow_newest"),
        RemoveIndexConcurrently(model_name="flow", name="flow_wanted"),
        RemoveIndexConcurrently(model_name="flow", name="flow_state"),
        RemoveIndexConcurrently(model_name="flow", name="flow_of_supplier"),
        # The index of the column alone goes with it: flow_by_place begins with the same column.
        migrations.AlterField(
            model_name="flow",
            name="ship_to",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="masterdata.location",
            ),
        ),
    ]

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Lines change with nearly every document: their pages keep room for it, and the primary key, which
    begins with the order, is the only index that names it.

    Only catalogue changes: each takes its lock for an instant, no row is touched. Pages written before stay
    full until they are vacuumed.
    """

    dependencies = [("flows", "0008_lists_walk_indexes")]
    operations = [
        migrations.AlterField(
            model_name="flowline",
            name="flow",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="lines",
                to="flows.flow",
            ),
        ),
        migrations.RunSQL(
            "ALTER TABLE flows_flowline SET (fillfactor = 70)",
            "ALTER TABLE flows_flowline RESET (fillfactor)",
        ),
    ]

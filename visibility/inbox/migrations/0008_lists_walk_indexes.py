from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models.deletion import CASCADE, PROTECT

# Of foreign keys; other indexes begin with the same column.
NEEDLESS = (
    "inbox_message_company_id_b190ea70",
    "inbox_message_connection_id_97624214",
    "inbox_message_in_reply_to_id_13ca549f",
    "inbox_outcome_company_id_be8519c4",
    "inbox_outcome_message_id_ad840fdc",
)


def key(to, on_delete=PROTECT, **options):
    return models.ForeignKey(db_index=False, on_delete=on_delete, to=to, **options)


class Migration(migrations.Migration):
    """Lists of messages walk an index; what became something else than processed is found by that.

    Messages and outcomes have an index less each than before. Indexes of foreign keys are dropped by hand:
    Django would make the constraints anew and, for that, read whole tables while nobody may write.
    """

    atomic = False
    dependencies = [("inbox", "0007_histories"), ("masterdata", "0001_initial")]
    operations = [
        AddIndexConcurrently(
            "message",
            models.Index(
                fields=["company", "-received_at", "-id"], include=["direction"], name="message_by_received"
            ),
        ),
        AddIndexConcurrently(
            "message",
            models.Index(
                fields=["connection", "-received_at", "-id"],
                include=["direction"],
                name="message_of_connection",
            ),
        ),
        AddIndexConcurrently(
            "message",
            models.Index(
                fields=["company", "-received_at", "-id"],
                name="message_sent",
                condition=models.Q(direction="out"),
            ),
        ),
        AddIndexConcurrently(
            "message",
            models.Index(fields=["company", "name"], name="message_named", condition=~models.Q(name="")),
        ),
        AddIndexConcurrently(
            "outcome",
            models.Index(
                fields=["company", "status", "-message"],
                name="outcome_unusual",
                condition=~models.Q(status="processed"),
            ),
        ),
        RemoveIndexConcurrently("message", "message_newest"),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
                    migrations.RunSQL.noop,
                )
                for name in NEEDLESS
            ],
            state_operations=[
                migrations.AlterField("message", "company", key("masterdata.company")),
                migrations.AlterField("message", "connection", key("inbox.connection")),
                migrations.AlterField("message", "in_reply_to", key("inbox.message", blank=True, null=True)),
                migrations.AlterField("outcome", "company", key("masterdata.company")),
                migrations.AlterField(
                    "outcome", "message", key("inbox.message", CASCADE, related_name="outcomes")
                ),
            ],
        ),
    ]

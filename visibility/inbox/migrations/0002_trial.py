from django.db import migrations


def add_trial(apps, schema_editor):
    """The connection at which a newcomer tries a file: a company of its own, everything taken."""
    alias = schema_editor.connection.alias
    company, _ = (
        apps.get_model("masterdata", "Company")
        .objects.using(alias)
        .get_or_create(code="trial", defaults={"name": "Trial"})
    )
    apps.get_model("inbox", "Connection").objects.using(alias).get_or_create(
        name="trial", defaults={"company": company, "title": "Trial", "on_unknown": "provisional"}
    )


class Migration(migrations.Migration):
    dependencies = [("inbox", "0001_initial"), ("masterdata", "0001_initial")]
    operations = [migrations.RunPython(add_trial, migrations.RunPython.noop)]

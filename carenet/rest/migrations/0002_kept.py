from django.db import migrations, models


def forget_what_was_shown(apps, _schema_editor):
    """What answers held of people goes; a refusal had no effect, and may be asked for anew."""
    keys = apps.get_model("rest", "IdempotencyKey").objects
    keys.filter(status__gte=400).delete()
    keys.filter(status__lt=400).update(body=None)


class Migration(migrations.Migration):

    dependencies = [("rest", "0001_initial")]

    operations = [
        migrations.AddField("idempotencykey", "shown", models.JSONField(null=True)),
        migrations.RunPython(forget_what_was_shown, migrations.RunPython.noop, elidable=True),
    ]

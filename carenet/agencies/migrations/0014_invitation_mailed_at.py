from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agencies", "0013_operator_changes")]

    operations = [
        migrations.AddField(
            model_name="invitation",
            name="mailed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0006_clock'),
    ]

    operations = [
        migrations.AddField(
            model_name='consultation',
            name='set_apart_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reminders', '0005_sending'),
    ]

    operations = [
        migrations.AddField(
            model_name='reminder',
            name='repeats',
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]

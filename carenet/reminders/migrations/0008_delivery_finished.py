from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    # Beside the running service: reminders go on being sent.
    atomic = False

    dependencies = [
        ('reminders', '0007_come_again'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='delivery',
            index=models.Index(
                condition=models.Q(('finished_at__isnull', False)),
                fields=['finished_at'],
                name='delivery_finished',
            ),
        ),
    ]

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    # Beside the running service: no index here may lock the register.
    atomic = False

    dependencies = [
        ('residents', '0005_place'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='searchentry',
            index=models.Index(
                condition=models.Q(('place', ''), _negated=True),
                fields=['place'],
                name='search_place',
            ),
        ),
    ]

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    # Beside the running service: no index here may lock the register.
    atomic = False

    dependencies = [
        ('residents', '0007_consent_given_by'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='searchentry',
            index=models.Index(fields=['folded_by'], name='search_folded_by'),
        ),
    ]

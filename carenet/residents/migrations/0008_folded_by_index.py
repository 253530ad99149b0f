from django.db import migrations, models

#: Databases of a few days have it already: 0006 made it then.
MAKE = "CREATE INDEX CONCURRENTLY IF NOT EXISTS search_folded_by ON residents_searchentry (folded_by)"
DROP = "DROP INDEX CONCURRENTLY IF EXISTS search_folded_by"


class Migration(migrations.Migration):

    # Beside the running service: no index here may lock the register.
    atomic = False

    dependencies = [
        ('residents', '0007_consent_given_by'),
    ]

    operations = [
        migrations.RunSQL(
            MAKE,
            DROP,
            state_operations=[
                migrations.AddIndex(
                    model_name='searchentry',
                    index=models.Index(fields=['folded_by'], name='search_folded_by'),
                ),
            ],
        ),
    ]

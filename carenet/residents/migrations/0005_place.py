from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('residents', '0004_clock'),
    ]

    operations = [
        migrations.AddField(
            model_name='searchentry',
            name='place',
            field=models.CharField(blank=True, db_default='', default='', max_length=300),
        ),
        migrations.AddField(
            model_name='searchentry',
            name='folded_by',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
    ]

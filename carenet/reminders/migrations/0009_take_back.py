from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reminders', '0008_delivery_finished'),
    ]

    operations = [
        migrations.AddField(
            model_name='reminderevent',
            name='before',
            field=models.JSONField(null=True),
        ),
        migrations.AlterField(
            model_name='reminderevent',
            name='verb',
            field=models.CharField(
                choices=[
                    ('acknowledge', 'taken on'),
                    ('snooze', 'put off'),
                    ('delegate', 'handed on'),
                    ('take_back', 'taken back'),
                ],
                max_length=20,
            ),
        ),
    ]

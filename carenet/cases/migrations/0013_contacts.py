import django.contrib.postgres.fields
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    """How the contact of a note came about; notes from before say nothing of it."""

    dependencies = [
        ('cases', '0012_rule_per_kind'),
    ]

    operations = [
        migrations.AddField(
            model_name='progressnote',
            name='channel',
            field=models.CharField(blank=True, choices=[('phone', 'phone'), ('counter', 'at the counter'), ('visit', 'home visit'), ('accompanied', 'went along with the person'), ('meeting', 'meeting'), ('mail', 'letter or e-mail'), ('fax', 'FAX'), ('outreach', 'outreach'), ('none', 'no contact, only written down')], db_default='', default='', max_length=12),
        ),
        migrations.AddField(
            model_name='progressnote',
            name='with_whom',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('self', 'the person'), ('family', 'family'), ('agency', 'another agency'), ('other', 'other')], max_length=8), blank=True, db_default=[], default=list, size=None),
        ),
        migrations.AddField(
            model_name='progressnote',
            name='minutes',
            field=models.SmallIntegerField(blank=True, null=True),
        ),
        AddConstraintNotValid(
            model_name='progressnote',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('channel__in', ['', 'none']), _negated=True), models.Q(('minutes', None), ('with_whom', [])), _connector='OR'), name='contacts_say_how'),
        ),
        AddConstraintNotValid(
            model_name='progressnote',
            constraint=models.CheckConstraint(condition=models.Q(('minutes', None), ('minutes__range', (1, 1440)), _connector='OR'), name='contacts_end_in_a_day'),
        ),
    ]

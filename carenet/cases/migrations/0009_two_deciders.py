import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0008_desks'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='abusereport',
            name='finding_stands_where_it_was_decided',
        ),
        migrations.AddField(
            model_name='abusereport',
            name='by_partner',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='abusereport',
            name='closed_for_desk',
            field=models.CharField(blank=True, db_default='', max_length=200),
        ),
        migrations.AddField(
            model_name='abusereport',
            name='proposed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='abusereport',
            name='proposed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='abusereport',
            name='proposed_deciders',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), blank=True, null=True, size=None),
        ),
        migrations.AddField(
            model_name='abusereport',
            name='proposed_finding',
            field=models.CharField(blank=True, choices=[('found', 'abuse found'), ('not_found', 'abuse not found'), ('undetermined', 'undetermined'), ('not_checked', 'not checked')], db_default='', max_length=20),
        ),
        migrations.AddField(
            model_name='abusereport',
            name='proposed_from',
            field=models.CharField(blank=True, choices=[('received', 'received'), ('reception_held', 'reception meeting held'), ('facts_checked', 'facts checked'), ('decision_proposed', 'decision proposed'), ('decided', 'decided'), ('planned', 'response planned'), ('evaluated', 'evaluated'), ('closed', 'closed')], db_default='', max_length=20),
        ),
        migrations.AddField(
            model_name='abusereport',
            name='proposed_grounds',
            field=models.TextField(blank=True, db_default='', max_length=10000),
        ),
        migrations.AlterField(
            model_name='abusereport',
            name='status',
            field=models.CharField(choices=[('received', 'received'), ('reception_held', 'reception meeting held'), ('facts_checked', 'facts checked'), ('decision_proposed', 'decision proposed'), ('decided', 'decided'), ('planned', 'response planned'), ('evaluated', 'evaluated'), ('closed', 'closed')], default='received', max_length=20),
        ),
        migrations.AddConstraint(
            model_name='abusereport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['closed', 'decided', 'evaluated', 'planned']), models.Q(('finding', ''), _negated=True)), models.Q(models.Q(('status__in', ['closed', 'decided', 'evaluated', 'planned']), _negated=True), ('finding', '')), models.Q(('status', 'closed'), models.Q(('closed_for_desk', ''), _negated=True)), _connector='OR'), name='finding_stands_where_decided_or_for_another_desk'),
        ),
        migrations.AddConstraint(
            model_name='abusereport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('proposed_by__isnull', False), ('status', 'decision_proposed'), ('proposed_at__isnull', False), models.Q(('proposed_finding', ''), _negated=True), models.Q(('proposed_grounds', ''), _negated=True), models.Q(('proposed_from', ''), _negated=True)), models.Q(models.Q(('status', 'decision_proposed'), _negated=True), ('proposed_at', None), ('proposed_by', None), ('proposed_finding', ''), ('proposed_from', ''), ('proposed_grounds', '')), _connector='OR'), name='proposed_decision_says_what_and_by_whom'),
        ),
    ]

import carenet.clock
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0009_session_agency'),
        ('cases', '0007_set_apart'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ConsultationReader',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('given_at', models.DateTimeField(default=carenet.clock.now)),
                ('until', models.DateTimeField(blank=True, null=True)),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='readers', to='cases.consultation')),
                ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='DeskCall',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('victim', models.CharField(choices=[('older_person', 'older person'), ('disability', 'person with a disability'), ('child', 'child'), ('partner', 'partner')], max_length=20)),
                ('alleged', models.CharField(choices=[('caregiver', 'caregiver at home'), ('facility_staff', 'staff of a facility'), ('employer', 'employer'), ('other', 'other')], max_length=20)),
                ('desk', models.CharField(max_length=200)),
                ('phone', models.CharField(blank=True, max_length=30)),
                ('called_at', models.DateTimeField()),
                ('answered_by', models.CharField(blank=True, max_length=200)),
                ('text', models.TextField(blank=True, max_length=10000)),
                ('recorded_at', models.DateTimeField(default=carenet.clock.now)),
                ('by_agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                ('by_user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='desk_calls', to='cases.consultation')),
            ],
        ),
        migrations.CreateModel(
            name='OtherDesk',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('municipality_code', models.CharField(max_length=6)),
                ('kind', models.CharField(choices=[('danger', 'danger to life'), ('child', 'abuse of a child'), ('partner', 'violence by a partner'), ('facility_staff', 'abuse by staff of a facility'), ('employer', 'abuse by an employer'), ('other', 'violence by somebody else')], max_length=20)),
                ('name', models.CharField(max_length=200)),
                ('phone', models.CharField(max_length=30)),
                ('hours', models.CharField(max_length=200)),
                ('source', models.CharField(max_length=300)),
                ('checked_on', models.DateField(blank=True, null=True)),
                ('valid_from', models.DateTimeField(default=carenet.clock.now)),
                ('valid_until', models.DateTimeField(blank=True, null=True)),
                ('set_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddConstraint(
            model_name='consultationreader',
            constraint=models.UniqueConstraint(condition=models.Q(('until', None)), fields=('consultation', 'user'), name='reads_consultation_once_at_a_time'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='consultationreader',
            trigger=pgtrigger.compiler.Trigger(name='readers_of_consultations_stay', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='052528ccad3b24fd7a18b5b6deb76426bb452371', operation='DELETE', pgid='pgtrigger_readers_of_consultations_stay_76334', table='cases_consultationreader', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='deskcall',
            trigger=pgtrigger.compiler.Trigger(name='desk_calls_are_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e226ea72e47fde9c342f9070ff87a5706e221efc', operation='UPDATE OR DELETE', pgid='pgtrigger_desk_calls_are_append_only_cc47e', table='cases_deskcall', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='otherdesk',
            constraint=models.CheckConstraint(condition=models.Q(('valid_until', None), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='desk_ends_later'),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0010_abuse_verbs'),
    ]

    operations = [
        migrations.AddField(
            model_name='deadlinerule',
            name='alleged',
            field=models.CharField(choices=[('caregiver', 'caregiver at home'), ('facility_staff', 'staff of a facility'), ('employer', 'employer'), ('other', 'other')], db_default='caregiver', default='caregiver', max_length=20),
        ),
        migrations.AddField(
            model_name='deadlinerule',
            name='victim',
            field=models.CharField(choices=[('older_person', 'older person'), ('disability', 'person with a disability'), ('child', 'child'), ('partner', 'partner')], db_default='older_person', default='older_person', max_length=20),
        ),
    ]

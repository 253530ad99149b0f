from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    """What stands there already is looked at while everybody goes on writing."""

    dependencies = [
        ('cases', '0013_contacts'),
    ]

    operations = [
        ValidateConstraint(model_name='progressnote', name='contacts_say_how'),
        ValidateConstraint(model_name='progressnote', name='contacts_end_in_a_day'),
    ]

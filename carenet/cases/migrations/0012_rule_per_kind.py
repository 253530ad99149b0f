"""A rule lasts per step and kind: both unique indexes are changed beside the table's use."""

from django.db import migrations, models

MADE = """
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS one_lasting_rule_per_step_and_kind
ON cases_deadlinerule (municipality_code, step, victim, alleged) WHERE valid_until IS NULL
"""
BEFORE = """
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS one_lasting_rule_per_step
ON cases_deadlinerule (municipality_code, step) WHERE valid_until IS NULL
"""


class Migration(migrations.Migration):

    # An index that is made beside its use is made outside of a transaction.
    atomic = False

    dependencies = [
        ('cases', '0011_rules_by_kind'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(MADE, 'DROP INDEX CONCURRENTLY one_lasting_rule_per_step_and_kind'),
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name='deadlinerule',
                    constraint=models.UniqueConstraint(condition=models.Q(('valid_until', None)), fields=('municipality_code', 'step', 'victim', 'alleged'), name='one_lasting_rule_per_step_and_kind'),
                ),
            ],
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL('DROP INDEX CONCURRENTLY one_lasting_rule_per_step', BEFORE),
            ],
            state_operations=[
                migrations.RemoveConstraint(
                    model_name='deadlinerule',
                    name='one_lasting_rule_per_step',
                ),
            ],
        ),
    ]

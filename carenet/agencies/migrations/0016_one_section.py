"""An office has one section for one thing: the unique index is made beside the table's use."""

from django.db import migrations, models

MADE = """
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS one_section_for_one_thing
ON agencies_agency (parent_id, section)
WHERE active AND parent_id IS NOT NULL AND NOT (section = 'OTHER')
"""


class Migration(migrations.Migration):

    # An index that is made beside its use is made outside of a transaction.
    atomic = False

    dependencies = [
        ('agencies', '0015_sections'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(MADE, 'DROP INDEX CONCURRENTLY one_section_for_one_thing'),
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name='agency',
                    constraint=models.UniqueConstraint(condition=models.Q(('active', True), ('parent__isnull', False), models.Q(('section', 'OTHER'), _negated=True)), fields=('parent', 'section'), name='one_section_for_one_thing'),
                ),
            ],
        ),
    ]

"""The indexes behind the filters of consultations, each made beside the use of the table.

One that was interrupted is left behind without being used: so each is dropped before it is made.
"""

from django.db import migrations, models

TOPICS = (
    'health', 'housing', 'income', 'rent_loans', 'tax_utilities', 'debt', 'job_search',
    'work_trouble', 'community', 'family', 'childcare', 'care', 'withdrawal', 'abuse', 'no_food',
    'other',
)


def made(columns, index, condition=''):
    """Return the operations that make one index."""
    drop = f'DROP INDEX CONCURRENTLY IF EXISTS {index.name}'
    make = f'CREATE INDEX CONCURRENTLY {index.name} ON cases_consultation ({columns}) {condition}'
    state = [migrations.AddIndex(model_name='consultation', index=index)]
    return [
        migrations.RunSQL(drop, migrations.RunSQL.noop),
        migrations.RunSQL(make, drop, state_operations=state),
    ]


def of_topic(topic):
    """Return the operations for the consultations that have a topic, main or not."""
    index = models.Index(
        condition=models.Q(('topics__contains', [topic])),
        fields=['agency', 'received_at', 'id', 'channel'],
        name=f'consultation_{topic}',
    )
    columns = 'agency_id, received_at, id, channel'
    return made(columns, index, f"WHERE topics @> ARRAY['{topic}']::varchar(20)[]")


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('cases', '0014_contacts_checked'),
    ]

    operations = [
        *made(
            'agency_id, received_at, id',
            models.Index(fields=['agency', 'received_at', 'id'], name='consultation_received'),
        ),
        *made(
            'agency_id, channel, received_at, id',
            models.Index(
                fields=['agency', 'channel', 'received_at', 'id'], name='consultation_channel'
            ),
        ),
        *(each for topic in TOPICS for each in of_topic(topic)),
    ]

"""A task for each next action that there is; whoever writes one from now on makes it by the triggers."""

from django.db import migrations, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

#: As many cases as one transaction holds: whoever changes one of them waits that long.
AT_ONCE = 500
#: The rows of the cases are held, so that a change that goes on beside this is seen, or comes after it.
FILL = """
WITH held AS (
    SELECT * FROM cases_case AS one
    WHERE one.id > %s AND one.next_action_on IS NOT NULL AND one.ended_at IS NULL
    ORDER BY one.id LIMIT %s
    FOR SHARE
), made AS (
    INSERT INTO tasks_task (
        id, version, case_id, what, due_on, agency_id, person_id, status, reason, with_case,
        is_next_action, elsewhere, source, created_at, by_agency_id, by_client, claimed_person
    )
    SELECT
        encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
            placing substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)
            FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid,
        1, id, next_action, next_action_on, lead_agency_id, person_in_charge_id, 'open', '', false,
        true, false, '', clock_timestamp(), lead_agency_id, '', ''
    FROM held
    ON CONFLICT (case_id) WHERE is_next_action AND status = 'open' DO NOTHING
)
SELECT max(id::text), count(*) FROM held
"""
NOBODY = "00000000-0000-0000-0000-000000000000"


def fill(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    last, number = NOBODY, AT_ONCE
    while number == AT_ONCE:
        with (
            transaction.atomic(using=schema_editor.connection.alias),
            schema_editor.connection.cursor() as cursor,
        ):
            cursor.execute(FILL, [last, AT_ONCE])
            last, number = cursor.fetchone()


class Migration(migrations.Migration):

    # Each batch is a transaction of its own: nobody waits for the last of a million cases.
    atomic = False

    dependencies = [
        ('cases', '0016_next_action_tasks'),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]

"""A case's next action and its task are one: the database keeps the task as the case says.

The release before knows no tasks and goes on writing the columns of the case. So whoever writes them,
the task follows; where tasks are changed, `carenet.cases.actions.next_action` writes the columns. The
triggers go with the columns (docs/adr/0050-a-next-action-is-the-first-task.md).
"""

from __future__ import annotations

import pgtrigger

#: The key of a task is a UUID of version 7, as `UUIDModel` makes them.
_FOLLOW = """
IF NEW.ended_at IS NOT NULL THEN
    UPDATE tasks_task SET status = 'dropped', with_case = true, settled_at = NEW.ended_at,
        version = version + 1
    WHERE case_id = NEW.id AND status = 'open';
    RETURN NULL;
END IF;
IF TG_OP = 'UPDATE' THEN
    IF NEW.lead_agency_id <> OLD.lead_agency_id THEN
        UPDATE tasks_task SET elsewhere = (agency_id <> NEW.lead_agency_id)
        WHERE case_id = NEW.id AND status = 'open';
    END IF;
END IF;
IF NEW.next_action_on IS NULL THEN
    UPDATE tasks_task SET status = 'done', settled_at = clock_timestamp(), version = version + 1
    WHERE case_id = NEW.id AND status = 'open' AND is_next_action;
    RETURN NULL;
END IF;
INSERT INTO tasks_task AS task (
    id, version, case_id, what, due_on, agency_id, person_id, status, reason, with_case,
    is_next_action, elsewhere, source, created_at, by_agency_id, by_client, claimed_person
) VALUES (
    encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
        placing substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)
        FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid,
    1, NEW.id, NEW.next_action, NEW.next_action_on, NEW.lead_agency_id,
    NEW.person_in_charge_id, 'open', '', false, true, false, '', clock_timestamp(),
    NEW.lead_agency_id, '', ''
)
ON CONFLICT (case_id) WHERE is_next_action AND status = 'open' DO UPDATE SET
    what = EXCLUDED.what, due_on = EXCLUDED.due_on, agency_id = EXCLUDED.agency_id,
    person_id = EXCLUDED.person_id, elsewhere = false, version = task.version + 1
WHERE (task.what, task.due_on, task.agency_id, task.person_id)
    IS DISTINCT FROM (EXCLUDED.what, EXCLUDED.due_on, EXCLUDED.agency_id, EXCLUDED.person_id);
RETURN NULL;
"""
_COLUMNS = ("next_action", "next_action_on", "lead_agency_id", "person_in_charge_id", "ended_at")


def _row(which: str) -> str:
    return f"({', '.join(f'{which}.{name}' for name in _COLUMNS)})"


TRIGGERS = [
    pgtrigger.Trigger(
        name="next_action_becomes_a_task",
        operation=pgtrigger.Insert,
        when=pgtrigger.After,
        condition=pgtrigger.Condition("NEW.next_action_on IS NOT NULL"),
        func=_FOLLOW,
    ),
    pgtrigger.Trigger(
        name="task_follows_next_action",
        operation=pgtrigger.Update,
        when=pgtrigger.After,
        condition=pgtrigger.Condition(f"({_row('OLD')} IS DISTINCT FROM {_row('NEW')})"),
        func=_FOLLOW,
    ),
]

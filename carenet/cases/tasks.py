"""Housekeeping of cases."""

from __future__ import annotations

from celery import shared_task

from carenet.cases.actions.next_action import take_unseen_tasks_back


@shared_task
def take_back_tasks() -> None:
    """Give the tasks of agencies that no longer see a case back to its lead."""
    take_unseen_tasks_back()

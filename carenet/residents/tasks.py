"""The wake-up. Whose search keys are old stands in the database."""

from __future__ import annotations

from celery import shared_task

from carenet.residents.actions import rebuild_search_keys

#: In ten minutes; a batch is one short transaction.
BATCH, MOST = 500, 5000


@shared_task
def fold_names_again() -> None:
    """Make search keys anew that older rules of folding have made."""
    for _batch in range(MOST // BATCH):
        if not rebuild_search_keys(most=BATCH):
            return

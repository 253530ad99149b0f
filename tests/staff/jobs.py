"""Long work to look at: a preview that has refused some lines, and an export that waits."""

from __future__ import annotations

from django.utils import timezone

from carenet.agencies.actors import Actor
from carenet.jobs.actions import run_one_batch, start
from tests.watchlists.test_files import CSV, HEAD

#: A day that cannot be, and a line that was cut off.
BROKEN = f"{CSV}\n4,江口 清,,いつか,大阪市霧立町4番,\n5,土井"


def ids_of_work(actor: Actor) -> dict[str, object]:
    content = BROKEN.encode("cp932")
    preview = start(actor=actor, kind="list.import", options=HEAD, content=content)
    while run_one_batch(now=timezone.now()):
        pass
    month = f"{timezone.localdate():%Y-%m}"
    waiting = start(actor=actor, kind="visits.export", options={"month": month})
    return {"preview": preview.pk, "waiting": waiting.pk}

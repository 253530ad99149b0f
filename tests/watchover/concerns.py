"""Concerns about a person whom perhaps nobody here knows."""

from __future__ import annotations

from typing import Any

import time_machine

from carenet.watchover.actions.concerns import report
from carenet.watchover.models import Concern
from tests.watchover.watches import at

CONCERNS, PUBLIC = "/api/v1/concerns/", "/api/v1/public/concerns/"
RECEIPT = f"{PUBLIC}receipt/"
SEEN: dict[str, Any] = {
    "danger_to_life": False, "reporter_kind": "neighbour", "what": "新聞がたまっている",
    "where": "大豆戸町7-2", "whom": "一人暮らしの男性", "reporter_phone": "045-111-1111",
}  # fmt: skip


def a_concern(when: str = "10:00", **said: Any) -> Concern:
    with time_machine.travel(at(24, when), tick=False):
        concern, _receipt = report(actor=None, **SEEN | said)
    return concern

"""What is to be done in the demo's cases: by several agencies, some of it forgotten or handed on."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from carenet.agencies.actors import Actor
from carenet.cases.models import Case
from carenet.core import clock
from carenet.tasks.actions import drop, finish, give, hand_on
from carenet.tasks.models import Task


def share_work(actor: Actor, colleague: Actor, partner: Actor, case: Case) -> None:
    """Give a case that a partner has taken on tasks for three owners, and let some go their way.

    One is done, one is forgotten, one is dropped with a reason, and one comes into other hands.
    """
    _give(actor, case, "初回面接の結果を連絡", _in(3), agency=partner.agency, person=partner.user)
    _give(actor, case, "介護保険証の写しを受け取る", _in(-1), person=colleague.user)
    done = _give(actor, case, "長女に電話", _in(1), person=colleague.user)
    finish(actor=colleague, task_id=done.pk)
    meals = _give(actor, case, "配食サービスの見本を届ける", _in(2))
    drop(actor=actor, task_id=meals.pk, reason="ご本人が要らないとのこと。")
    key = _give(actor, case, "鍵の預かりについて家族と相談", _in(5), source="meeting")
    hand_on(actor=actor, task_id=key.pk, person=colleague.user, reason="家族と面識があるため。")


def _give(actor: Actor, case: Case, what: str, due_on: date, **fields: Any) -> Task:
    return give(actor=actor, on=("case", case.pk), what=what, due_on=due_on, **fields)


def _in(days: int) -> date:
    return clock.today() + timedelta(days=days)

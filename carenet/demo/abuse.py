"""Abuse reports of the demo: one at each step of the procedure, taken by a plaza."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from faker import Faker

from carenet.abuse.actions import decisions, report
from carenet.abuse.actions.intake import report_abuse
from carenet.abuse.models import AbuseReport
from carenet.abuse.states import Evaluation, Finding
from carenet.agencies.actors import Actor
from carenet.cases.actions.new_case import open_case
from carenet.cases.models import CallerRelationship
from carenet.core import clock
from carenet.demo.people import residents
from carenet.residents.actions import register

#: What was told, and what is suspected; the first report has gone no further than its taking.
TOLD = (
    ("デイサービスで腕のあざに気づいた。本人は転んだと話す。", "physical"),
    ("怒鳴り声と物の壊れる音が、夜に何度も聞こえる。", "psychological"),
    ("食事をとれていない様子で、急にやせた。", "neglect"),
    ("年金の通帳を家族が持ち、受診の費用が払えない。", "economic"),
    ("おむつが替えられておらず、背中に傷がある。", "neglect"),
    ("ベッドの柵にひもで手を結ばれていた。", "physical"),
    ("ののしる言葉を繰り返し言われている。", "psychological"),
    ("顔にあざがあり、家族が面会を断る。", "physical"),
)


def report_at_each_step(
    fake: Faker, address: str, worker: Actor, proposer: Actor, confirmer: Actor
) -> list[AbuseReport]:
    """Let a plaza take reports and the ward office decide; each gets a step further than the last."""
    people, found = residents(fake, address), []
    for number, (content, suspected) in enumerate(TOLD):
        person = register(actor=worker, **next(people))
        case = open_case(actor=worker, resident=person, summary="通報があり、安否を確認する。")
        taken = report_abuse(
            actor=worker,
            case_id=case.pk,
            received_at=clock.now() - timedelta(hours=8 * number + 3),
            channel="phone",
            victim="older_person",
            alleged="caregiver",
            suspected=[suspected],
            content=content,
            reporter={"name": fake.name(), "relationship": CallerRelationship.NEIGHBOUR},
            members=[each.user for each in (proposer, confirmer) if each.user],
        )
        _go_on(taken, number, worker, proposer, confirmer)
        found.append(taken)
    return found


def _go_on(
    taken: AbuseReport, steps: int, worker: Actor, proposer: Actor, confirmer: Actor
) -> None:
    """Take so many steps of the procedure, one an hour."""
    deciders = [each.user for each in (proposer, confirmer) if each.user]
    attendees = ["区 高齢・障害支援課", "地域ケアプラザ"]
    procedure: tuple[tuple[Any, Actor, dict[str, Any]], ...] = (
        (
            report.record_reception_meeting, worker,
            {"urgency": "today", "to_check": True, "attendees": attendees, "text": "訪問して確認する。"},
        ),
        (
            report.check_facts, worker,
            {"method": "visit", "seen_in_person": True, "text": "本人と会い、話を聞いた。"},
        ),
        (
            decisions.propose_decision, proposer,
            {"finding": Finding.FOUND, "deciders": deciders, "text": "訪問で確かめた状況による。"},
        ),
        (decisions.confirm_decision, confirmer, {}),
        (report.plan_response, worker, {"text": "短期入所で距離をとり、家族の負担を減らす。"}),
        (
            report.evaluate, worker,
            {"evaluation": Evaluation.RESOLVED, "text": "家族の介護の負担が減り、おさまった。"},
        ),
        (report.close, proposer, {"text": "対応を終え、見守りに移る。"}),
    )  # fmt: skip
    for hour, (act, actor, said) in enumerate(procedure[:steps], start=1):
        when = {} if act is decisions.confirm_decision else {
            "happened_at": taken.received_at + timedelta(hours=hour)
        }  # fmt: skip
        act(actor=actor, report_id=taken.pk, **when, **said)

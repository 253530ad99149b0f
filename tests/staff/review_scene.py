"""A ward of the size of a look: a missed visit, single points, terms that end, areas, a handover."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from uuid import UUID

import time_machine
from django.utils import timezone

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, AgencyKind
from carenet.agencies.roles import Role
from carenet.areas.models import AddressArea, Area, AreaKind
from carenet.referrals.actions import acceptance_and_outcome
from carenet.referrals.models import Referral, ReferralOutcome
from carenet.reminders.escalation import Hours, PolicyStep
from carenet.watchlists.models import ListEntry, WatchList
from carenet.watchover.actions.check_ins import check_in
from carenet.watchover.actions.escalation_policies import set_policy
from carenet.watchover.actions.handover_plan import plan
from carenet.watchover.escalation import Policy, Tier
from carenet.watchover.models import Alert, WatchAssignment, WatchHandover
from carenet.watchover.states import AlertKind
from tests.factories import a_case, a_member, a_resident, a_sent_referral, a_user, an_agency
from tests.watchlists.lists import a_line, come_to, take_in
from tests.watchover.watches import Neighbourhood, a_proposal, a_watch, daily, sweep

TOWNS = ("霧立町", "鶴舞町", "白波台", "柏の里")
#: Nobody is taken for anybody else.
NAMES = [
    {"family_name": family, "family_kana": kana, "given_name": given, "given_kana": said}
    for (family, kana), (given, said) in product(
        [("髙橋", "タカハシ"), ("𠮷野", "ヨシノ"), ("阿部", "アベ"), ("五十嵐", "イガラシ")],
        [("一郎", "イチロウ"), ("ウメ", "ウメ"), ("清", "キヨシ"), ("フミ", "フミ")],
    )
]


def a_ward() -> Neighbourhood:
    """Return people who have been there for a month, whatever day it is."""
    with time_machine.travel(timezone.now() - timedelta(days=30), tick=False):
        plaza = an_agency(name="霧立地域ケアプラザ")
        council = an_agency(AgencyKind.COMMISSIONERS_COUNCIL, name="霧立地区民児協")
        office = an_agency(AgencyKind.WARD_OFFICE, name="霧立区役所")
        return Neighbourhood(
            desk=a_member(plaza, user=a_user("相沢 真由")),
            watcher=a_member(council, Role.WATCHER, user=a_user("民谷 節子")),
            backup=a_member(council, Role.WATCHER, user=a_user("生田 徹")),
            ward=a_member(office, Role.COORDINATOR, user=a_user("区本 調")),
        )


def a_review() -> Actor:
    """Return the coordinator of a ward in which there is something of everything."""
    who, now = a_ward(), timezone.now()
    for number, town in enumerate(TOWNS):
        area = Area.objects.create(
            kind=AreaKind.PLAZA_AREA,
            name=f"{town}地区",
            municipality_code=who.desk.agency.municipality_code,
        )
        AddressArea.objects.create(area=area, town=town, since=date(2020, 1, 1))
        for each in range(number + 1):
            alone = {"backup": None, "backup_agency": None} if each % 2 == 0 else {}
            person = a_resident(
                who.desk, **NAMES[number * 4 + each],
                address=f"大阪市{town}{each + 1}番", phone="045-000-0000",
            )  # fmt: skip
            missed = number == each == 0
            begin = now - timedelta(days=1) if missed else now + timedelta(hours=3)
            watch = a_watch(
                who, daily(begins_at=begin, window_minutes=60), now - timedelta(days=2),
                resident=person, term_until=timezone.localdate() + timedelta(days=5 + each), **alone,
            )  # fmt: skip
            if not missed:
                with time_machine.travel(now - timedelta(hours=each + 1), tick=False):
                    check_in(
                        actor=who.watcher, assignment_id=watch.pk, outcome="met", note="お元気"
                    )
    for place, town in ((1, TOWNS[0]), (2, TOWNS[0]), (6, TOWNS[1])):
        a_proposal(who, resident=a_resident(who.desk, address=f"{town}9番", **NAMES[place]))
    sweep(now)
    some_referrals(who.desk)
    a_list(who.desk)
    plan(
        actor=who.ward,
        pairs=[{"outgoing": who.watcher.user, "outgoing_agency": who.watcher.agency,
                "successor": who.backup.user, "successor_agency": who.backup.agency}],
        effective_on=timezone.localdate() + timedelta(days=2),
    )  # fmt: skip
    return who.ward


def a_manager() -> Actor:
    """Return the manager of the plaza.

    Which has an escalation policy of its own for what worries somebody.
    """
    plaza = Agency.objects.get(name="霧立地域ケアプラザ")
    manager = a_member(plaza, Role.MANAGER)
    ladder = Policy((PolicyStep(Tier.PLAZA, timedelta(0), Hours.ALWAYS),), timedelta(minutes=30))
    set_policy(actor=manager, agency=plaza, kind=AlertKind.CONCERN, escalation=ladder)
    return manager


def some_referrals(desk: Actor) -> None:
    """Send one after another to two agencies, of which one lets them wait."""
    with time_machine.travel(timezone.now() - timedelta(days=30), tick=False):
        slow = an_agency(AgencyKind.LIFE_SUPPORT_CENTER, name="霧立生活支援センター")
        center = an_agency(AgencyKind.CORE_CONSULTATION_CENTER, name="霧立基幹相談支援センター")
        quick = a_member(center)
    case = a_case(desk, a_resident(desk, **NAMES[15]))
    for weeks in range(4):
        with time_machine.travel(timezone.now() - timedelta(days=weeks * 7, hours=1), tick=False):
            a_sent_referral(desk, slow, case)
            sent = a_sent_referral(desk, center, case)
            if weeks:
                acceptance_and_outcome.accept(actor=quick, referral_id=sent.pk)
            if weeks > 1:
                acceptance_and_outcome.complete(
                    actor=quick, referral_id=sent.pk, outcome=ReferralOutcome.OTHER, report="済み"
                )


def a_list(desk: Actor) -> None:
    """Take in a list of six people; some have been visited, one wants to be watched over."""
    _list, fates = take_in(
        desk, *(a_line(each, address=f"大阪市{TOWNS[each % 2]}{each}番") for each in range(6))
    )
    entries = ListEntry.objects.in_bulk([fate.entry_id for fate in fates])
    for fate, state in zip(fates, ("wants", "refused", "visited", "visited"), strict=False):
        come_to(desk, entries[fate.entry_id], state)


def ids_of_review() -> dict[str, UUID | str]:
    """Return the ids that addresses of its pages hold: of the watch that was missed."""
    alert = Alert.objects.order_by("pk").first()
    watch = alert.assignment if alert else WatchAssignment.objects.order_by("pk").first()
    first_area = Area.objects.filter(name__startswith=TOWNS[0]).first()
    listed = WatchList.objects.first()
    asked = Referral.objects.filter(receiver__name="霧立生活支援センター").first()
    handover, area = WatchHandover.objects.first(), Area.objects.order_by("name").first()
    return {
        "soon": f"{timezone.localtime() + timedelta(days=1):%Y-%m-%dT22:00}",
        "watch": watch.pk if watch else "",
        "looks_in": (watch.watcher_id or "") if watch else "",
        "alert": alert.pk if alert else "",
        "handover": handover.pk if handover else "",
        "area": area.pk if area else "",
        "first_area": first_area.pk if first_area else "",
        "list": listed.pk if listed else "",
        **{
            f"entry_{name}": ListEntry.objects.filter(state=state).earliest("pk").pk
            for name, state in (("listed", "listed"), ("asked", "visited"), ("wants", "wants"))
        },
        "asked": str(asked.receiver_id) if asked else "",
    }

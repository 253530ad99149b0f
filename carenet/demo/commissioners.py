"""Commissioners of the district councils, who look in on their neighbours.

The districts are real; that there is one council for each plaza's district, and all people, are made up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from carenet.agencies.actions import add_member, assign_area, create_account, create_agency
from carenet.agencies.actors import Actor
from carenet.agencies.areas import Area, AreaKind, AreaPart
from carenet.agencies.models import AgencyKind
from carenet.agencies.roles import Role
from carenet.demo.facts import KOHOKU, PASSWORD, PLAZAS

if TYPE_CHECKING:
    from faker import Faker

    from carenet.agencies.models import Agency

COMMISSIONERS = 60
#: The district of each plaza, in the order of `PLAZAS`; two plazas lie in 日吉本町.
DISTRICTS = (
    "菊名", "樽町", "新羽", "城郷", "新吉田", "日吉本町", "日吉本町", "高田", "篠原",
)  # fmt: skip


def appoint(fake: Faker) -> dict[str, list[Actor]]:
    """Found the councils and appoint their commissioners; return those by the slug of a plaza."""
    councils = {name: _council(name) for name in dict.fromkeys(DISTRICTS)}
    found: dict[str, list[Actor]] = {place.slug: [] for place in PLAZAS}
    roles = frozenset({Role.WATCHER})
    for number in range(COMMISSIONERS):
        place, district = (each[number % len(PLAZAS)] for each in (PLAZAS, DISTRICTS))
        user = create_account(
            username=f"minsei-{number + 1:02}", name=fake.name(), password=PASSWORD
        )
        agency = councils[district]
        add_member(actor=None, agency=agency, user=user, roles=roles)
        found[place.slug].append(Actor(agency=agency, roles=roles, user=user))
    return found


def _council(district: str) -> Agency:
    agency = create_agency(
        actor=None,
        kind=AgencyKind.COMMISSIONERS_COUNCIL,
        name=f"{district}地区民生委員児童委員協議会",
        name_kana="チクミンセイイインジドウイインキョウギカイ",
        municipality_code=KOHOKU,
        address="横浜市港北区大豆戸町",
        phone="045-000-2004",
        closed_weekdays=[],
    )
    area = Area.objects.filter(kind=AreaKind.COMMISSIONERS_COUNCIL, name=district).first()
    if area:
        assign_area(actor=None, agency=agency, area=area, part=AreaPart.SERVES)
    return agency

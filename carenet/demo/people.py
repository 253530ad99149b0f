"""Fictional people with their worries, the same on every machine (seeded)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from faker import Faker

from carenet.cases.models import CallerRelationship, ConsultationChannel, Topic

SEED = 1201
#: Whom the tours register and look for; nobody else of that name stands in their way.
IN_THE_TOURS = {"高橋", "山崎", "渡辺", "渡邉"}


@dataclass(frozen=True, slots=True)
class Story:
    """Why somebody calls a plaza, in the words of the one who writes it down."""

    topic: Topic
    relationship: CallerRelationship
    content: str


STORIES = (
    Story(
        Topic.COMMUNITY,
        CallerRelationship.NEIGHBOUR,
        "隣の独居男性が三日前から玄関に出てこない。新聞がたまっている。夜は電気がついている。",
    ),
    Story(
        Topic.CARE,
        CallerRelationship.FAMILY,
        "母の物忘れが進み、鍋を二度焦がした。介護認定の申請の仕方を知りたい。",
    ),
    Story(
        Topic.HEALTH,
        CallerRelationship.COMMISSIONER,
        "担当地区の女性が受診を中断している様子。通帳が見つからないと毎日電話がある。",
    ),
    Story(
        Topic.INCOME,
        CallerRelationship.SELF,
        "年金が少なく、家賃を払うと食費が残らない。来月からどうしたらよいか。",
    ),
    Story(
        Topic.WITHDRAWAL,
        CallerRelationship.FAMILY,
        "五十代の息子が二十年家から出ていない。親が入院することになり、先が心配。",
    ),
    Story(
        Topic.HOUSING,
        CallerRelationship.SELF,
        "立ち退きを求められている。保証人がおらず、次の住まいが見つからない。",
    ),
    Story(
        Topic.FAMILY,
        CallerRelationship.AGENCY,
        "訪問介護より。夫の介護で妻が眠れていない。夜間の支援につなぎたい。",
    ),
    Story(
        Topic.NO_FOOD,
        CallerRelationship.COMMISSIONER,
        "電気が止まり、食べ物がほとんどない。本人は役所を嫌がっている。",
    ),
)
CHANNELS = (ConsultationChannel.PHONE, ConsultationChannel.PHONE, ConsultationChannel.COUNTER)


def faker(seed: int = SEED) -> Faker:
    """Return a Japanese Faker that starts anew at a seed."""
    fake = Faker("ja_JP")
    fake.seed_instance(seed)
    return fake


def residents(fake: Faker, address: str) -> Iterator[dict[str, Any]]:
    """Yield people as `residents.actions.register` takes them, living at an address's blocks."""
    while True:
        family, family_kana = fake.last_name_pair()[:2]
        given, given_kana = fake.first_name_pair()[:2]
        person: dict[str, Any] = {
            "family_name": family,
            "given_name": given,
            "family_kana": family_kana,
            "given_kana": given_kana,
            "address": f"{address}{fake.random_int(1, 2500)}番地",
            "phone": f"045-000-{fake.random_int(4000, 9999)}",
            "address_protected": fake.random_int(1, 25) == 1,
        }
        if fake.random_int(1, 10) == 1:
            person["birth_year"] = fake.random_int(1932, 1960)
        else:
            person["birth_date"] = fake.date_of_birth(minimum_age=58, maximum_age=97)
        yield person


def stories(fake: Faker) -> Iterator[Story]:
    """Yield worries, in an order of their own."""
    while True:
        yield fake.random_element(STORIES)


def elderly(fake: Faker) -> Iterator[dict[str, str]]:
    """Yield people as a list of the ward office has them: everybody is another one."""
    seen: set[str] = set()
    while True:
        family, family_kana = fake.last_name_pair()[:2]
        given, given_kana = fake.first_name_pair()[:2]
        born = fake.date_of_birth(minimum_age=75, maximum_age=97)
        if family in IN_THE_TOURS or f"{family}{given}{born.year}" in seen:
            continue
        seen.add(f"{family}{given}{born.year}")
        yield {
            "family_name": family,
            "given_name": given,
            "family_kana": family_kana,
            "given_kana": given_kana,
            "birth": born.isoformat(),
            "phone": f"045-{100 + len(seen) // 10000:03d}-{len(seen) % 10000:04d}",
        }

"""The agencies of the demo. Names are real (docs/domain.md), phones and people are made up."""

from __future__ import annotations

from dataclasses import dataclass

from carenet.agencies.models import AgencyKind, WardSection
from carenet.agencies.roles import Role

KOHOKU = "141097"
#: The same for every account: the demo listens on the loopback alone.
PASSWORD = "carenet-demo-1201"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Place:
    """An agency of the demo; `slug` begins its accounts' names."""

    slug: str
    kind: AgencyKind
    name: str
    kana: str
    address: str
    phone: str
    section: WardSection | None = None
    #: Where its town lies, roughly: latitude and longitude.
    position: tuple[float, float] | None = None


def _plaza(
    slug: str, name: str, kana: str, address: str, number: int, position: tuple[float, float]
) -> Place:
    full = f"{name}地域ケアプラザ"
    phone = f"045-000-{number:04d}"
    kind = AgencyKind.CARE_PLAZA
    return Place(slug, kind, full, f"{kana}チイキケアプラザ", address, phone, position=position)


#: The positions are the middle of the care service offices published in each town
#: (「厚生労働省 介護サービス情報公表システム」, CC BY): of a town, not of the plaza.
PLAZAS = (
    _plaza("mamedo", "大豆戸", "マメド", "横浜市港北区大豆戸町", 1001, (35.514, 139.626)),
    _plaza("tarumachi", "樽町", "タルマチ", "横浜市港北区樽町", 1002, (35.526, 139.635)),
    _plaza("nippa", "新羽", "ニッパ", "横浜市港北区新羽町", 1003, (35.523, 139.610)),
    _plaza(
        "kozukue", "城郷小机", "シロサトコヅクエ", "横浜市港北区小机町", 1004, (35.508, 139.597)
    ),
    _plaza("shinyoshida", "新吉田", "シンヨシダ", "横浜市港北区新吉田町", 1005, (35.537, 139.605)),
    _plaza(
        "hiyoshi",
        "日吉本町",
        "ヒヨシホンチョウ",
        "横浜市港北区日吉本町",
        1006,
        (35.550, 139.637),
    ),
    _plaza("shimoda", "下田", "シモダ", "横浜市港北区下田町", 1007, (35.559, 139.626)),
    _plaza("takata", "高田", "タカタ", "横浜市港北区高田西", 1008, (35.554, 139.621)),
    _plaza("shinohara", "篠原", "シノハラ", "横浜市港北区篠原町", 1009, (35.505, 139.618)),
)
CORE = Place(
    "kikan",
    AgencyKind.CORE_CONSULTATION_CENTER,
    "港北区基幹相談支援センター",
    "コウホククキカンソウダンシエンセンター",
    "横浜市港北区大豆戸町",
    "045-000-2001",
)
LIFE = Place(
    "seikatsu",
    AgencyKind.LIFE_SUPPORT_CENTER,
    "港北区生活支援センター",
    "コウホククセイカツシエンセンター",
    "横浜市港北区菊名",
    "045-000-2002",
)
COUNCIL = Place(
    "shakyo",
    AgencyKind.SOCIAL_WELFARE_COUNCIL,
    "港北区社会福祉協議会",
    "コウホククシャカイフクシキョウギカイ",
    "横浜市港北区大豆戸町",
    "045-000-2003",
)
WARD = Place(
    "kuyakusho",
    AgencyKind.WARD_OFFICE,
    "港北区役所",
    "コウホククヤクショ",
    "横浜市港北区大豆戸町",
    "045-000-3001",
)
PLACES = (*PLAZAS, CORE, LIFE, COUNCIL, WARD)


def _section(slug: str, section: WardSection, name: str, kana: str, number: int) -> Place:
    return Place(
        slug, AgencyKind.WARD_SECTION, name, kana, WARD.address, f"045-000-{number:04d}", section
    )


#: Two of the sections that the ward office has: what is new goes to them.
SECTIONS = (
    _section(
        "koreishogai",
        WardSection.OLDER_AND_DISABILITY,
        "高齢・障害支援課",
        "コウレイショウガイシエンカ",
        3002,
    ),
    _section("seikatsushien", WardSection.LIVELIHOOD, "生活支援課", "セイカツシエンカ", 3003),
)
#: It closes, so it is made up altogether: not even its name is that of a real one.
CLOSING = Place(
    "mihon",
    AgencyKind.ACTIVITY_HOME,
    "みほん地域活動ホーム港北",
    "ミホンチイキカツドウホームコウホク",
    "横浜市港北区菊名",
    "045-000-2004",
)

#: Who works where: the suffix of the account's name, and the roles it holds.
TEAM: dict[str, frozenset[Role]] = {
    "staff": frozenset({Role.STAFF}),
    "staff2": frozenset({Role.STAFF}),
    "manager": frozenset({Role.MANAGER}),
}
WARD_TEAM: dict[str, frozenset[Role]] = {
    **TEAM,
    "coordinator": frozenset({Role.COORDINATOR}),
    "auditor": frozenset({Role.AUDITOR}),
}

#: Who administers the service: two, as letting a partner's system in takes.
ADMINISTRATORS = ("kanri", "kanri2")

#: Where the pages begin, and an account of the demo that finds something to do there.
DOORS: tuple[dict[str, str], ...] = (
    {"page": "窓口 / desk", "path": "/desk/", "username": "mamedo-staff"},
    {"page": "地域の状況 / review", "path": "/review/", "username": "hiyoshi-coordinator"},
    {"page": "訪問 / pocket", "path": "/pocket/", "username": "hiyoshi-minsei"},
)

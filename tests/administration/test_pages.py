"""The administrators' pages: an agency is set up from nothing, and no record of a person is reached."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from carenet.administration.models import AdministratorAppointment, ClientRequest
from carenet.agencies.models import Agency, ApiClient, Membership, User
from carenet.agencies.roles import Role
from carenet.areas.models import AgencyArea, Area
from carenet.audit.models import AuditEntry
from tests.administration.people import an_administrator, signed_in
from tests.factories import a_session, an_agency

pytestmark = pytest.mark.django_db
AREAS = """\
区分,区域名,全国地方公共団体コード,町名,丁目,番地から,番地まで,適用開始日,適用終了日
ケアプラザ,日吉本町,141097,日吉本町,1,,,,
ケアプラザ,樽町,141097,樽町,x,,,,
"""
MANY = 8


@pytest.fixture
def desk() -> Client:
    """The browser of an administrator."""
    return signed_in(an_administrator().user)


def test_an_administrator_begins_at_the_administration(desk: Client) -> None:
    assert desk.get("/")["Location"] == "/administration/"


def test_an_agency_is_entered_with_its_corporation(desk: Client) -> None:
    answer = desk.post(
        "/administration/agencies/new/",
        {
            "kind": "CARE_PLAZA",
            "name": "みほん地域ケアプラザ",
            "municipality_code": "141097",
            "phone": "045-000-0000",
            "operator_name": "社会福祉法人みほん",
        },
    )
    agency = Agency.objects.get(name="みほん地域ケアプラザ")
    assert answer["Location"] == f"/administration/agencies/{agency.pk}/?done=entered"
    assert agency.operator
    assert agency.operator.name == "社会福祉法人みほん"
    entry = AuditEntry.objects.filter(action="agency.create").latest("time")
    assert entry.actor_kind == "user"
    assert entry.agency_id is None


def test_what_was_typed_stays_when_an_agency_is_refused(desk: Client) -> None:
    answer = desk.post("/administration/agencies/new/", {"name": "みほん", "kind": ""})
    assert answer.status_code == 422
    assert 'value="みほん"' in answer.content.decode()


def test_the_first_manager_comes_by_a_code_and_accepts(desk: Client) -> None:
    agency = an_agency()
    answer = desk.post(
        f"/administration/agencies/{agency.pk}/people/",
        {"person-username": "shocho", "person-name": "所長 一子", "person-roles": ["manager"]},
    )
    code = re.search(r"<strong>([A-Z0-9-]{12,})</strong>", answer.content.decode())
    assert code
    new = Client(headers={"accept-language": "en"})
    new.post(
        "/sign-in/forgotten/",
        {
            "username": "shocho",
            "code": code[1],
            "password": "korega-hajimete-no-2026",
            "password_again": "korega-hajimete-no-2026",
        },
    )
    person = User.objects.get(username="shocho")
    assert person.has_usable_password()
    new.cookies["sessionid"] = a_session(person)
    assert new.get("/")["Location"] == "/account/invitations/"
    invitation = re.search(
        r"/account/invitations/([0-9a-f-]{36})/accept/", _page(new, "/account/invitations/")
    )
    assert invitation
    assert new.post(invitation[0])["Location"] == "/"
    assert Membership.objects.get(user=person).role_set == {Role.MANAGER}


def test_who_has_an_account_already_is_invited_without_a_code(desk: Client) -> None:
    agency, known = an_agency(), an_administrator().user
    answer = desk.post(
        f"/administration/agencies/{agency.pk}/people/",
        {"person-username": known.username, "person-name": "", "person-roles": ["staff"]},
    )
    assert answer["Location"].endswith("?done=invited")
    assert known.username in _page(desk, f"/administration/agencies/{agency.pk}/")


def test_an_area_is_given_and_ended(desk: Client) -> None:
    agency = an_agency()
    area = Area.objects.create(kind="plaza_area", name="日吉", municipality_code="141097")
    here = f"/administration/agencies/{agency.pk}/"
    desk.post(f"{here}areas/", {"area-area": str(area.pk), "area-part": "serves"})
    part = AgencyArea.objects.get(agency=agency)
    assert "日吉" in _page(desk, here)
    desk.post(f"{here}areas/{part.pk}/end/")
    part.refresh_from_db()
    assert part.until


def test_two_administrators_let_a_system_in(desk: Client) -> None:
    other = signed_in(an_administrator().user)
    given = {"agency": str(an_agency().pk), "name": "介護ソフト", "scopes": ["cases:read"]}
    desk.post("/administration/clients/", given)
    request = ClientRequest.objects.get()
    there = f"/administration/clients/requests/{request.pk}/"
    assert desk.post(f"{there}confirm/", {"version": 1}).status_code == 403
    other.post(f"{there}confirm/", {"version": 1})
    secret = desk.post(f"{there}secret/").content.decode()
    client = ApiClient.objects.get()
    assert client.client_id in secret
    desk.post(f"/administration/clients/{client.client_id}/end/")
    assert not ApiClient.objects.exists()


def test_an_administrator_appoints_another_who_accepts(desk: Client) -> None:
    given = {"username": "kanri2", "name": "管理 二郎"}
    assert "kanri2" in desk.post("/administration/administrators/", given).content.decode()
    person = User.objects.get(username="kanri2")
    new = signed_in(person)
    assert new.get("/")["Location"] == "/administration/appointment/"
    assert new.post("/administration/appointment/")["Location"] == "/administration/"
    made = AdministratorAppointment.objects.get(user=person)
    desk.post(f"/administration/administrators/{made.pk}/end/", {"version": made.version})
    assert new.get("/administration/").status_code == 404


def test_a_file_is_looked_at_before_it_changes_anything(desk: Client) -> None:
    looked = _send_areas(desk)
    assert not Area.objects.exists()
    assert "Line 3" in looked
    digest = re.search(r'name="seen"\s+value="([^"]+)"', looked)
    assert digest
    _send_areas(desk, seen=digest[1])
    assert Area.objects.get().name == "日吉本町"


def test_another_file_than_the_one_looked_at_is_looked_at_first(desk: Client) -> None:
    _send_areas(desk, seen="areas 0000")
    assert not Area.objects.exists()


def test_a_broken_file_is_told_beside_the_field(desk: Client) -> None:
    file = SimpleUploadedFile("a.csv", b"\xff\xfe\x00 not a table")
    answer = desk.post("/administration/import/", {"kind": "areas", "file": file})
    assert answer.status_code == 422


def test_the_health_of_the_service_is_told_in_words(desk: Client) -> None:
    page = _page(desk, "/administration/health/")
    assert "Database" in page
    assert "works" in page


@pytest.mark.parametrize(
    "page", ["/desk/", "/desk/people/", "/desk/cases/", "/review/", "/pocket/"]
)
def test_an_administrator_comes_to_no_page_of_casework(desk: Client, page: str) -> None:
    assert desk.get(page).status_code == 403


def test_an_administrator_reaches_nothing_over_the_api(desk: Client) -> None:
    for address in ("residents/", "cases/", "referrals/", "agencies/"):
        assert desk.get(f"/api/v1/{address}").status_code == 403, address


@pytest.mark.parametrize(
    "page", ["", "agencies/", "administrators/", "clients/", "agencies/new/", "import/"]
)
def test_a_page_asks_the_same_whatever_the_rows(desk: Client, page: str) -> None:
    desk.get(f"/administration/{page}")  # the first page of a session notes the device
    few = _statements(desk, page)
    for _each in range(MANY):
        an_agency()
        an_administrator()
    assert _statements(desk, page) == few
    assert few <= 12


def _statements(desk: Client, page: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert desk.get(f"/administration/{page}").status_code == 200
    return sum("SAVEPOINT" not in each["sql"] for each in asked.captured_queries)


def _page(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def _send_areas(desk: Client, seen: str = "") -> str:
    file = SimpleUploadedFile("areas.csv", AREAS.encode())
    given = {"kind": "areas", "file": file, "seen": seen}
    return desk.post("/administration/import/", given).content.decode()

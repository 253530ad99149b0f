"""Whatever stands in a body: it is understood, or refused with a 4xx that says why."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.residents.models import Resident
from tests.factories import a_case, a_member, a_resident, a_system, an_agency
from tests.rest.raw_requests import JSON, code_of, pointers_of, post_bytes, problem_of

if TYPE_CHECKING:
    from rest_framework.response import _MonkeyPatchedResponse as Answer

RESIDENTS = "/api/v1/residents/"
CONSULTATIONS = "/api/v1/consultations/"
DEEP = 100_000


def send(client: APIClient, body: bytes, content_type: str = JSON) -> Answer:
    return post_bytes(client, RESIDENTS, body, content_type)


def a_call(**more: Any) -> dict[str, Any]:
    """A consultation, complete but for what the test is about."""
    return {
        "channel": "phone",
        "relationship": "self",
        "topics": ["health"],
        "main_topic": "health",
        "content": "眠れない",
    } | more


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"",
        b'{"family_name": "a"} {}',
        b'{"family_name": NaN}',
        b"{'family_name': 'a'}",
        b'\xef\xbb\xbf{"family_name": "a"}',
        b'{"family_name": "\xff"}',
        '{"family_name": "あ"}'.encode("cp932"),
        '{"family_name": "a"}'.encode("utf-16"),
        b'{"birth_year": ' + b"9" * 5000 + b"}",
        b"[" * DEEP,
        b'{"family_name": ' * DEEP,
        b'{"family_name": ' + b"[" * 900 + b"]" * 900 + b"}",
        b"[]",
        b"null",
        b'"family_name"',
        b"17",
    ],
    ids=lambda body: repr(body[:24]),
)
def test_what_is_not_one_json_object_is_refused(client: APIClient, body: bytes) -> None:
    problem_of(send(client, body), 400)
    assert not Resident.objects.exists()


def test_a_partners_system_is_told_the_same(plaza: Agency) -> None:
    assert code_of(send(a_system(plaza), b"["), 400) == "parse_error"


def test_where_it_breaks_off_is_said_in_the_readers_language(client: APIClient) -> None:
    language = {"Accept-Language": "ja"}
    answer = post_bytes(client, RESIDENTS, b'{"family_name":', **language)
    assert answer.json()["detail"].startswith("1 行目の 16 文字目から")


@pytest.mark.parametrize("charset", ["utf-8", "shift_jis", "utf-16", "hex", "idna", "none-such"])
def test_json_is_utf_8_whatever_charset_is_claimed(client: APIClient, charset: str) -> None:
    body = json.dumps({"family_name": "髙橋"}, ensure_ascii=False).encode()
    answer = send(client, body, f"application/json; charset={charset}")
    assert answer.json()["family_name"] == "髙橋"


def test_a_body_that_is_too_large_is_not_read(client: APIClient) -> None:
    answer = send(client, b'{"family_name": "' + b"a" * 20_000_000 + b'"}')
    assert code_of(answer, 413) == "too_large"


@pytest.mark.parametrize("text", [r"\u0000", r"髙\u0000橋", r"\ud800", r"\udc00\ud800"])
def test_text_that_cannot_be_kept_is_pointed_at(client: APIClient, text: str) -> None:
    answer = send(client, b'{"family_name": "%s"}' % text.encode())
    assert pointers_of(answer) == ["/family_name"]


@pytest.mark.parametrize("name", [r"\u0000", r"\ud800"])
def test_so_is_a_field_name_that_cannot_be_written(client: APIClient, name: str) -> None:
    answer = send(client, b'{"family_name": "a", "%s": 1}' % name.encode())
    assert pointers_of(answer) == [""]


def test_a_choice_that_cannot_be_written_is_refused(client: APIClient) -> None:
    body = json.dumps(a_call(channel="\ud800")).encode()
    answer = post_bytes(client, CONSULTATIONS, body)
    assert pointers_of(answer) == ["/channel"]


@pytest.mark.parametrize("field", ["family_name", "given_name", "family_kana", "address", "phone"])
def test_text_over_its_length_is_refused(client: APIClient, field: str) -> None:
    answer = client.post(RESIDENTS, {"family_name": "髙橋", field: "あ" * 301})
    (error,) = problem_of(answer, 400)["errors"]
    assert (error["pointer"], error["code"]) == (f"/{field}", "max_length")


@pytest.mark.parametrize("text", [["a"], {"a": 1}, True, None])
def test_text_is_text(client: APIClient, text: object) -> None:
    assert pointers_of(client.post(RESIDENTS, {"family_name": text})) == ["/family_name"]


@pytest.mark.parametrize(
    "year", [0, -1, 1879, 2200, 10_000, 2**63, 10**400, 1941.5, "1941年", "9" * 5000, True, [1941]]
)
def test_a_birth_year_is_a_year_that_can_be(client: APIClient, year: object) -> None:
    answer = client.post(RESIDENTS, {"family_name": "髙橋", "birth_year": year})
    assert pointers_of(answer) == ["/birth_year"]


def test_a_number_beyond_all_numbers_is_refused(client: APIClient) -> None:
    answer = send(client, b'{"family_name": "a", "birth_year": 1e999}')
    assert pointers_of(answer) == ["/birth_year"]


@pytest.mark.parametrize(
    "day",
    ["0001-01-01", "9999-12-31", "1941-02-30", "昭和16年", "1941", 19410101, ["1941-01-01"]],
)
def test_a_day_that_nobody_can_mean_is_refused(client: APIClient, day: object) -> None:
    answer = client.post(RESIDENTS, {"family_name": "髙橋", "birth_date": day})
    assert pointers_of(answer) == ["/birth_date"]


@pytest.mark.parametrize(
    "moment",
    [
        "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59Z",
        "9999-12-31T23:59:59-12:00",
        "2026-01-05T10:00:00+99:99",
        "2026-02-30T10:00:00+09:00",
        "2026-01-05T25:00:00+09:00",
        "10:00",
        1_767_571_200,
    ],
)
def test_a_time_that_nobody_can_mean_is_refused(client: APIClient, moment: object) -> None:
    answer = client.post(CONSULTATIONS, a_call(received_at=moment))
    assert pointers_of(answer) == ["/received_at"]


def test_a_time_without_its_offset_is_refused(client: APIClient) -> None:
    answer = client.post(CONSULTATIONS, a_call(received_at="2026-01-05T10:00:00"))
    (error,) = problem_of(answer, 400)["errors"]
    assert (error["pointer"], error["code"]) == ("/received_at", "no_offset")


def test_times_come_back_with_their_offset(client: APIClient) -> None:
    answer = client.post(CONSULTATIONS, a_call(received_at="2026-01-05T01:00:00Z"))
    assert answer.json()["received_at"] == "2026-01-05T10:00:00+09:00"


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00", "9999-12-31T23:59:59"])
@pytest.mark.parametrize(
    ("part", "field", "words"),
    [
        ("notes", "happened_at", {"kind": "fact", "text": "訪問"}),
        (
            "grants",
            "until",
            {"permission": "view_case", "basis": "WITHIN_PURPOSE", "reason": "会議"},
        ),
        ("named-members", "until", {}),
    ],
)
def test_the_ends_of_the_calendar_break_nothing(
    client: APIClient, staff: Actor, moment: str, part: str, field: str, words: dict[str, str]
) -> None:
    address = f"/api/v1/cases/{a_case(staff).pk}/{part}/"
    problem_of(client.post(address, words | {field: moment}), 400)
    assert client.get(address).json()["results"] == []


@pytest.mark.parametrize("day", ["0001-01-01", "0001-01-02", "1600-01-01", "9999-12-31"])
def test_a_next_action_lies_in_a_year_that_can_be(
    client: APIClient, staff: Actor, day: str
) -> None:
    case = a_case(staff)
    answer = client.patch(
        f"/api/v1/cases/{case.pk}/",
        {"next_action": "電話", "next_action_on": day},
        headers={"If-Match": '"1"'},
    )
    assert pointers_of(answer) == ["/next_action_on"]


def test_a_list_can_be_followed_past_an_old_next_action(client: APIClient, staff: Actor) -> None:
    for day in ("1880-01-01", "2199-12-31"):
        client.patch(
            f"/api/v1/cases/{a_case(staff).pk}/",
            {"next_action": "電話", "next_action_on": day},
            headers={"If-Match": '"1"'},
        )
    first = client.get("/api/v1/cases/?limit=1").json()
    second = client.get(first["next"]).json()
    assert client.get(second["previous"]).json()["results"] == first["results"]


@pytest.mark.parametrize("wrong", ["17", "x", 17, True, [], {}, "０" * 31, "g" * 32])
def test_an_id_is_a_uuid_of_something_within_reach(client: APIClient, wrong: object) -> None:
    assert pointers_of(client.post(CONSULTATIONS, a_call(subject=wrong))) == ["/subject"]


def test_an_unknown_id_reads_like_one_out_of_reach(client: APIClient) -> None:
    foreign = a_resident(a_member(an_agency()))
    answers = [
        problem_of(client.post(CONSULTATIONS, a_call(subject=str(pk))), 400)
        for pk in (foreign.pk, uuid4())
    ]
    assert answers[0] == answers[1]


def test_a_list_of_ids_points_at_the_bad_one(client: APIClient, staff: Actor) -> None:
    note = {
        "kind": "fact",
        "text": "訪問",
        "audience": "named",
        "happened_at": (timezone.now() - timedelta(hours=1)).isoformat(),
        "readers": [str(staff.user_id), "x"],
    }
    answer = client.post(f"/api/v1/cases/{a_case(staff).pk}/notes/", note)
    assert pointers_of(answer) == ["/readers/1"]


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Carenet-Agency", "x"),
        ("Carenet-Agency", ""),
        ("Carenet-Purpose", "%00"),
        ("Carenet-Purpose", "%0Ainjected"),
        ("Carenet-Purpose", "%ED%A0%80"),
        ("Carenet-Purpose", "%FF"),
        ("Idempotency-Key", ""),
        ("Idempotency-Key", "鍵"),
        ("Idempotency-Key", "x" * 256),
    ],
)
def test_a_header_that_cannot_be_meant_is_named(client: APIClient, header: str, value: str) -> None:
    client.credentials()
    answer = client.post(RESIDENTS, {"family_name": "髙橋"}, headers={header: value})
    assert pointers_of(answer) == [f"/{header}"]


@pytest.mark.parametrize("value", ["%00", "%0A", "%FF"])
def test_so_is_the_name_of_a_person_behind_a_system(plaza: Agency, value: str) -> None:
    answer = a_system(plaza).post(
        RESIDENTS, {"family_name": "髙橋"}, headers={"Carenet-Acting-Person": value}
    )
    assert pointers_of(answer) == ["/Carenet-Acting-Person"]

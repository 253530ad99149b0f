"""Japanese first, English second: every sentence has its Japanese, and the API speaks it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from django.utils.translation import override
from rest_framework.test import APIClient

from carenet.agencies.models import AgencyKind
from carenet.referrals.states import ReferralStatus
from carenet.reminders.actions import work_once
from launch import messages
from launch.messages import as_mo, gathered, texts, untranslated, written
from launch.output import LaunchError
from tests.factories import a_member, a_sent_referral, an_agency, api

RUN = "run `python3 run.py messages`, write the Japanese into the .po, run it again"
#: `%(name)s`, `{name}`, `{name:X}`; not `%` alone, and not the `{ … }` that shows an object.
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\w+(?::\w+)?\}")
JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠、；：（「～]")
SAME_IN_BOTH = {"FAX", "Redis"}
IMPORT = "from django.utils.translation import gettext as _, ngettext"
#: The names of docs/referrals.md, as people know them.
STATUSES = {
    "draft": "下書き",
    "discarded": "破棄",
    "sent": "未確認",
    "received": "検討中",
    "info_needed": "回答待ち",
    "accepted": "引受済み",
    "in_progress": "対応中",
    "on_hold": "保留中",
    "decline_proposed": "辞退の回答あり",
    "declined": "辞退",
    "withdrawn": "取下げ",
    "completed": "完了",
    "failed": "支援につながらず終了",
    "closed": "完結",
    "void": "取消（誤登録）",
}
#: The names of ../shared/design/domain.md.
KINDS = {
    "WARD_OFFICE": "区役所",
    "WARD_SECTION": "区役所の課",
    "CARE_PLAZA": "地域ケアプラザ",
    "CORE_CONSULTATION_CENTER": "基幹相談支援センター",
    "LIFE_SUPPORT_CENTER": "生活支援センター",
    "SOCIAL_WELFARE_COUNCIL": "社会福祉協議会",
    "CHILD_GUIDANCE_CENTER": "児童相談所",
    "SELF_RELIANCE_AGENCY": "自立相談支援機関",
    "ACTIVITY_HOME": "障害者地域活動ホーム",
    "CARE_SERVICE_OFFICE": "介護サービス事業所",
    "MEDICAL": "医療機関",
    "WATCH_PARTNER": "見守り協力事業者",
    "NEIGHBOURHOOD_ASSOCIATION": "自治会町内会",
    "COMMISSIONERS_COUNCIL": "民児協",
}


@pytest.fixture(scope="module")
def known() -> Catalog:
    """What stands in the .po."""
    return written()


@pytest.fixture(scope="module")
def said(known: Catalog) -> Catalog:
    """What the code says now, with what the .po knows of it."""
    return gathered(known)


def test_everything_that_is_said_has_its_japanese(said: Catalog) -> None:
    assert [message.id for message in untranslated(said)] == [], RUN


def test_nothing_in_the_po_is_a_guess(known: Catalog) -> None:
    assert [message.id for message in untranslated(known)] == [], RUN


def test_the_po_keeps_nothing_that_is_no_longer_said(known: Catalog, said: Catalog) -> None:
    assert messages.messages(known).keys() - messages.messages(said).keys() == set(), RUN
    assert not known.obsolete


def test_the_mo_is_what_the_po_compiles_to(known: Catalog) -> None:
    assert messages.MO.read_bytes() == as_mo(known), RUN


def test_a_second_run_writes_the_same(said: Catalog) -> None:
    assert messages.as_po(gathered(said)) == messages.as_po(said)


def test_placeholders_survive_translation(known: Catalog) -> None:
    differing = {
        msgid: string
        for msgid, string in translations(known)
        if sorted(PLACEHOLDER.findall(msgid)) != sorted(PLACEHOLDER.findall(string))
    }
    assert differing == {}


def test_the_japanese_is_japanese(known: Catalog) -> None:
    left = {
        msgid
        for msgid, string in translations(known)
        if not JAPANESE.search(PLACEHOLDER.sub("", string))
    }
    assert left == SAME_IN_BOTH


def translations(catalog: Catalog) -> Iterable[tuple[str, str]]:
    """Each msgid beside its translation; of a plural, whose Japanese has one form, the plural."""
    for message in messages.messages(catalog).values():
        yield texts(message.id)[-1], texts(message.string)[-1]


def test_statuses_of_a_referral_are_called_as_in_the_glossary() -> None:
    with override("ja"):
        assert {status.value: str(status.label) for status in ReferralStatus} == STATUSES


def test_kinds_of_agencies_are_called_as_in_the_glossary() -> None:
    with override("ja"):
        assert {kind.value: str(kind.label) for kind in AgencyKind} == KINDS


def test_what_an_f_string_says_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = """x = f"{_('Password')}: {ngettext('a line', 'lines', 2)}" """
    gathers_from(tmp_path, f"{IMPORT}\n{code}\n", monkeypatch)
    found = [said.msgid for said in messages.messages_of_code()]
    assert found == ["Password", ("a line", "lines")]


def test_a_sentence_that_cannot_be_found_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gathers_from(tmp_path, f"{IMPORT}\nsentence = 'Hello'\nprint(_(sentence))\n", monkeypatch)
    with pytest.raises(LaunchError, match=r"carenet/module\.py:3"):
        list(messages.messages_of_code())


def gathers_from(folder: Path, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the tool find nothing but this module."""
    (folder / "carenet").mkdir()
    (folder / "carenet" / "module.py").write_text(code, encoding="utf-8")
    monkeypatch.setattr(messages, "PROJECT", folder)


@pytest.mark.django_db
def test_whoever_has_not_signed_in_is_told_how() -> None:
    japanese, english = in_both_languages(APIClient(), "/api/v1/cases/", 401)
    assert (japanese["title"], english["title"]) == ("ログインしてください", "Sign in first")
    assert "ログインするか" in japanese["detail"]
    assert english["detail"].startswith("Sign in under")


@pytest.mark.django_db
def test_an_address_that_leads_nowhere_answers_in_the_readers_language() -> None:
    japanese, english = in_both_languages(APIClient(), "/nowhere/", 404)
    assert (japanese["title"], english["title"]) == ("見つかりません", "Not found")


@pytest.mark.django_db
def test_errors_of_the_framework_are_translated_where_it_does_not_do_so_itself() -> None:
    body = {"family_name": "", "given_name": [], "address_protected": "perhaps"}
    client = api(a_member(an_agency()))
    japanese, english = in_both_languages(client, "/api/v1/residents/", 400, body)
    assert details(english) == {
        "/family_name": "This field may not be blank.",
        "/given_name": "Not a valid string.",
        "/address_protected": "Must be a valid boolean.",
    }
    assert details(japanese) == {
        "/family_name": "この項目は空にできません。",
        "/given_name": "文字列を指定してください。",
        "/address_protected": "true または false を指定してください。",
    }


@pytest.mark.django_db
def test_a_reminder_is_read_in_the_readers_language() -> None:
    core = an_agency(AgencyKind.CORE_CONSULTATION_CENTER)
    desk = a_member(core)
    referral = a_sent_referral(a_member(an_agency()), core)
    assert referral.due_at
    while work_once(now=referral.due_at):
        pass
    japanese, english = in_both_languages(api(desk), "/api/v1/reminders/", 200)
    assert [entry["text"] for entry in japanese["results"]] == [
        f"つなぎ {referral.code} が返答を待っています。"
    ]
    assert [entry["text"] for entry in english["results"]] == [
        f"Referral {referral.code} waits for an answer."
    ]


@pytest.mark.django_db
def test_a_refused_verb_names_verb_and_status_as_the_glossary_does() -> None:
    core = an_agency(AgencyKind.CORE_CONSULTATION_CENTER)
    desk = a_member(core)
    referral = a_sent_referral(a_member(an_agency()), core)
    address = f"/api/v1/referrals/{referral.pk}/complete/"
    body = {"outcome": "service_started", "report": "済み"}
    japanese, english = in_both_languages(api(desk), address, 409, body)
    assert "「未確認」" in japanese["detail"]
    assert "「完了を報告する」" in japanese["detail"]
    assert "“sent”" in english["detail"]


@pytest.mark.django_db
def test_who_asks_for_another_language_gets_japanese() -> None:
    answer = APIClient().get("/nowhere/", headers={"accept-language": "fr"})
    assert answer["Content-Language"] == "ja"
    assert answer.json()["title"] == "見つかりません"


def in_both_languages(
    client: APIClient, address: str, status: int, body: object = None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what the address answers without a wish and to a wish for English."""
    documents = []
    for wish, language in ((None, "ja"), ("en", "en")):
        client.defaults.pop("HTTP_ACCEPT_LANGUAGE", None)
        if wish:
            client.defaults["HTTP_ACCEPT_LANGUAGE"] = wish
        answer = client.get(address) if body is None else client.post(address, body)
        assert answer.status_code == status, answer.content
        assert answer["Content-Language"] == language
        assert "Accept-Language" in answer["Vary"]
        documents.append(answer.json())
    return documents[0], documents[1]


def details(problem: dict[str, Any]) -> dict[str, str]:
    return {error["pointer"]: error["detail"] for error in problem["errors"]}

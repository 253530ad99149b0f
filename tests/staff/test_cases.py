"""The case page: person, those involved with their basis, one timeline, the next action, the pack."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from carenet.access.models import AccessEntry
from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.audit.models import AuditAction, AuditEntry
from carenet.cases.actions.cases import move, restrict
from carenet.cases.actions.notes import write_note
from carenet.cases.models import Case, ProgressNote
from carenet.cases.selectors.case_list import case_count
from carenet.cases.states import OPEN, CaseVerb
from carenet.core import clock
from carenet.referrals.actions import acceptance_and_outcome
from carenet.staff.pages import cases
from carenet.watchover.actions.check_ins import check_in
from tests.factories import a_case, a_member, a_resident, a_sent_referral, an_agency
from tests.staff.browser import session_of
from tests.watchover.watches import a_neighbourhood, a_watch

pytestmark = pytest.mark.django_db
NOTE = {
    "text": "電話あり", "happened_at": "けさ", "kind": "fact", "audience": "case",
    "channel": "phone", "with_whom": ["self", "family"], "minutes": "20",
}  # fmt: skip


def desk(actor: Actor) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["sessionid"] = session_of(actor)
    return client


def of(case: Any) -> str:
    return f"/desk/cases/{case.pk}/"


def test_the_list_shows_the_cases_of_the_agency_and_no_others() -> None:
    actor = a_member(an_agency())
    own, other = a_case(actor), a_case(a_member(an_agency()))
    page = desk(actor).get("/desk/cases/").content.decode()
    assert own.code in page
    assert other.code not in page


@pytest.mark.parametrize("query", [{"status": "x"}, {"after": "x"}, {"before": "\0"}])
def test_a_filter_that_nobody_offers_is_refused(query: dict[str, str]) -> None:
    assert desk(a_member(an_agency())).get("/desk/cases/", query).status_code == 400


def test_the_list_says_how_many_there_are_and_reaches_those_that_have_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cases, "MOST", 2)
    actor = a_member(an_agency())
    made = [a_case(actor) for _ in range(4)]
    move(actor=actor, case_id=made[0].pk, verb=CaseVerb.CLOSE, reason="other")
    assert "3 cases" in desk(actor).get("/desk/cases/").content.decode()
    ended = desk(actor).get("/desk/cases/", {"status": "closed"})
    assert ended.context["cases"] == [made[0]]
    assert "1 case<" in ended.content.decode()


def test_one_turns_to_the_next_case_of_the_list_and_back() -> None:
    actor = a_member(an_agency())
    first, second = a_case(actor), a_case(actor)
    client = desk(actor)
    assert client.get(f"{of(first)}next/").headers["location"] == of(second)
    assert client.get(f"{of(second)}previous/").headers["location"] == of(first)
    assert client.get(f"{of(second)}next/").headers["location"] == "/desk/cases/"


def hidden(actor: Actor) -> Case:
    """Return a case of another agency that the index still names to the actor's."""
    case = a_case(a_member(an_agency()))
    AccessEntry.objects.filter(object_id=case.pk).update(agency=actor.agency)
    return case


def test_what_may_not_be_seen_is_passed_over() -> None:
    actor = a_member(an_agency())
    first, _hidden, second = a_case(actor), hidden(actor), a_case(actor)
    client = desk(actor)
    assert client.get(f"{of(first)}next/").headers["location"] == of(second)
    assert client.get(f"{of(second)}previous/").headers["location"] == of(first)


def test_what_may_not_be_seen_is_not_counted() -> None:
    actor = a_member(an_agency())
    a_case(actor)
    hidden(actor)
    assert case_count(actor, statuses=sorted(OPEN), most=10) == 1


def test_it_tells_who_is_involved_and_on_which_basis() -> None:
    lead, other = a_member(an_agency()), a_member(an_agency())
    case = a_case(lead)
    referral = a_sent_referral(lead, other.agency, case)
    acceptance_and_outcome.accept(actor=other, referral_id=referral.pk)
    involved = desk(lead).get(of(case)).context["involved"]
    assert [each.name for each in involved] == [lead.agency.name, other.agency.name]
    assert involved[1].basis == "within the purpose of collection"


def test_one_timeline_holds_record_and_referrals() -> None:
    lead = a_member(an_agency())
    case = a_case(lead)
    a_sent_referral(lead, an_agency(), case)
    assert desk(lead).post(f"{of(case)}notes/", NOTE).status_code == 303
    timeline = desk(lead).get(of(case)).context["timeline"]
    assert {entry.kind for entry in timeline} == {"Record of support", "Referral"}
    assert [entry.at for entry in timeline] == sorted((each.at for each in timeline), reverse=True)


def test_the_timeline_tells_how_a_contact_came_about() -> None:
    lead = a_member(an_agency())
    case = a_case(lead)
    desk(lead).post(f"{of(case)}notes/", NOTE)
    [entry] = desk(lead).get(of(case)).context["timeline"]
    assert entry.heading == "fact (phone, the person, family, 20 minutes)"


@pytest.mark.parametrize(
    ("said", "wrong", "status"),
    [
        ({"channel": ""}, {"channel"}, 422),
        ({"with_whom": []}, {"with_whom"}, 422),
        ({"minutes": "0"}, {"minutes"}, 422),
        ({"channel": "none"}, {"with_whom"}, 400),
    ],
)
def test_a_note_says_how_and_with_whom(said: dict[str, Any], wrong: set[str], status: int) -> None:
    lead = a_member(an_agency())
    answer = desk(lead).post(f"{of(a_case(lead))}notes/", NOTE | said)
    assert answer.status_code == status
    assert set(answer.context["form"].errors) == wrong


def test_a_note_without_a_contact_leaves_out_with_whom_the_form_took_it_to_be() -> None:
    lead = a_member(an_agency())
    said = NOTE | {"channel": "none", "with_whom": "self", "minutes": ""}
    assert desk(lead).post(f"{of(a_case(lead))}notes/", said).status_code == 303
    assert ProgressNote.objects.get().with_whom == []


def test_the_next_note_begins_with_the_way_of_the_last_one() -> None:
    lead = a_member(an_agency())
    client, there = desk(lead), f"{of(a_case(lead))}notes/"
    assert client.get(there).context["form"]["channel"].value() == "phone"
    client.post(there, NOTE | {"channel": "visit"})
    assert client.get(there).context["form"]["channel"].value() == "visit"


def test_the_form_of_a_note_comes_alone_into_the_page_of_its_case() -> None:
    lead = a_member(an_agency())
    there, htmx = f"{of(a_case(lead))}notes/", {"HX-Request": "true"}
    part = desk(lead).get(there, headers=htmx).content.decode()
    assert 'id="note-text"' in part
    assert "<h1" not in part
    manager = a_member(lead.agency, Role.MANAGER)
    assert desk(manager).get(there, headers=htmx).status_code == 403


def test_while_one_writes_the_timeline_is_narrowed_as_on_the_page_of_the_case() -> None:
    lead = a_member(an_agency())
    case = a_case(lead)
    page = desk(lead).get(f"{of(case)}notes/", {"show": "note"})
    assert page.context["story"].wanted.show == "note"
    there = desk(lead).post(f"{of(case)}notes/?show=note", NOTE).headers["location"]
    assert there == f"{of(case)}?done=note&show=note"


def test_a_note_is_corrected_by_its_agency_for_the_same_readers() -> None:
    lead = a_member(an_agency())
    case = a_case(lead)
    desk(lead).post(f"{of(case)}notes/", NOTE)
    note = ProgressNote.objects.get()
    there = f"{of(case)}notes/{note.pk}/correct/"
    assert there in desk(lead).get(of(case)).content.decode()
    form = desk(lead).get(there).context["form"]
    typed = {name: form[name].value() for name in form.fields} | {"text": "電話なし"}
    assert desk(lead).post(there, typed).status_code == 303
    correction = ProgressNote.objects.get(corrects=note)
    assert (correction.text, correction.audience) == ("電話なし", "case")
    assert correction.happened_at == note.happened_at
    [entry] = desk(lead).get(of(case)).context["timeline"]
    assert entry.corrected
    assert desk(lead).get(there).status_code == 409


def test_of_a_note_for_named_persons_its_author_reads_the_correction() -> None:
    lead = a_member(an_agency())
    case = a_case(lead)
    colleague = a_member(lead.agency)
    note = write_note(
        actor=lead, case_id=case.pk, text="所見", happened_at=clock.now(), kind="opinion",
        audience="named", readers=[colleague.user_id],
    )  # fmt: skip
    there = f"{of(case)}notes/{note.pk}/correct/"
    form = desk(colleague).get(there).context["form"]
    typed = {name: form[name].value() for name in form.fields}
    assert (
        desk(colleague).post(there, typed | {"channel": "none", "minutes": ""}).status_code == 303
    )
    assert set(ProgressNote.objects.get(corrects=note).readers) == {
        colleague.user_id,
        lead.user_id,
    }


def test_nobody_corrects_what_another_agency_wrote() -> None:
    lead, other = a_member(an_agency()), a_member(an_agency())
    case = a_case(lead)
    accept = acceptance_and_outcome.accept
    accept(actor=other, referral_id=a_sent_referral(lead, other.agency, case).pk)
    desk(lead).post(f"{of(case)}notes/", NOTE)
    there = f"{of(case)}notes/{ProgressNote.objects.get().pk}/correct/"
    assert there not in desk(other).get(of(case)).content.decode()
    assert desk(other).get(there).status_code == 404


def test_a_case_is_opened_without_a_consultation() -> None:
    actor = a_member(an_agency())
    person = a_resident(actor)
    there = f"/desk/people/{person.pk}/case/"
    assert there in desk(actor).get(f"/desk/people/{person.pk}/").content.decode()
    answer = desk(actor).post(there, {"summary": "退院後の生活", "confidentiality": "restricted"})
    case = Case.objects.get(resident=person)
    assert answer.headers["location"] == f"{of(case)}?done=open"
    assert (case.restricted, case.consultation) == (True, None)
    assert case.code in desk(actor).get(there).content.decode()


def test_it_leads_to_the_consultations_of_the_case() -> None:
    lead = a_member(an_agency())
    case = a_case(lead)
    there = f"/desk/consultations/?case={case.pk}"
    assert f'href="{there}"' in desk(lead).get(of(case)).content.decode()
    assert desk(lead).get(there).status_code == 200


def test_a_note_of_another_agency_stays_its_own() -> None:
    lead, other = a_member(an_agency()), a_member(an_agency())
    case = a_case(lead)
    referral = a_sent_referral(lead, other.agency, case)
    acceptance_and_outcome.accept(actor=other, referral_id=referral.pk)
    note = NOTE | {"text": "内部の所見", "kind": "opinion", "audience": "agency"}
    desk(lead).post(f"{of(case)}notes/", note)
    assert "内部の所見" in desk(lead).get(of(case)).content.decode()
    assert "内部の所見" not in desk(other).get(of(case)).content.decode()


def test_whoever_may_not_change_it_reads_why() -> None:
    lead = a_member(an_agency())
    case = a_case(lead)
    manager = a_member(lead.agency, Role.MANAGER)
    page = desk(manager).get(of(case))
    assert "staff" in str(page.context["denials"][0].basis)


def test_a_protected_address_is_shown_to_nobody_who_lacks_the_right() -> None:
    lead, other = a_member(an_agency()), a_member(an_agency())
    person = a_resident(lead, address="大豆戸町26-1", address_protected=True)
    case = a_case(lead, person)
    referral = a_sent_referral(lead, other.agency, case)
    acceptance_and_outcome.accept(actor=other, referral_id=referral.pk)
    for path in (of(case), f"{of(case)}pack/"):
        assert "大豆戸町" in desk(lead).get(path).content.decode()
        assert "大豆戸町" not in desk(other).get(path).content.decode()


def test_a_restricted_case_is_seen_by_those_who_are_named() -> None:
    lead = a_member(an_agency())
    case = a_case(lead)
    restrict(actor=lead, case_id=case.pk)
    assert desk(lead).get(of(case)).status_code == 200
    assert desk(a_member(lead.agency)).get(of(case)).status_code == 404


def test_the_pack_prints_what_one_may_see_and_names_nobody_in_its_title() -> None:
    lead = a_member(an_agency())
    case = a_case(lead, a_resident(lead, family_name="秘密野"))
    page = desk(lead).get(f"{of(case)}pack/").content.decode()
    assert "秘密野" in page
    assert "秘密野" not in page.split("</title>")[0]


def test_what_hangs_on_it_is_in_the_trail_under_the_names_of_the_api() -> None:
    who = a_neighbourhood()
    watch = a_watch(who)
    case = a_case(who.desk, watch.resident)
    referral = a_sent_referral(who.desk, who.watcher.agency, case)
    visit = check_in(actor=who.desk, assignment_id=watch.pk, outcome="met")
    desk(who.desk).get(of(case))
    read = AuditEntry.objects.filter(deed=AuditAction.READ)
    seen = {(each.object_kind, pk) for each in read for pk in each.object_ids}
    assert seen >= {
        ("referral", referral.pk),
        ("watchassignment", watch.pk),
        ("checkin", visit.pk),
    }


def test_what_is_typed_into_the_record_is_there_again_until_it_is_kept() -> None:
    lead = a_member(an_agency())
    case, key = a_case(lead), str(uuid4())
    client, there = desk(lead), f"{of(case)}notes/"
    client.post(f"{there}draft/", {"text": "途中まで", "with_whom": ["self", "family"]})
    form = client.get(there).context["form"]
    assert (form["text"].value(), form["with_whom"].value()) == ("途中まで", ["self", "family"])
    client.post(f"{there}draft/", {"text": "途中まで"})
    assert client.get(there).context["form"]["with_whom"].value() == []
    assert client.post(there, NOTE | {"once": key}).status_code == 303
    client.post(f"{there}draft/", {"text": "遅れて届いた", "once": key})
    assert client.get(there).context["form"]["text"].value() is None


def test_a_draft_of_the_record_is_its_writers_alone_and_thrown_away() -> None:
    lead = a_member(an_agency())
    case = a_case(lead)
    client, there = desk(lead), f"{of(case)}notes/"
    client.post(f"{there}draft/", {"text": "途中まで"})
    assert "途中まで" not in desk(a_member(lead.agency)).get(there).content.decode()
    assert not client.get("/desk/consultations/new/").context["drafts"]
    client.post(f"{there}draft/", {"discard": "1"})
    assert "途中まで" not in client.get(there).content.decode()


def test_whoever_works_in_two_agencies_keeps_a_draft_for_each() -> None:
    lead = a_member(an_agency())
    case, other = a_case(lead), a_member(an_agency(), user=lead.user)
    referral = a_sent_referral(lead, other.agency, case)
    acceptance_and_outcome.accept(actor=other, referral_id=referral.pk)
    there = f"/desk/cases/{case.pk}/notes/"
    for actor, text in ((lead, "主担として"), (other, "協力機関として")):
        assert desk(actor).post(f"{there}draft/", {"text": text}).status_code == 200
    assert "主担として" in desk(lead).get(there).content.decode()
    assert "主担として" not in desk(other).get(there).content.decode()

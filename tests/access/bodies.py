"""What each write sends: as the one who may do it would, so that nothing but permission refuses it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from tests.access.abuse import abuse_bodies
from tests.access.clients import credentials
from tests.access.names import FAMILY_NAME
from tests.access.personas import FORM, JSON, MULTIPART
from tests.access.scene import Scene
from tests.access.watch import watch_bodies
from tests.factories import PASSWORD, PDF

CONSULTATION = {
    "channel": "phone", "relationship": "self", "topics": ["care"], "main_topic": "care",
    "content": "介護のこと", "subject_description": "本人",
}  # fmt: skip
NOTE = {"kind": "fact", "text": "訪問した", "happened_at": "2026-01-05T10:00:00+09:00"}
WORDS = {
    "kind": "CO_SUPPORT",
    "need": "assessment",
    "reason": "見立て",
    "sharing_basis": "WITHIN_PURPOSE",
}
ASSESSMENT = {
    "occasion": "first", "assessed_on": "2026-01-05",
    "findings": [{"domain": "health", "concern": "some", "text": "ふらつき"}],
}  # fmt: skip
PLAN = {"overall_aim": "家で暮らす", "goals": [{"what": "転ばない", "others": "本人"}]}
LATER = f"{timezone.localdate() + timedelta(days=60)}"
AGREEMENT = {"agreed_on": "2026-01-05", "valid_from": "2026-01-05", "review_on": LATER}
REVIEW = {
    "reviewed_on": "2026-01-05", "outcome": "continue", "note": "続ける",
    "next_review_on": LATER,
}  # fmt: skip
WHY = {"reason": "本人が辞退"}
ENDING = {"reason": "goal_reached"}

#: Method and address → body; an empty one for verbs that need no words.
BODIES: dict[str, Callable[[Scene], dict[str, Any]]] = {
    "POST agencies/<uuid:agency_id>/invitations/": lambda _: {"username": "newcomer", "roles": ["staff"]},
    "PATCH agencies/<uuid:agency_id>/members/<uuid:id>/": lambda _: {"roles": ["staff", "coordinator"]},
    "POST agencies/<uuid:agency_id>/members/<uuid:id>/hand-out-code/": lambda _: {"purpose": "password"},
    "PATCH agencies/<uuid:agency_id>/calendar/": lambda _: {"closed_on_holidays": False},
    "PUT agencies/<uuid:agency_id>/capacity/": lambda _: {"state": "limited", "note": "火曜のみ"},
    "POST agencies/<uuid:agency_id>/calendar/exceptions/": lambda _: {"on": "2030-01-08"},
    "POST agencies/<uuid:agency_id>/members/<uuid:member_id>/absences/": lambda _: {
        "since": f"{LATER}T09:00:00+09:00", "until": f"{LATER}T18:00:00+09:00"
    },
    "POST agencies/<uuid:agency_id>/chasing/": lambda _: {"stage": "start", "days_to_due": 2},
    "PATCH agencies/<uuid:agency_id>/chasing/<uuid:id>/": lambda _: {"switched_off": True},
    "POST agency-closures/": lambda scene: {
        "agency": str(scene.agencies["guest"].pk), "reason": "3月末で閉所",
        "successor": str(scene.agencies["helper"].pk),
    },
    "POST agency-closures/<uuid:id>/withdraw/": lambda _: {"reason": "存続が決まった"},
    "POST operator-changes/": lambda scene: {
        "agency": str(scene.agencies["guest"].pk), "operator_name": "社会福祉法人みほん",
        "on": f"{LATER}",
    },
    "POST operator-changes/<uuid:id>/confirm/": lambda scene: {
        "kind": "members", "ids": [scene.id_of("member")],
    },
    "POST section-moves/<uuid:id>/choose/": lambda scene: {
        "choices": [{"line": scene.id_of("section_move"), "section": None}],
    },
    "POST areas/lookup/": lambda _: {"address": "横浜市港北区樽町1-2-3"},
    "PUT me/agency/": lambda scene: {"agency": str(scene.agencies["own"].pk)},
    "PATCH agencies/<uuid:agency_id>/settings/": lambda _: {"digest": True},
    "PUT me/notifications/": lambda _: {
        "language": "ja", "by_email": True, "digest": None,
    },
    "PUT me/email/": lambda _: {"email": ""},
    "POST me/email/prove/": lambda _: {"code": "WRONG"},
    "POST residents/": lambda _: {"family_name": "佐藤"},
    "PATCH residents/<uuid:id>/": lambda _: {"phone": "045-000-0000"},
    "POST residents/<uuid:id>/end/": lambda _: {"reason": "died", "on": "2026-01-05"},
    "POST residents/<uuid:resident_id>/contacts/": lambda _: {
        "name": "佐藤 次郎", "relationship": "friend"
    },
    "PATCH residents/<uuid:resident_id>/contacts/<uuid:id>/": lambda _: {"holds_key": True},
    "POST residents/<uuid:resident_id>/certifications/": lambda _: {
        "care_level": "21", "certified_from": "2026-01-05", "certified_until": "2027-01-31"
    },
    "POST residents/<uuid:resident_id>/facts/": lambda _: {
        "kind": "power_device", "value": "ventilator", "source": "family"
    },
    "POST residents/<uuid:resident_id>/facts/<uuid:id>/correct/": lambda _: {"value": "oxygen"},
    "POST residents/<uuid:resident_id>/consents/": lambda _: {
        "pole": "given", "agency_kinds": ["WARD_OFFICE"], "categories": ["support"],
        "method": "oral",
    },
    "POST residents/<uuid:resident_id>/consents/<uuid:id>/withdraw/": lambda _: {"method": "oral"},
    "POST households/": lambda scene: {"resident": scene.id_of("homeless"), "role": "head"},
    "POST households/<uuid:household_id>/members/": lambda scene: {
        "resident": scene.id_of("homeless"), "role": "child",
    },
    "POST residents/search/": lambda _: {"name": FAMILY_NAME},
    "POST residents/matches/": lambda _: {"family_name": FAMILY_NAME},
    "POST residents/<uuid:id>/merge/": lambda scene: {
        "other": scene.id_of("double"), "reason": "同じ人"
    },
    "POST residents/<uuid:id>/unmerge/": lambda scene: {
        "other": scene.id_of("merged"), "reason": "別人"
    },
    "POST inquiries/": lambda scene: {"hint": scene.id_of("hint"), "words": "訪問で出会った"},
    "POST inquiries/<uuid:id>/share/": lambda _: {"basis": "LIFE_BODY_PROPERTY", "reason": "火の不始末"},
    "POST inquiries/<uuid:id>/decline/": lambda _: {"answer": "同意がない"},
    "POST consultations/": lambda _: CONSULTATION,
    "PATCH consultations/<uuid:id>/": lambda _: {"response": "助言した"},
    "POST consultations/<uuid:id>/triage/": lambda _: {
        "outcome": "case_opened", "another_because": "別の困りごと"
    },
    "POST cases/": lambda scene: {"resident": scene.id_of("resident"), "summary": "独居"},
    "PATCH cases/<uuid:id>/": lambda _: {"plan": "週に一度の訪問"},
    "POST cases/<uuid:id>/close/": lambda _: ENDING,
    "POST cases/<uuid:id>/discontinue/": lambda _: ENDING,
    "POST cases/<uuid:id>/reassign/": lambda scene: {"person": str(scene.user("own colleague").pk)},
    "POST cases/<uuid:case_id>/notes/": lambda _: NOTE,
    "POST cases/<uuid:case_id>/grants/": lambda scene: {
        "agency": str(scene.agencies["stranger"].pk), "permission": "view_case",
        "basis": "WITHIN_PURPOSE", "reason": "支援会議",
    },
    "POST cases/<uuid:case_id>/grants/<uuid:id>/prolong/": lambda _: {"reason": "訪問が続く"},
    "POST cases/<uuid:case_id>/named-members/": lambda scene: {
        "user": str(scene.user("own manager").pk)
    },
    "POST cases/<uuid:case_id>/assessments/": lambda _: ASSESSMENT,
    "POST cases/<uuid:case_id>/plans/": lambda _: PLAN,
    "PATCH cases/<uuid:case_id>/plans/<uuid:id>/": lambda _: {"wishes": "家にいたい"},
    "POST cases/<uuid:case_id>/plans/<uuid:id>/agree/": lambda _: AGREEMENT,
    "POST cases/<uuid:case_id>/plans/<uuid:id>/review/": lambda _: REVIEW,
    "POST cases/<uuid:case_id>/goals/<uuid:id>/assign/": lambda _: {"others": "本人"},
    "POST cases/<uuid:case_id>/goals/<uuid:id>/drop/": lambda _: {"note": "本人が望まない"},
    "POST tasks/": lambda scene: {
        "case": scene.id_of("case"), "what": "電話", "due_on": LATER,
    },
    "PATCH tasks/<uuid:id>/": lambda _: {"what": "訪問"},
    "POST tasks/<uuid:id>/drop/": lambda _: WHY,
    "POST tasks/<uuid:id>/hand-on/": lambda scene: {"agency": str(scene.agencies["own"].pk)},
    "POST cases/handover/": lambda scene: {
        "from_person": str(scene.user("own staff").pk),
        "to_person": str(scene.user("own colleague").pk),
        "cases": [{"case": scene.id_of("case")}],
        "reason": "異動",
    },
    **abuse_bodies(),
    **watch_bodies(),
    "POST referrals/": lambda scene: {
        "case": scene.id_of("case"), "receiver": str(scene.agencies["guest"].pk), **WORDS,
    },
    "PATCH referrals/<uuid:id>/": lambda _: {"reason": "書き直した"},
    "POST referrals/<uuid:id>/accept/": lambda scene: {
        "person_in_charge": str(scene.user("asked staff").pk)
    },
    "POST referrals/<uuid:id>/send/": lambda _: {"duplicate_reason": "別の件"},
    "POST referrals/<uuid:referral_id>/attachments/": lambda _: {"file": PDF},
    "POST referrals/duplicates/": lambda scene: {
        "case": scene.id_of("case"), "receiver": str(scene.agencies["asked"].pk),
        "need": "assessment",
    },
    "POST referrals/<uuid:id>/start/": lambda _: {"first_contact_on": f"{timezone.localdate()}"},
    "POST referrals/<uuid:id>/propose-decline/": lambda _: {
        "code": "no_capacity", "declined_by": "provider"
    },
    "POST referrals/<uuid:id>/complete/": lambda _: {
        "outcome": "service_started", "report": "つながった"
    },
    "POST referrals/<uuid:id>/fail/": lambda _: {"reason": "転居"},
    "POST referrals/<uuid:id>/close/": lambda _: {"need_met": "yes"},
    "POST reminders/<uuid:id>/delegate/": lambda scene: {
        "person": str(scene.user("own colleague").pk)
    },
    "POST reminders/<uuid:id>/snooze/": lambda _: {
        "until": (timezone.localdate() + timedelta(days=1)).isoformat(), "reason": "入院中",
    },
    "POST referrals/<uuid:id>/deliver/": lambda _: {"channel": "fax"},
    "POST referrals/<uuid:id>/ask/": lambda _: {"question": "鍵は?"},
    "POST referrals/<uuid:id>/answer/": lambda _: {"answer": "民生委員"},
    "POST referrals/<uuid:id>/hold/": lambda _: {"reason": "入院", "review_on": LATER},
    "POST referrals/<uuid:id>/contest-decline/": lambda _: {"reply": "区外ではない"},
    "POST referrals/<uuid:id>/withdraw/": lambda _: WHY,
    "POST referrals/<uuid:id>/request-withdrawal/": lambda _: WHY,
    "POST referrals/<uuid:id>/reopen/": lambda _: WHY,
    "POST referrals/<uuid:id>/void/": lambda _: WHY,
    "POST referrals/<uuid:id>/reroute/": lambda scene: {
        "receiver": str(scene.agencies["guest"].pk)
    },
    "POST jobs/<uuid:id>/refuse/": lambda _: {"reason": "期間が長すぎます"},
    "POST incidents/<uuid:id>/close/": lambda _: {"finding": "廃棄を確認した"},
    "POST /auth/browser/v1/auth/login": lambda _: {"username": "newcomer", "password": PASSWORD},
    "POST /auth/browser/v1/auth/reauthenticate": lambda _: {"password": PASSWORD},
    "POST /auth/browser/v1/account/password/change": lambda _: {
        "current_password": PASSWORD, "new_password": f"{PASSWORD}-新しい",
    },
    "POST /oauth/token/": lambda scene: credentials(*scene.client),
    "POST /oauth/revoke_token/": lambda scene: {
        **credentials(*scene.client), "token": scene.token,
    },
}  # fmt: skip


def body_of(asked: str, scene: Scene) -> tuple[dict[str, Any], str]:
    """Return the body and its media type."""
    make = BODIES.get(asked)
    kind = MULTIPART if asked.endswith("/attachments/") else JSON
    return (make(scene) if make else {}), FORM if "/oauth/" in asked else kind

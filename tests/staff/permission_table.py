"""Every page and part: who gets what. A new address without a line here fails the suite.

A line reads: method, the status of whoever may, address, object, and one sign for each persona. ✓ is the
status in front; > is being sent somewhere else, to the sign-in if one is not; 0: 422, 3: 403, 4:
404, 5: 405.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind
from carenet.agencies.roles import Role
from carenet.reminders.actions import work_once
from carenet.reminders.models import InboxEntry
from tests.factories import NOWHERE, a_member, a_sent_referral, an_agency

SENT_ON = 0
SIGNS = {">": SENT_ON, "0": 422, "3": 403, "4": 404, "5": 405}
#: The columns: nobody, then one person in each role of one agency.
PERSONAS = (None, Role.STAFF, Role.MANAGER, Role.COORDINATOR, Role.WATCHER, Role.AUDITOR)
TABLE = """\
GET  200 /desk/                                         -     > ✓✓✓✓✓
GET  200 /desk/help/                                    -     > ✓✓✓✓✓
GET  200 /desk/patterns/                                -     > ✓✓✓✓✓
POST 400 /desk/when/                                    -     > ✓✓✓✓✓
POST 404 /desk/reminders/<uuid:id>/read/                -     > ✓✓✓✓✓
POST 303 /desk/reminders/<uuid:id>/read/                entry > ✓4444
POST 404 /desk/reminders/<uuid:id>/acknowledge/         -     > ✓✓✓✓✓
POST 303 /desk/reminders/<uuid:id>/acknowledge/         entry > ✓4444
GET  404 /desk/reminders/<uuid:id>/snooze/              -     > ✓✓✓✓✓
GET  200 /desk/reminders/<uuid:id>/snooze/              entry > ✓4444
POST 404 /desk/reminders/<uuid:id>/snooze/              -     > ✓✓✓✓✓
GET  404 /desk/reminders/<uuid:id>/delegate/            -     > ✓✓✓✓✓
GET  200 /desk/reminders/<uuid:id>/delegate/            entry > ✓4444
POST 404 /desk/reminders/<uuid:id>/delegate/            -     > ✓✓✓✓✓
POST 404 /desk/reminders/<uuid:id>/take-back/           -     > ✓✓✓✓✓
GET  200 /desk/cases/                                   -     > ✓✓333
GET  404 /desk/cases/<uuid:id>/                         -     > ✓✓333
GET  404 /desk/cases/<uuid:id>/next/                    -     > ✓✓333
GET  404 /desk/cases/<uuid:id>/previous/                -     > ✓✓333
GET  404 /desk/cases/<uuid:id>/story/                   -     > ✓✓333
POST 404 /desk/cases/<uuid:id>/story/                   -     > ✓✓333
GET  404 /desk/cases/<uuid:id>/plan/                     -     > ✓✓333
POST 404 /desk/cases/<uuid:id>/plan/                     -     > ✓3333
GET  404 /desk/cases/<uuid:id>/support/                  -     > ✓✓333
POST 404 /desk/cases/<uuid:id>/support/                  -     > ✓3333
GET  404 /desk/cases/<uuid:id>/monitor/                  -     > ✓✓333
POST 404 /desk/cases/<uuid:id>/monitor/                  -     > ✓3333
GET  404 /desk/cases/<uuid:id>/close/                    -     > ✓✓333
POST 404 /desk/cases/<uuid:id>/close/                    -     > ✓3333
GET  404 /desk/cases/<uuid:id>/discontinue/              -     > ✓✓333
POST 404 /desk/cases/<uuid:id>/discontinue/              -     > ✓3333
GET  404 /desk/cases/<uuid:id>/reopen/                   -     > ✓✓333
POST 404 /desk/cases/<uuid:id>/reopen/                   -     > ✓3333
GET  404 /desk/cases/<uuid:id>/restrict/                 -     > ✓✓333
POST 404 /desk/cases/<uuid:id>/restrict/                 -     > ✓✓333
GET  404 /desk/cases/<uuid:id>/unrestrict/               -     > ✓✓333
POST 404 /desk/cases/<uuid:id>/unrestrict/               -     > ✓✓333
GET  404 /desk/cases/<uuid:id>/referral/                -     > ✓3333
POST 404 /desk/cases/<uuid:id>/referral/                -     > ✓3333
GET  404 /desk/cases/<uuid:id>/plans/                    -     > ✓✓333
GET  404 /desk/cases/<uuid:id>/plans/new/                -     > ✓✓333
POST 404 /desk/cases/<uuid:id>/plans/new/                -     > ✓3333
GET  404 /desk/cases/<uuid:id>/plans/<uuid:plan_id>/     -     > ✓✓333
POST 404 /desk/cases/<uuid:id>/plans/<uuid:plan_id>/     -     > ✓3333
GET  404 /desk/cases/<uuid:id>/plans/<uuid:plan_id>/agree/ -     > ✓✓333
POST 404 /desk/cases/<uuid:id>/plans/<uuid:plan_id>/agree/ -     > ✓3333
GET  404 /desk/cases/<uuid:id>/plans/<uuid:plan_id>/review/ -     > ✓✓333
POST 404 /desk/cases/<uuid:id>/plans/<uuid:plan_id>/review/ -     > ✓3333
GET  404 /desk/cases/<uuid:id>/plans/<uuid:plan_id>/end/ -     > ✓✓333
POST 404 /desk/cases/<uuid:id>/plans/<uuid:plan_id>/end/ -     > ✓3333
GET  404 /desk/cases/<uuid:id>/goals/<uuid:goal_id>/reach/ -     > ✓✓333
POST 404 /desk/cases/<uuid:id>/goals/<uuid:goal_id>/reach/ -     > ✓3333
GET  404 /desk/cases/<uuid:id>/goals/<uuid:goal_id>/drop/ -     > ✓✓333
POST 404 /desk/cases/<uuid:id>/goals/<uuid:goal_id>/drop/ -     > ✓3333
GET  404 /desk/cases/<uuid:id>/goals/<uuid:goal_id>/reopen/ -     > ✓✓333
POST 404 /desk/cases/<uuid:id>/goals/<uuid:goal_id>/reopen/ -     > ✓3333
GET  404 /desk/cases/<uuid:id>/goals/<uuid:goal_id>/assign/ -     > ✓✓333
POST 404 /desk/cases/<uuid:id>/goals/<uuid:goal_id>/assign/ -     > ✓3333
GET  404 /desk/cases/<uuid:id>/assessments/              -     > ✓✓333
GET  404 /desk/cases/<uuid:id>/assessments/new/          -     > ✓✓333
POST 404 /desk/cases/<uuid:id>/assessments/new/          -     > ✓3333
GET  404 /desk/cases/<uuid:id>/reassign/                 -     > ✓✓333
POST 404 /desk/cases/<uuid:id>/reassign/                 -     > ✓✓333
POST 404 /desk/cases/<uuid:id>/take-back/                -     > ✓✓333
GET  404 /desk/cases/<uuid:id>/shares/                   -     > ✓✓333
POST 404 /desk/cases/<uuid:id>/shares/                   -     > ✓✓333
GET  404 /desk/cases/<uuid:id>/shares/<uuid:grant_id>/prolong/ - > ✓✓333
POST 404 /desk/cases/<uuid:id>/shares/<uuid:grant_id>/prolong/ - > ✓✓333
GET  404 /desk/cases/<uuid:id>/shares/<uuid:grant_id>/end/ -  > ✓✓333
POST 404 /desk/cases/<uuid:id>/shares/<uuid:grant_id>/end/ -  > ✓✓333
GET  404 /desk/cases/<uuid:id>/members/                  -     > ✓✓333
POST 404 /desk/cases/<uuid:id>/members/                  -     > ✓✓333
GET  404 /desk/cases/<uuid:id>/members/<uuid:member_id>/end/ - > ✓✓333
POST 404 /desk/cases/<uuid:id>/members/<uuid:member_id>/end/ - > ✓✓333
GET  404 /desk/cases/<uuid:id>/tasks/                   -     > ✓✓333
POST 404 /desk/cases/<uuid:id>/tasks/                   -     > ✓✓333
GET  200 /desk/tasks/                                   -     > ✓✓333
GET  404 /desk/tasks/<uuid:id>/                         -     > ✓✓333
GET  404 /desk/tasks/<uuid:id>/finish/                  -     > ✓✓333
POST 404 /desk/tasks/<uuid:id>/finish/                  -     > ✓✓333
POST 428 /desk/tasks/<uuid:id>/done/                    -     > ✓✓333
GET  404 /desk/tasks/<uuid:id>/change/                  -     > ✓✓333
POST 404 /desk/tasks/<uuid:id>/change/                  -     > ✓✓333
GET  404 /desk/tasks/<uuid:id>/drop/                    -     > ✓✓333
POST 404 /desk/tasks/<uuid:id>/drop/                    -     > ✓✓333
GET  404 /desk/tasks/<uuid:id>/hand-on/                 -     > ✓✓333
POST 404 /desk/tasks/<uuid:id>/hand-on/                 -     > ✓✓333
GET  404 /desk/cases/<uuid:id>/notes/                   -     > ✓✓333
POST 404 /desk/cases/<uuid:id>/notes/                   -     > ✓3333
POST 404 /desk/cases/<uuid:id>/notes/draft/             -     > ✓3333
GET  404 /desk/cases/<uuid:id>/notes/<uuid:note_id>/correct/ - > ✓✓333
POST 404 /desk/cases/<uuid:id>/notes/<uuid:note_id>/correct/ - > ✓3333
GET  404 /desk/people/<uuid:id>/case/                   -     > ✓3333
POST 404 /desk/people/<uuid:id>/case/                   -     > ✓3333
GET  404 /desk/cases/<uuid:id>/pack/                    -     > ✓✓333
GET  200 /desk/people/                                  -     > ✓✓✓33
POST 200 /desk/people/                                  -     > ✓✓✓33
GET  200 /desk/people/elsewhere/                        -     > ✓3333
POST 422 /desk/people/elsewhere/                        -     > ✓3333
POST 422 /desk/people/elsewhere/ask/                    -     > ✓✓333
GET  404 /desk/people/<uuid:id>/                        -     > ✓✓✓33
POST 404 /desk/people/<uuid:id>/consultation/           -     > ✓3333
GET  404 /desk/people/<uuid:id>/record/                 -     > ✓3333
POST 404 /desk/people/<uuid:id>/record/                 -     > ✓3333
GET  404 /desk/people/<uuid:id>/contacts/               -     > ✓✓333
POST 404 /desk/people/<uuid:id>/contacts/               -     > ✓3333
GET  404 /desk/people/<uuid:id>/contacts/<uuid:contact_id>/ - > ✓✓333
POST 404 /desk/people/<uuid:id>/contacts/<uuid:contact_id>/ - > ✓3333
GET  404 /desk/people/<uuid:id>/contacts/<uuid:contact_id>/confirm/ - > ✓✓333
POST 404 /desk/people/<uuid:id>/contacts/<uuid:contact_id>/confirm/ - > ✓3333
GET  404 /desk/people/<uuid:id>/contacts/<uuid:contact_id>/end/ - > ✓✓333
POST 404 /desk/people/<uuid:id>/contacts/<uuid:contact_id>/end/ - > ✓3333
GET  404 /desk/people/<uuid:id>/certifications/         -     > ✓✓333
POST 404 /desk/people/<uuid:id>/certifications/         -     > ✓3333
GET  404 /desk/people/<uuid:id>/consents/               -     > ✓✓333
POST 404 /desk/people/<uuid:id>/consents/               -     > ✓3333
GET  404 /desk/people/<uuid:id>/consents/<uuid:consent_id>/ - > ✓✓333
POST 404 /desk/people/<uuid:id>/consents/<uuid:consent_id>/ - > ✓3333
GET  404 /desk/people/<uuid:id>/household/              -     > ✓✓333
POST 404 /desk/people/<uuid:id>/household/              -     > ✓3333
GET  404 /desk/people/<uuid:id>/household/<uuid:member_id>/leave/ - > ✓3333
POST 404 /desk/people/<uuid:id>/household/<uuid:member_id>/leave/ - > ✓3333
GET  404 /desk/people/<uuid:id>/end/                    -     > ✓✓333
POST 404 /desk/people/<uuid:id>/end/                    -     > ✓✓333
GET  404 /desk/people/<uuid:id>/reinstate/              -     > ✓✓333
POST 404 /desk/people/<uuid:id>/reinstate/              -     > ✓✓333
GET  404 /desk/people/<uuid:id>/doubles/                -     > ✓3333
POST 404 /desk/people/<uuid:id>/doubles/                -     > ✓3333
GET  404 /desk/people/<uuid:id>/merge/<uuid:other_id>/  -     > ✓3333
POST 404 /desk/people/<uuid:id>/merge/<uuid:other_id>/  -     > ✓3333
GET  404 /desk/people/<uuid:id>/unmerge/<uuid:other_id>/ -    > ✓3333
POST 404 /desk/people/<uuid:id>/unmerge/<uuid:other_id>/ -    > ✓3333
GET  404 /desk/people/<uuid:id>/picture/                -     > ✓✓333
GET  404 /desk/people/<uuid:id>/story/                  -     > ✓✓✓33
GET  404 /desk/people/<uuid:id>/facts/                  -     > ✓✓333
POST 404 /desk/people/<uuid:id>/facts/                  -     > ✓3333
GET  404 /desk/people/<uuid:id>/facts/<uuid:fact_id>/   -     > ✓✓333
POST 404 /desk/people/<uuid:id>/facts/<uuid:fact_id>/   -     > ✓3333
GET  404 /desk/people/<uuid:id>/facts/<uuid:fact_id>/end/ -   > ✓✓333
POST 404 /desk/people/<uuid:id>/facts/<uuid:fact_id>/end/ -   > ✓3333
GET  200 /desk/consultations/                           -     > ✓✓333
GET  404 /desk/consultations/<uuid:id>/                 -     > ✓✓333
GET  404 /desk/consultations/<uuid:id>/triage/          -     > ✓✓333
POST 404 /desk/consultations/<uuid:id>/triage/          -     > ✓3333
POST 404 /desk/consultations/<uuid:id>/take-back/       -     > ✓3333
GET  404 /desk/consultations/<uuid:id>/abuse/           -     > ✓3333
POST 404 /desk/consultations/<uuid:id>/abuse/           -     > ✓3333
GET  404 /desk/consultations/<uuid:id>/desk-calls/      -     > ✓✓333
POST 404 /desk/consultations/<uuid:id>/desk-calls/      -     > ✓3333
GET  404 /desk/consultations/<uuid:id>/readers/         -     > ✓✓333
POST 404 /desk/consultations/<uuid:id>/readers/         -     > ✓3333
GET  404 /desk/consultations/<uuid:id>/edit/            -     > ✓3333
POST 404 /desk/consultations/<uuid:id>/edit/            -     > ✓3333
GET  200 /desk/consultations/new/                       -     > ✓3333
POST 422 /desk/consultations/new/                       -     > ✓3333
POST 200 /desk/consultations/draft/                     -     > ✓3333
POST 200 /desk/consultations/open-case/                 -     > ✓3333
POST 200 /desk/consultations/people/                    -     > ✓✓✓33
POST 200 /desk/consultations/agencies/                  -     > ✓✓✓✓✓
GET  200 /desk/answer/                                  -     > ✓✓✓33
POST 422 /desk/answer/                                  -     > ✓✓✓33
GET  404 /desk/referrals/<uuid:id>/sheet/               -     > ✓✓✓33
GET  404 /desk/referrals/<uuid:id>/sheet.pdf            -     > ✓✓✓33
GET  200 /desk/referrals/                               -     > ✓✓✓33
GET  200 /desk/referrals/pool/                          -     > ✓✓✓33
GET  404 /desk/referrals/pool/<uuid:id>/                -     > ✓✓✓33
POST 404 /desk/referrals/pool/<uuid:id>/claim/          -     > ✓3333
GET  404 /desk/referrals/<uuid:id>/                     -     > ✓✓✓33
GET  404 /desk/referrals/<uuid:id>/discard/              -     > ✓✓✓33
POST 404 /desk/referrals/<uuid:id>/discard/              -     > ✓3333
GET  404 /desk/referrals/<uuid:id>/send/                 -     > ✓✓✓33
POST 404 /desk/referrals/<uuid:id>/send/                 -     > ✓3333
GET  404 /desk/referrals/<uuid:id>/deliver/              -     > ✓✓✓33
POST 404 /desk/referrals/<uuid:id>/deliver/              -     > ✓3333
GET  404 /desk/referrals/<uuid:id>/receive/              -     > ✓✓✓33
POST 404 /desk/referrals/<uuid:id>/receive/              -     > ✓3333
GET  404 /desk/referrals/<uuid:id>/ask/                  -     > ✓✓✓33
POST 404 /desk/referrals/<uuid:id>/ask/                  -     > ✓3333
GET  404 /desk/referrals/<uuid:id>/answer/               -     > ✓✓✓33
POST 404 /desk/referrals/<uuid:id>/answer/               -     > ✓3333
GET  404 /desk/referrals/<uuid:id>/accept/               -     > ✓✓✓33
POST 404 /desk/referrals/<uuid:id>/accept/               -     > ✓3333
GET  404 /desk/referrals/<uuid:id>/start/                -     > ✓✓✓33
POST 404 /desk/referrals/<uuid:id>/start/                -     > ✓3333
GET  404 /desk/referrals/<uuid:id>/hold/                 -     > ✓✓✓33
POST 404 /desk/referrals/<uuid:id>/hold/                 -     > ✓3333
GET  404 /desk/referrals/<uuid:id>/resume/               -     > ✓✓✓33
POST 404 /desk/referrals/<uuid:id>/resume/               -     > ✓3333
GET  404 /desk/referrals/<uuid:id>/propose-decline/      -     > ✓✓✓33
POST 404 /desk/referrals/<uuid:id>/propose-decline/      -     > ✓3333
GET  404 /desk/referrals/<uuid:id>/retract-decline/      -     > ✓✓✓33
POST 404 /desk/referrals/<uuid:id>/retract-decline/      -     > ✓3333
GET  404 /desk/referrals/<uuid:id>/contest-decline/      -     > ✓✓✓33
POST 404 /desk/referrals/<uuid:id>/contest-decline/      -     > ✓3333
GET  404 /desk/referrals/<uuid:id>/confirm-decline/      -     > ✓✓✓33
POST 404 /desk/referrals/<uuid:id>/confirm-decline/      -     > ✓3✓33
GET  404 /desk/referrals/<uuid:id>/withdraw/             -     > ✓✓✓33
POST 404 /desk/referrals/<uuid:id>/withdraw/             -     > ✓3333
GET  404 /desk/referrals/<uuid:id>/request-withdrawal/   -     > ✓✓✓33
POST 404 /desk/referrals/<uuid:id>/request-withdrawal/   -     > ✓3333
GET  404 /desk/referrals/<uuid:id>/agree-withdrawal/     -     > ✓✓✓33
POST 404 /desk/referrals/<uuid:id>/agree-withdrawal/     -     > ✓3✓33
GET  404 /desk/referrals/<uuid:id>/complete/             -     > ✓✓✓33
POST 404 /desk/referrals/<uuid:id>/complete/             -     > ✓3333
GET  404 /desk/referrals/<uuid:id>/fail/                 -     > ✓✓✓33
POST 404 /desk/referrals/<uuid:id>/fail/                 -     > ✓3333
GET  404 /desk/referrals/<uuid:id>/close/                -     > ✓✓✓33
POST 404 /desk/referrals/<uuid:id>/close/                -     > ✓3✓33
GET  404 /desk/referrals/<uuid:id>/reroute/              -     > ✓✓✓33
POST 404 /desk/referrals/<uuid:id>/reroute/              -     > ✓3✓33
GET  404 /desk/referrals/<uuid:id>/reopen/               -     > ✓✓✓33
POST 404 /desk/referrals/<uuid:id>/reopen/               -     > ✓3✓33
GET  404 /desk/referrals/<uuid:id>/void/                 -     > ✓✓✓33
POST 404 /desk/referrals/<uuid:id>/void/                 -     > ✓3✓33
GET  404 /desk/referrals/<uuid:id>/draft/                -     > ✓3333
POST 404 /desk/referrals/<uuid:id>/draft/                -     > ✓3333
GET  404 /desk/referrals/<uuid:id>/files/                -     > ✓✓✓33
POST 404 /desk/referrals/<uuid:id>/files/                -     > ✓3333
GET  404 /desk/referrals/<uuid:id>/files/<uuid:file>/    -     > ✓✓✓33
GET  404 /desk/referrals/<uuid:id>/files/<uuid:file>/take-away/ - > ✓3333
POST 404 /desk/referrals/<uuid:id>/files/<uuid:file>/take-away/ - > ✓3333
GET  200 /review/                                       -     > 3✓✓33
GET  200 /review/weekly-mail/                           -     > 3✓✓33
POST 303 /review/weekly-mail/                           -     > 3✓✓33
GET  200 /review/single-points/                         -     > 3✓✓33
GET  200 /review/terms/                                 -     > 3✓✓33
GET  200 /review/signals/                               -     > 3✓✓33
GET  200 /review/load/                                  -     > 3✓✓33
GET  200 /review/watches/                               -     > 3✓✓33
GET  200 /review/hands/                                  -     > ✓✓✓33
POST 422 /review/hands/                                  -     > ✓✓✓33
GET  200 /review/coverage/                              -     > 3✓✓3✓
GET  404 /review/network/                               -     > 3✓✓33
GET  200 /review/referrals/                             -     > 3✓✓33
GET  200 /review/referrals/funnel/                      -     > 3✓✓33
GET  404 /review/referrals/list/                        -     > 3✓✓33
GET  200 /review/lists/                                 -     > 3✓✓3✓
GET  200 /review/lists/to-visit/                        -     > 3✓✓33
GET  404 /review/lists/people/                          -     > 3✓✓33
GET  200 /review/handovers/                             -     > ✓✓✓33
GET  200 /review/handovers/new/                         -     > ✓✓✓33
POST 303 /review/handovers/new/                         -     > ✓✓✓33
GET  404 /review/handovers/<uuid:id>/                   -     > ✓✓✓33
GET  404 /review/handovers/<uuid:id>/people/            -     > ✓✓✓33
POST 404 /review/handovers/<uuid:id>/people/            -     > ✓✓✓33
POST 404 /review/handovers/<uuid:id>/consents/          -     > ✓✓✓33
POST 404 /review/handovers/<uuid:id>/release/           -     > ✓✓✓33
POST 404 /review/handovers/<uuid:id>/schedule/          -     > ✓✓✓33
POST 404 /review/handovers/<uuid:id>/carry-out/         -     > ✓✓✓33
POST 404 /review/handovers/<uuid:id>/cancel/            -     > ✓✓✓33
POST 404 /review/alerts/<uuid:id>/acknowledge/          -     > ✓✓✓✓3
GET  404 /review/alerts/<uuid:id>/resolve/              -     > ✓✓✓33
POST 404 /review/alerts/<uuid:id>/resolve/              -     > ✓✓✓33
GET  404 /review/watches/<uuid:id>/                     -     > ✓✓✓✓3
GET  404 /review/watches/<uuid:id>/people/              -     > ✓✓✓33
POST 404 /review/watches/<uuid:id>/people/              -     > ✓✓✓33
GET  404 /review/watches/<uuid:id>/pause/               -     > ✓✓✓✓3
POST 404 /review/watches/<uuid:id>/pause/               -     > ✓✓✓✓3
GET  404 /review/watches/<uuid:id>/term/                -     > ✓✓✓33
POST 404 /review/watches/<uuid:id>/term/                -     > ✓✓✓33
GET  404 /review/watches/<uuid:id>/edit/                     -     > ✓✓✓33
POST 404 /review/watches/<uuid:id>/edit/                     -     > ✓✓✓33
GET  404 /review/watches/<uuid:id>/link/                     -     > ✓✓✓✓3
POST 404 /review/watches/<uuid:id>/link/                     -     > ✓✓✓✓3
GET  404 /review/watches/<uuid:id>/rhythm/              -     > ✓✓✓33
POST 404 /review/watches/<uuid:id>/rhythm/              -     > ✓✓✓33
GET  404 /review/watches/<uuid:id>/consent/             -     > ✓✓✓33
POST 404 /review/watches/<uuid:id>/consent/             -     > ✓✓✓33
GET  404 /review/watches/<uuid:id>/activate/            -     > ✓✓✓33
POST 404 /review/watches/<uuid:id>/activate/            -     > ✓✓✓33
GET  404 /review/watches/<uuid:id>/suspend/             -     > ✓✓✓33
POST 404 /review/watches/<uuid:id>/suspend/             -     > ✓✓✓33
GET  404 /review/watches/<uuid:id>/resume/              -     > ✓✓✓33
POST 404 /review/watches/<uuid:id>/resume/              -     > ✓✓✓33
GET  404 /review/watches/<uuid:id>/end/                 -     > ✓✓✓33
POST 404 /review/watches/<uuid:id>/end/                 -     > ✓✓✓33
GET  404 /review/watches/<uuid:id>/another/             -     > ✓✓✓33
POST 404 /review/watches/<uuid:id>/another/             -     > ✓✓✓33
GET  404 /review/watches/<uuid:id>/ladder/              -     > 3✓✓33
POST 404 /review/watches/<uuid:id>/ladder/              -     > 3✓✓33
GET  404 /review/watches/<uuid:id>/rehearsal/           -     > ✓✓✓✓3
POST 404 /review/watches/<uuid:id>/rehearsal/           -     > ✓✓✓✓3
POST 404 /review/pauses/<uuid:id>/end/                  -     > ✓✓✓✓3
GET  200 /pocket/                                       -     > ✓✓✓✓3
GET  404 /pocket/visits/<uuid:id>/                      -     > ✓✓✓✓3
POST 404 /pocket/visits/<uuid:id>/                      -     > ✓✓✓✓3
GET  200 /pocket/alerts/                                -     > ✓✓✓✓3
GET  404 /pocket/alerts/<uuid:id>/                      -     > ✓✓✓✓3
GET  303 /pocket/alerts/<uuid:id>/take-on/              -     > ✓✓✓✓3
POST 404 /pocket/alerts/<uuid:id>/take-on/              -     > ✓✓✓✓3
GET  303 /pocket/alerts/<uuid:id>/resolve/              -     > ✓✓✓✓3
POST 404 /pocket/alerts/<uuid:id>/resolve/              -     > ✓✓✓33
GET  200 /pocket/absence/                               -     > ✓✓✓✓3
POST 303 /pocket/absence/                               -     > ✓✓✓✓3
POST 404 /pocket/absence/<uuid:id>/end/                 -     > ✓✓✓✓3
GET  200 /pocket/concern/                               -     > ✓✓✓✓3
POST 422 /pocket/concern/                               -     > ✓✓✓✓3
GET  200 /pocket/state/                                 -     > ✓✓✓✓3
GET  200 /pocket/report/                                -     > ✓✓✓✓3
GET  404 /pocket/report/<uuid:id>/                      -     > ✓✓✓✓3
GET  200 /desk/devices/                                 -     > ✓✓✓✓✓
POST 303 /desk/devices/end/                             -     > ✓✓✓✓✓
GET  200 /desk/sections/                                -     > 33333
POST 303 /desk/sections/                                -     > 33333
GET  404 /desk/sections/<uuid:id>/                      -     > 3✓333
POST 404 /desk/sections/<uuid:id>/                      -     > 3✓333
POST 404 /desk/sections/<uuid:id>/confirm/              -     > 3✓333
POST 404 /desk/sections/<uuid:id>/withdraw/             -     > 3✓333
GET  200 /desk/closures/                                -     > 3✓✓33
GET  404 /desk/closures/agencies/<uuid:id>/             -     > 3✓✓33
GET  404 /desk/closures/agencies/<uuid:id>/propose/     -     > 3✓✓33
POST 404 /desk/closures/agencies/<uuid:id>/propose/     -     > 3✓✓33
GET  404 /desk/closures/<uuid:id>/                      -     > 3✓✓33
POST 404 /desk/closures/<uuid:id>/confirm/              -     > 3✓✓33
GET  404 /desk/closures/<uuid:id>/withdraw/             -     > 3✓✓33
POST 404 /desk/closures/<uuid:id>/withdraw/             -     > 3✓✓33
GET  200 /desk/operator-changes/                        -     > 3✓✓33
GET  404 /desk/operator-changes/agencies/<uuid:id>/     -     > 3✓✓33
POST 404 /desk/operator-changes/agencies/<uuid:id>/     -     > 3✓✓33
GET  404 /desk/operator-changes/<uuid:id>/              -     > ✓✓✓✓✓
POST 404 /desk/operator-changes/<uuid:id>/confirm/      -     > 3✓✓33
POST 404 /desk/operator-changes/<uuid:id>/withdraw/     -     > 3✓✓33
GET  200 /desk/work/                                    -     > ✓✓✓3✓
GET  200 /desk/work/new-import/                         -     > ✓✓✓33
POST 422 /desk/work/new-import/                         -     > ✓✓✓33
GET  200 /desk/work/new-list/                           -     > ✓✓✓33
POST 422 /desk/work/new-list/                           -     > ✓✓✓33
GET  200 /desk/work/new-visits/                         -     > ✓✓✓33
POST 422 /desk/work/new-visits/                         -     > ✓✓✓33
GET  200 /desk/work/new-trail/                          -     > 3333✓
POST 422 /desk/work/new-trail/                          -     > 3333✓
GET  404 /desk/work/<uuid:id>/                          -     > ✓✓✓3✓
GET  404 /desk/work/<uuid:id>/release/                  -     > 3✓33✓
POST 404 /desk/work/<uuid:id>/release/                  -     > 3✓33✓
GET  404 /desk/work/<uuid:id>/file/                     -     > ✓✓✓3✓
POST 404 /desk/work/<uuid:id>/cancel/                   -     > ✓✓✓3✓
POST 404 /desk/work/<uuid:id>/carry-out/                -     > ✓✓✓3✓
GET  200 /desk/trail/                                   -     > 3333✓
GET  200 /desk/trail/find/                              -     > 3333✓
POST 422 /desk/trail/find/                              -     > 3333✓
GET  200 /desk/readers/                                 -     > 3333✓
POST 422 /desk/readers/                                 -     > 3333✓
GET  403 /desk/readers/<uuid:id>/                       -     > 3333✓
POST 403 /desk/readers/<uuid:id>/                       -     > 3333✓
GET  403 /desk/readers/<uuid:id>/sheet/                 -     > 3333✓
GET  200 /desk/concerns/                                -     > ✓✓✓33
GET  404 /desk/concerns/<uuid:id>/                      -     > ✓✓✓33
POST 404 /desk/concerns/<uuid:id>/                      -     > ✓✓✓33
GET  200 /desk/ward-lists/                               -     > ✓✓✓✓3
GET  200 /desk/ward-lists/lines/                         -     > ✓✓✓✓3
GET  404 /desk/ward-lists/lines/<uuid:id>/               -     > ✓✓✓✓3
GET  200 /desk/ward-lists/many/begin/                    -     > ✓✓✓✓3
POST 422 /desk/ward-lists/many/begin/                    -     > ✓✓✓✓3
GET  404 /desk/people/<uuid:id>/watch/                   -     > ✓✓✓33
POST 404 /desk/people/<uuid:id>/watch/                   -     > ✓✓✓33
GET  200 /desk/ward-lists/suggestions/                   -     > ✓✓✓✓3
POST 422 /desk/ward-lists/suggestions/                   -     > ✓✓✓✓3
GET  200 /desk/ward-lists/many/assign/                   -     > ✓✓✓✓3
POST 422 /desk/ward-lists/many/assign/                   -     > ✓✓✓✓3
GET  404 /desk/ward-lists/lines/<uuid:id>/assign/ -     > ✓✓✓✓3
POST 404 /desk/ward-lists/lines/<uuid:id>/assign/ -     > ✓✓✓✓3
GET  404 /desk/ward-lists/lines/<uuid:id>/send/ -     > ✓✓✓✓3
POST 404 /desk/ward-lists/lines/<uuid:id>/send/ -     > ✓✓✓✓3
GET  404 /desk/ward-lists/lines/<uuid:id>/visit/ -     > ✓✓✓✓3
POST 404 /desk/ward-lists/lines/<uuid:id>/visit/ -     > ✓✓✓✓3
GET  404 /desk/ward-lists/lines/<uuid:id>/answer/ -     > ✓✓✓✓3
POST 404 /desk/ward-lists/lines/<uuid:id>/answer/ -     > ✓✓✓✓3
GET  404 /desk/ward-lists/lines/<uuid:id>/screen/ -     > ✓✓✓✓3
POST 404 /desk/ward-lists/lines/<uuid:id>/screen/ -     > ✓✓✓✓3
GET  404 /desk/ward-lists/lines/<uuid:id>/undo/ -     > ✓✓✓✓3
POST 404 /desk/ward-lists/lines/<uuid:id>/undo/ -     > ✓✓✓✓3
GET  404 /desk/ward-lists/many/send/ -     > ✓✓✓✓3
POST 404 /desk/ward-lists/many/send/ -     > ✓✓✓✓3
GET  404 /desk/ward-lists/many/visit/ -     > ✓✓✓✓3
POST 404 /desk/ward-lists/many/visit/ -     > ✓✓✓✓3
GET  404 /desk/ward-lists/many/answer/ -     > ✓✓✓✓3
POST 404 /desk/ward-lists/many/answer/ -     > ✓✓✓✓3
GET  404 /desk/ward-lists/many/screen/ -     > ✓✓✓✓3
POST 404 /desk/ward-lists/many/screen/ -     > ✓✓✓✓3
GET  404 /desk/ward-lists/many/undo/ -     > ✓✓✓✓3
POST 404 /desk/ward-lists/many/undo/ -     > ✓✓✓✓3
GET  200 /desk/unclear/                                 -     > ✓✓✓✓3
GET  404 /desk/unclear/<uuid:id>/                       -     > ✓✓✓✓3
POST 404 /desk/unclear/<uuid:id>/                       -     > ✓✓✓✓3
GET  404 /desk/inquiries/<uuid:id>/                     -     > ✓✓333
GET  303 /desk/inquiries/<uuid:id>/share/               -     > ✓✓333
POST 404 /desk/inquiries/<uuid:id>/share/               -     > ✓✓333
GET  303 /desk/inquiries/<uuid:id>/decline/             -     > ✓✓333
POST 404 /desk/inquiries/<uuid:id>/decline/             -     > ✓✓333
GET  200 /desk/dangers/<uuid:id>/                       -     > 3333✓
GET  200 /desk/audit/                                   -     > 3333✓
GET  200 /desk/bases-in-use/                            -     > 3333✓
GET  200 /desk/incidents/                               -     > 3333✓
GET  404 /desk/incidents/<uuid:id>/                     -     > 3333✓
POST 404 /desk/incidents/<uuid:id>/                     -     > 3333✓
GET  404 /desk/cases/<uuid:id>/abuse/                    -     > ✓3333
POST 404 /desk/cases/<uuid:id>/abuse/                    -     > ✓3333
GET  404 /desk/people/<uuid:id>/abuse/                   -     > ✓3333
POST 404 /desk/people/<uuid:id>/abuse/                   -     > ✓3333
GET  404 /desk/referrals/<uuid:id>/abuse/                -     > ✓3333
GET  404 /desk/abuse/                                    -     > ✓✓✓✓✓
GET  200 /desk/deadline-rules/                           -     > ✓✓✓✓✓
POST 422 /desk/deadline-rules/                           -     > 3✓333
GET  404 /desk/deadline-rules/<uuid:id>/end/             -     > 3✓333
POST 404 /desk/deadline-rules/<uuid:id>/end/             -     > 3✓333
GET  200 /desk/other-desks/                              -     > ✓✓✓✓✓
POST 422 /desk/other-desks/                              -     > 3✓333
GET  404 /desk/other-desks/<uuid:id>/end/                -     > 3✓333
POST 404 /desk/other-desks/<uuid:id>/end/                -     > 3✓333
GET  404 /desk/abuse/<uuid:id>/                         -     > ✓✓✓33
GET  404 /desk/abuse/<uuid:id>/reception/               -     > ✓✓333
POST 404 /desk/abuse/<uuid:id>/reception/               -     > ✓✓333
GET  404 /desk/abuse/<uuid:id>/facts/                   -     > ✓✓333
POST 404 /desk/abuse/<uuid:id>/facts/                   -     > ✓✓333
GET  404 /desk/abuse/<uuid:id>/propose/                 -     > 3✓✓33
POST 404 /desk/abuse/<uuid:id>/propose/                 -     > 3✓✓33
GET  404 /desk/abuse/<uuid:id>/confirm/                 -     > ✓✓✓33
POST 404 /desk/abuse/<uuid:id>/confirm/                 -     > ✓✓✓33
GET  404 /desk/abuse/<uuid:id>/reject/                  -     > ✓✓✓33
POST 404 /desk/abuse/<uuid:id>/reject/                  -     > ✓✓✓33
GET  404 /desk/abuse/<uuid:id>/withdraw/                -     > 3✓✓33
POST 404 /desk/abuse/<uuid:id>/withdraw/                -     > 3✓✓33
GET  404 /desk/abuse/<uuid:id>/plan/                    -     > ✓✓333
POST 404 /desk/abuse/<uuid:id>/plan/                    -     > ✓✓333
GET  404 /desk/abuse/<uuid:id>/evaluate/                -     > ✓✓333
POST 404 /desk/abuse/<uuid:id>/evaluate/                -     > ✓✓333
GET  404 /desk/abuse/<uuid:id>/close/                   -     > 3✓✓33
POST 404 /desk/abuse/<uuid:id>/close/                   -     > 3✓✓33
GET  404 /desk/abuse/<uuid:id>/entry/                   -     > ✓✓333
POST 404 /desk/abuse/<uuid:id>/entry/                   -     > ✓✓333
GET  404 /desk/abuse/<uuid:id>/elsewhere/               -     > 3✓✓33
POST 404 /desk/abuse/<uuid:id>/elsewhere/               -     > 3✓✓33
GET  404 /desk/abuse/<uuid:id>/name/                     -     > ✓✓✓33
POST 404 /desk/abuse/<uuid:id>/name/                     -     > ✓✓✓33
GET  404 /desk/abuse/<uuid:id>/reporter/                 -     > ✓✓✓33
POST 404 /desk/abuse/<uuid:id>/reporter/                 -     > ✓✓✓33
GET  404 /desk/abuse/<uuid:id>/reporter/correct/         -     > ✓✓✓33
POST 404 /desk/abuse/<uuid:id>/reporter/correct/         -     > ✓✓✓33
GET  404 /desk/abuse/<uuid:id>/reporter-readers/         -     > 3✓✓33
POST 404 /desk/abuse/<uuid:id>/reporter-readers/         -     > 3✓✓33
GET  404 /desk/abuse/<uuid:id>/reporter-readers/<uuid:reader_id>/end/ -     > 3✓✓33
POST 404 /desk/abuse/<uuid:id>/reporter-readers/<uuid:reader_id>/end/ -     > 3✓✓33
GET  404 /desk/abuse/deadlines/<uuid:id>/               -     > ✓✓✓✓✓
GET  404 /desk/goals/<uuid:id>/                         -     > ✓✓✓✓✓
GET  404 /desk/shares/<uuid:id>/                        -     > ✓✓✓✓✓
GET  404 /desk/bases/<uuid:id>/                         -     > ✓✓✓✓✓
GET  404 /desk/pauses/<uuid:id>/                        -     > ✓✓✓✓✓
GET  404 /desk/ends/<uuid:id>/                          -     > ✓✓✓✓✓
GET  404 /desk/lists/<uuid:id>/                         -     > ✓✓✓✓✓
GET  404 /desk/consents/<uuid:id>/                      -     > ✓✓✓✓✓
GET  404 /desk/messages/<uuid:id>/                      -     > ✓✓✓✓✓
GET  404 /desk/devices/<uuid:id>/                       -     > 3✓333
POST 404 /desk/devices/<uuid:id>/end/                   -     > 3✓333
GET  404 /desk/devices/<uuid:id>/code/                  -     > 3✓333
POST 404 /desk/devices/<uuid:id>/code/                  -     > 3✓333
GET  200 /desk/agency/                                  -     > 3✓333
GET  200 /desk/agency/calendar/                         -     > 3✓333
POST 428 /desk/agency/calendar/                         -     > 3✓333
GET  200 /desk/agency/calendar/days/                    -     > 3✓333
POST 422 /desk/agency/calendar/days/                    -     > 3✓333
POST 404 /desk/agency/calendar/days/<uuid:id>/remove/   -     > 3✓333
GET  200 /desk/agency/capacity/                         -     > 3✓333
POST 422 /desk/agency/capacity/                         -     > 3✓333
GET  200 /desk/agency/notifications/                    -     > 3✓333
POST 422 /desk/agency/notifications/                    -     > 3✓333
GET  200 /desk/agency/chasing/                          -     > 3✓333
GET  200 /desk/agency/chasing/new/                      -     > 3✓333
POST 422 /desk/agency/chasing/new/                      -     > 3✓333
GET  404 /desk/agency/chasing/<uuid:id>/                -     > 3✓333
POST 404 /desk/agency/chasing/<uuid:id>/                -     > 3✓333
POST 404 /desk/agency/chasing/<uuid:id>/remove/         -     > 3✓333
GET  200 /desk/agency/ladders/                          -     > 3✓✓33
GET  404 /desk/agency/ladders/<str:kind>/               -     > 3✓✓33
POST 404 /desk/agency/ladders/<str:kind>/               -     > 3✓✓33
GET  404 /desk/agencies/<uuid:id>/                      -     > ✓✓✓✓✓
GET  200 /account/notifications/                        -     > ✓✓✓✓✓
POST 422 /account/notifications/                        -     > ✓✓✓✓✓
GET  200 /desk/members/                                 -     > ✓✓✓3✓
GET  404 /desk/members/<uuid:id>/                       -     > 3✓333
GET  404 /desk/members/<uuid:id>/roles/                 -     > 3✓333
POST 404 /desk/members/<uuid:id>/roles/                 -     > 3✓333
GET  404 /desk/members/<uuid:id>/absence/               -     > 3✓333
POST 404 /desk/members/<uuid:id>/absence/               -     > 3✓333
POST 404 /desk/members/<uuid:id>/absence/<uuid:absence_id>/end/ - > 3✓333
GET  404 /desk/members/<uuid:id>/hand-on/               -     > 3✓333
POST 404 /desk/members/<uuid:id>/hand-on/               -     > 3✓333
GET  404 /desk/members/<uuid:id>/end/                   -     > 3✓333
POST 404 /desk/members/<uuid:id>/end/                   -     > 3✓333
GET  200 /desk/invitations/                             -     > 3✓333
POST 422 /desk/invitations/                             -     > 3✓333
POST 404 /desk/invitations/<uuid:id>/withdraw/          -     > 3✓333
POST 404 /desk/invitations/<uuid:id>/agree/             -     > 3✓333
GET  404 /administration/                               -     > ✓✓✓✓✓
GET  404 /administration/health/                        -     > ✓✓✓✓✓
GET  404 /administration/agencies/                      -     > ✓✓✓✓✓
GET  404 /administration/agencies/new/                  -     > ✓✓✓✓✓
POST 404 /administration/agencies/new/                  -     > ✓✓✓✓✓
GET  404 /administration/agencies/<uuid:id>/            -     > ✓✓✓✓✓
POST 404 /administration/agencies/<uuid:id>/people/     -     > ✓✓✓✓✓
POST 404 /administration/agencies/<uuid:id>/areas/      -     > ✓✓✓✓✓
POST 404 /administration/agencies/<uuid:id>/areas/<uuid:part>/end/ - > ✓✓✓✓✓
GET  404 /administration/administrators/                -     > ✓✓✓✓✓
POST 404 /administration/administrators/                -     > ✓✓✓✓✓
POST 404 /administration/administrators/<uuid:id>/end/  -     > ✓✓✓✓✓
GET  404 /administration/clients/                       -     > ✓✓✓✓✓
POST 404 /administration/clients/                       -     > ✓✓✓✓✓
POST 404 /administration/clients/requests/<uuid:id>/confirm/ - > ✓✓✓✓✓
POST 404 /administration/clients/requests/<uuid:id>/withdraw/ - > ✓✓✓✓✓
POST 404 /administration/clients/requests/<uuid:id>/secret/ - > ✓✓✓✓✓
POST 404 /administration/clients/<str:id>/new-secret/   -     > ✓✓✓✓✓
POST 404 /administration/clients/<str:id>/end/          -     > ✓✓✓✓✓
GET  404 /administration/import/                        -     > ✓✓✓✓✓
POST 404 /administration/import/                        -     > ✓✓✓✓✓
"""
#: Open to whoever has signed in, or to everybody, whatever their role: sign-in, language, one's own
#: account. Nobody here has typed a password just now, and nobody has an authenticator.
OF_ONESELF = """\
GET  200 /                                              -     > >>>>>
GET  200 /sign-in/                                      -     ✓ >>>>>
POST 200 /sign-in/                                      -     ✓ >>>>>
GET  200 /sign-in/forgotten/                            -     ✓ ✓✓✓✓✓
POST 200 /sign-in/forgotten/                            -     0 00000
GET  200 /sign-in/code/                                 -     > >>>>>
POST 200 /sign-in/code/                                 -     > >>>>>
GET  200 /administration/appointment/                   -     > ✓✓✓✓✓
POST 409 /administration/appointment/                   -     > ✓✓✓✓✓
GET  200 /sign-in/again/                                -     > ✓✓✓✓✓
POST 200 /sign-in/again/                                -     > ✓✓✓✓✓
GET  200 /sign-in/again/code/                           -     > >>>>>
POST 200 /sign-in/again/code/                           -     > >>>>>
GET  200 /sign-out/                                     -     5 55555
POST 200 /sign-out/                                     -     > >>>>>
GET  200 /account/                                      -     > ✓✓✓✓✓
GET  200 /account/agency/                               -     > ✓✓✓✓✓
POST 200 /account/agency/                               -     > 00000
GET  200 /account/invitations/                          -     > ✓✓✓✓✓
POST 200 /account/invitations/<uuid:id>/accept/         -     > 44444
POST 200 /account/invitations/<uuid:id>/decline/        -     > 44444
GET  200 /account/email/                                -     > >>>>>
POST 200 /account/email/                                -     > >>>>>
GET  200 /account/password/                             -     > ✓✓✓✓✓
POST 200 /account/password/                             -     > ✓✓✓✓✓
GET  200 /account/code/                                 -     > >>>>>
POST 200 /account/code/                                 -     > >>>>>
GET  200 /account/code/off/                             -     > 44444
POST 200 /account/code/off/                             -     > 44444
GET  200 /account/recovery/                             -     > >>>>>
GET  200 /account/recovery/new/                         -     > >>>>>
POST 200 /account/recovery/new/                         -     > >>>>>
GET  200 /pocket/offline/                               -     ✓ ✓✓✓✓✓
GET  200 /pocket/worker.js                              -     ✓ ✓✓✓✓✓
GET  200 /language/                                     -     > >>>>>
GET  200 /session/                                      -     ✓ ✓✓✓✓✓
POST 200 /language/                                     -     > >>>>>
"""


def an_entry(people: dict[Role, Actor]) -> UUID:
    """Return a reminder that the one in the role of staff was told."""
    staff = people[Role.STAFF]
    referral = a_sent_referral(a_member(an_agency()), staff.agency)
    assert referral.due_at
    while work_once(now=referral.due_at):
        pass
    return InboxEntry.objects.get(user=staff.user_id).pk


#: What a line may name as its object: made for the people of the columns, before they ask.
OBJECTS: dict[str, Callable[[dict[Role, Actor]], UUID]] = {
    "-": lambda _people: NOWHERE,
    "entry": an_entry,
}
#: What the people of the columns work for.
THEIR_AGENCY = AgencyKind.CARE_PLAZA


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    method: str
    status: int
    route: str
    target: str
    signs: str

    def __str__(self) -> str:
        return f"{self.method} {self.route} {self.target}"

    def expected(self, column: int) -> int:
        sign = self.signs[column]
        return self.status if sign == "✓" else SIGNS[sign]


def lines() -> list[Line]:
    """Return the table, read."""
    found = []
    for text in (TABLE + OF_ONESELF).splitlines():
        method, status, route, target, *signs = text.split()
        found.append(Line(method, int(status), route, target, "".join(signs)))
    return found

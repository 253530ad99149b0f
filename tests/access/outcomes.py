"""What comes back: one line for each address and method, one sign for each persona.

A line reads: method, the status of whoever may, address, the object that it names, and the signs. ✓ is
the status in front; 0: 400, 1: 401, 3: 403, 4: 404, 9: 409. An address stands twice where two of its
objects differ. Addresses are relative to /api/v1/ unless they begin with a slash.

3 means that the role, or the part in the object, does not include it; 4 that the object is out of
reach, which is the same answer as for one that does not exist. 0 is the answer to a body that names an
object out of reach, or that does not say how the words of others came.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.access.personas import PERSONAS

SIGNS = {"0": 400, "1": 401, "3": 403, "4": 404, "9": 409}

#: The signs of a line, from left to right: anonymous; own staff, manager, coordinator, watcher,
#: auditor, client, client without scopes; of helper, asked and stranger staff, manager, client; of the
#: ward office staff, coordinator, auditor.
TABLE = """\
# agencies: the directory is open to all who sign in, its insides to the agency itself
GET     200 agencies/                                                       -            1 ✓✓✓✓✓✓3 ✓✓✓ ✓✓✓ ✓✓✓ ✓✓✓
GET     200 agencies/<uuid:id>/                                             agency       1 ✓✓✓✓✓✓3 ✓✓✓ ✓✓✓ ✓✓✓ ✓✓✓
GET     200 agencies/<uuid:agency_id>/calendar/                             agency       1 ✓✓✓✓✓✓3 ✓✓✓ ✓✓✓ ✓✓✓ ✓✓✓
PATCH   200 agencies/<uuid:agency_id>/calendar/                             agency       1 3✓33333 333 333 333 333
GET     200 agencies/<uuid:agency_id>/capacity/                             agency       1 ✓✓✓✓✓✓3 ✓✓✓ ✓✓✓ ✓✓✓ ✓✓✓
PUT     200 agencies/<uuid:agency_id>/capacity/                             agency       1 3✓33333 333 333 333 333
GET     200 agencies/<uuid:agency_id>/closure/                              agency       1 3✓33333 333 333 333 3✓3
GET     200 agencies/<uuid:agency_id>/members/                              agency       1 ✓✓✓3✓✓3 333 333 333 333
GET     200 agencies/<uuid:agency_id>/invitations/                          agency       1 3✓33333 333 333 333 333
POST    201 agencies/<uuid:agency_id>/invitations/                          agency       1 3✓33333 333 333 333 333
POST    200 agencies/<uuid:agency_id>/invitations/<uuid:id>/agree/          auditor      1 3✓33333 333 333 333 333
POST    200 agencies/<uuid:agency_id>/invitations/<uuid:id>/withdraw/       invited      1 3✓33333 333 333 333 333
PATCH   200 agencies/<uuid:agency_id>/members/<uuid:id>/                    member       1 3✓33333 333 333 333 333
POST    200 agencies/<uuid:agency_id>/members/<uuid:id>/end/                member       1 3✓33333 333 333 333 333
POST    201 agencies/<uuid:agency_id>/members/<uuid:id>/hand-out-code/      member       1 3✓33333 333 333 333 333
GET     200 agencies/<uuid:agency_id>/members/<uuid:member_id>/absences/    member       1 ✓✓✓3✓✓3 333 333 333 333
POST    201 agencies/<uuid:agency_id>/members/<uuid:member_id>/absences/    member       1 3✓33333 333 333 333 333
POST    201 agencies/<uuid:agency_id>/members/<uuid:member_id>/absences/    self         1 ✓✓33333 333 333 333 333
POST    200 agencies/<uuid:agency_id>/members/<uuid:member_id>/absences/<uuid:id>/end/ absence 1 3✓33333 333 333 333 333
GET     200 agencies/<uuid:agency_id>/chasing/                              agency       1 3✓33333 333 333 333 333
POST    201 agencies/<uuid:agency_id>/chasing/                              agency       1 3✓33333 333 333 333 333
PATCH   200 agencies/<uuid:agency_id>/chasing/<uuid:id>/                    rule         1 3✓33333 333 333 333 333
POST    204 agencies/<uuid:agency_id>/chasing/<uuid:id>/remove/             rule         1 3✓33333 333 333 333 333
POST    201 agencies/<uuid:agency_id>/calendar/exceptions/                  agency       1 3✓33333 333 333 333 333
POST    200 agencies/<uuid:agency_id>/calendar/exceptions/<uuid:id>/remove/ day          1 3✓33333 333 333 333 333
GET     200 agencies/<uuid:agency_id>/settings/                             agency       1 ✓✓✓✓✓✓3 333 333 333 333
PATCH   200 agencies/<uuid:agency_id>/settings/                             agency       1 3✓33333 333 333 333 333

# closures: own was proposed by the ward office, helper would take over
GET     200 agency-closures/                                                -            1 3✓✓3333 3✓3 3✓3 3✓3 3✓3
POST    201 agency-closures/                                                -            1 3333333 333 333 333 3✓3
GET     200 agency-closures/<uuid:id>/                                      closure      1 3✓43333 3✓3 343 343 3✓3
POST    200 agency-closures/<uuid:id>/confirm/                              closure      1 3✓43333 333 343 343 333
POST    200 agency-closures/<uuid:id>/withdraw/                             closure      1 3✓43333 333 343 343 3✓3

# another corporation runs own from a day on: announced by the ward office, reviewed by both
GET     200 operator-changes/                                               -            1 3✓✓3333 3✓3 3✓3 3✓3 3✓3
POST    201 operator-changes/                                               -            1 3333333 333 333 333 3✓3
GET     200 operator-changes/<uuid:id>/                                     change       1 3✓✓3333 343 343 343 3✓3
GET     200 operator-changes/<uuid:id>/review/                              change       1 3✓33333 343 343 343 3✓3
POST    200 operator-changes/<uuid:id>/confirm/                             change       1 3✓33333 343 343 343 3✓3
POST    200 operator-changes/<uuid:id>/withdraw/                            change       1 3333333 343 343 343 3✓3

# areas: as open as the directory
GET     200 areas/                                                          -            1 ✓✓✓✓✓✓3 ✓✓✓ ✓✓✓ ✓✓✓ ✓✓✓
POST    200 areas/lookup/                                                   -            1 ✓✓✓✓✓✓3 ✓✓✓ ✓✓✓ ✓✓✓ ✓✓✓

# whoever asks
GET     200 me/                                                             -            1 ✓✓✓✓✓✓✓ ✓✓✓ ✓✓✓ ✓✓✓ ✓✓✓
PUT     200 me/agency/                                                      -            1 ✓✓✓✓✓33 333 333 333 333
GET     200 me/invitations/                                                 -            1 ✓✓✓✓✓33 ✓✓3 ✓✓3 ✓✓3 ✓✓✓
GET     200 me/email/                                                       -            1 ✓✓✓✓✓33 ✓✓3 ✓✓3 ✓✓3 ✓✓✓
PUT     200 me/email/                                                       -            1 ✓✓✓✓✓33 ✓✓3 ✓✓3 ✓✓3 ✓✓✓
POST    400 me/email/prove/                                                 -            1 ✓✓✓✓✓33 ✓✓3 ✓✓3 ✓✓3 ✓✓✓
GET     200 me/invitations/<uuid:id>/                                       own_invitation 1 4444433 443 443 ✓43 444
POST    200 me/invitations/<uuid:id>/accept/                                own_invitation 1 4444433 443 443 ✓43 444
POST    200 me/invitations/<uuid:id>/decline/                               own_invitation 1 4444433 443 443 ✓43 444
GET     200 me/notifications/                                               -            1 ✓✓✓✓✓33 ✓✓3 ✓✓3 ✓✓3 ✓✓✓
PUT     200 me/notifications/                                               -            1 ✓✓✓✓✓33 ✓✓3 ✓✓3 ✓✓3 ✓✓✓

# residents
POST    201 residents/                                                      -            1 ✓3333✓3 ✓3✓ ✓3✓ ✓3✓ ✓33
GET     200 residents/<uuid:id>/                                            resident     1 ✓✓433✓3 ✓✓✓ ✓✓✓ 444 4✓3
PATCH   200 residents/<uuid:id>/                                            resident     1 ✓3333✓3 333 333 434 433
POST    200 residents/search/                                               -            1 ✓✓✓33✓3 ✓✓✓ ✓✓✓ ✓✓✓ ✓✓3
POST    200 residents/matches/                                              -            1 ✓3333✓3 ✓3✓ ✓3✓ ✓3✓ ✓33
POST    200 residents/<uuid:id>/merge/                                      resident     1 ✓333333 033 033 433 433
POST    200 residents/<uuid:id>/unmerge/                                    survivor     1 ✓333333 433 433 433 433
GET     200 residents/<uuid:resident_id>/versions/                          resident     1 ✓✓433✓3 ✓✓✓ ✓✓✓ 444 4✓3
GET     200 residents/<uuid:resident_id>/merges/                            resident     1 ✓✓433✓3 ✓✓✓ ✓✓✓ 444 4✓3

# inquiries: own has asked, stranger was asked
GET     200 inquiries/                                                      -            1 ✓✓33333 ✓✓3 ✓✓3 ✓✓3 ✓33
POST    201 inquiries/                                                      -            1 ✓✓33333 003 003 003 033
GET     200 inquiries/<uuid:id>/                                            inquiry      1 ✓✓33333 443 443 ✓✓3 433
POST    200 inquiries/<uuid:id>/share/                                      inquiry      1 3333333 443 443 ✓✓3 433
POST    200 inquiries/<uuid:id>/decline/                                    inquiry      1 3333333 443 443 ✓✓3 433

POST    200 residents/<uuid:id>/end/                                        resident     1 ✓✓33333 333 333 443 433
POST    200 residents/<uuid:id>/reinstate/                                  gone         1 ✓✓33333 443 443 443 433
GET     200 residents/<uuid:resident_id>/contacts/                          resident     1 ✓✓333✓3 ✓✓✓ ✓✓✓ 444 433
POST    201 residents/<uuid:resident_id>/contacts/                          resident     1 ✓3333✓3 333 333 434 433
PATCH   200 residents/<uuid:resident_id>/contacts/<uuid:id>/                contact      1 ✓3333✓3 333 333 434 433
POST    200 residents/<uuid:resident_id>/contacts/<uuid:id>/confirm/        contact      1 ✓3333✓3 333 333 434 433
POST    200 residents/<uuid:resident_id>/contacts/<uuid:id>/end/            contact      1 ✓3333✓3 333 333 434 433
GET     200 residents/<uuid:resident_id>/certifications/                    resident     1 ✓✓333✓3 ✓✓✓ ✓✓✓ 444 433
POST    201 residents/<uuid:resident_id>/certifications/                    resident     1 ✓3333✓3 333 333 434 433
GET     200 residents/<uuid:resident_id>/consents/                          resident     1 ✓✓333✓3 ✓✓✓ ✓✓✓ 444 433
POST    201 residents/<uuid:resident_id>/consents/                          resident     1 ✓3333✓3 ✓3✓ ✓3✓ 434 433
POST    200 residents/<uuid:resident_id>/consents/<uuid:id>/withdraw/       consent      1 ✓3333✓3 434 ✓3✓ 434 433
GET     200 residents/<uuid:resident_id>/households/                        resident     1 ✓✓333✓3 ✓✓✓ ✓✓✓ 444 433
GET     200 households/<uuid:id>/                                           household    1 ✓✓333✓3 ✓✓✓ ✓✓✓ 444 433
POST    201 households/                                                     -            1 ✓3333✓3 030 030 030 033
POST    201 households/<uuid:household_id>/members/                         household    1 ✓3333✓3 030 030 434 433
POST    200 households/<uuid:household_id>/members/<uuid:id>/end/           inhabitant   1 ✓3333✓3 333 333 434 433

# consultations: of the agency that took them
GET     200 consultations/                                                  -            1 ✓✓333✓3 ✓✓✓ ✓✓✓ ✓✓✓ ✓33
POST    201 consultations/                                                  -            1 ✓3333✓3 ✓3✓ ✓3✓ ✓3✓ ✓33
GET     200 consultations/<uuid:id>/                                        consultation 1 ✓✓333✓3 444 444 444 433
PATCH   200 consultations/<uuid:id>/                                        consultation 1 ✓3333✓3 434 434 434 433
POST    200 consultations/<uuid:id>/triage/                                 consultation 1 ✓3333✓3 434 434 434 433
# what is set apart for another desk is for its recorder and named people alone
GET     200 consultations/<uuid:id>/                                        apart        1 ✓433343 444 444 444 433
GET     200 consultations/<uuid:consultation_id>/desk-calls/                apart        1 ✓433343 444 444 444 433
POST    201 consultations/<uuid:consultation_id>/desk-calls/                apart        1 ✓333333 433 433 433 433
GET     200 consultations/<uuid:consultation_id>/readers/                   apart        1 ✓433343 444 444 444 433
POST    201 consultations/<uuid:consultation_id>/readers/                   apart        1 ✓333333 433 433 433 433

# cases: the lead changes, those in the support take part, restricted ones are for named people
GET     200 cases/                                                          -            1 ✓✓333✓3 ✓✓✓ ✓✓✓ ✓✓✓ ✓33
POST    201 cases/                                                          -            1 ✓3333✓3 ✓3✓ ✓3✓ 030 033
GET     200 cases/<uuid:id>/                                                case         1 ✓✓333✓3 ✓✓✓ 444 444 433
GET     200 cases/<uuid:id>/                                                restricted   1 ✓433343 ✓44 444 444 433
GET     200 cases/<uuid:id>/                                                closed       1 ✓✓333✓3 ✓✓✓ 444 444 433
GET     200 cases/<uuid:id>/                                                over         1 ✓✓333✓3 444 444 444 433
PATCH   200 cases/<uuid:id>/                                                case         1 ✓3333✓3 333 434 434 433
POST    200 cases/<uuid:id>/close/                                          case         1 ✓3333✓3 333 434 434 433
POST    200 cases/<uuid:id>/discontinue/                                    case         1 ✓3333✓3 333 434 434 433
POST    200 cases/<uuid:id>/monitor/                                        supporting   1 ✓3333✓3 333 434 434 433
POST    200 cases/<uuid:id>/plan/                                           case         1 ✓3333✓3 333 434 434 433
POST    200 cases/<uuid:id>/reassign/                                       case         1 ✓✓33333 333 443 443 433
POST    200 cases/<uuid:id>/reopen/                                         closed       1 ✓3333✓3 333 434 434 433
POST    200 cases/<uuid:id>/restrict/                                       case         1 ✓✓33333 333 443 443 433
POST    200 cases/<uuid:id>/support/                                        planned      1 ✓3333✓3 333 434 434 433
POST    200 cases/<uuid:id>/unrestrict/                                     restricted   1 ✓433333 343 443 443 433
GET     200 cases/<uuid:case_id>/notes/                                     case         1 ✓✓333✓3 ✓✓✓ 444 444 433
POST    201 cases/<uuid:case_id>/notes/                                     case         1 ✓3333✓3 ✓3✓ 434 434 433
POST    201 cases/<uuid:case_id>/notes/                                     over         1 ✓3333✓3 434 434 434 433
GET     200 cases/<uuid:case_id>/grants/                                    case         1 ✓✓33333 333 443 443 433
POST    201 cases/<uuid:case_id>/grants/                                    case         1 ✓✓33333 333 443 443 433
POST    200 cases/<uuid:case_id>/grants/<uuid:id>/revoke/                   grant        1 ✓✓33333 333 443 443 433
POST    201 cases/<uuid:case_id>/grants/<uuid:id>/prolong/                  grant        1 ✓✓33333 333 443 443 433
GET     200 cases/<uuid:case_id>/named-members/                             case         1 ✓✓33333 333 443 443 433
POST    201 cases/<uuid:case_id>/named-members/                             case         1 ✓✓33333 333 443 443 433
POST    200 cases/<uuid:case_id>/named-members/<uuid:id>/end/               naming       1 ✓✓33333 333 443 443 433

# what hangs on a case: seen with it, and planned by its lead; whoever sees to a goal settles it
GET     200 cases/<uuid:case_id>/assessments/                                   case         1 ✓✓333✓3 ✓✓✓ 444 444 433
POST    201 cases/<uuid:case_id>/assessments/                                   case         1 ✓3333✓3 ✓3✓ 434 434 433
GET     200 cases/<uuid:case_id>/assessments/<uuid:id>/                         assessment   1 ✓✓333✓3 ✓✓✓ 444 444 433
GET     200 cases/<uuid:case_id>/plans/                                         case         1 ✓✓333✓3 ✓✓✓ 444 444 433
POST    201 cases/<uuid:case_id>/plans/                                         case         1 ✓3333✓3 333 434 434 433
GET     200 cases/<uuid:case_id>/plans/<uuid:id>/                               agreed       1 ✓✓333✓3 ✓✓✓ 444 444 433
GET     200 cases/<uuid:case_id>/plans/<uuid:id>/                               drafted      1 ✓✓333✓3 444 444 444 433
PATCH   200 cases/<uuid:case_id>/plans/<uuid:id>/                               drafted      1 ✓3333✓3 434 434 434 433
POST    200 cases/<uuid:case_id>/plans/<uuid:id>/agree/                         drafted      1 ✓3333✓3 333 434 434 433
POST    200 cases/<uuid:case_id>/plans/<uuid:id>/end/                           agreed       1 ✓3333✓3 333 434 434 433
POST    200 cases/<uuid:case_id>/plans/<uuid:id>/review/                        agreed       1 ✓3333✓3 333 434 434 433
POST    200 cases/<uuid:case_id>/goals/<uuid:id>/assign/                        goal         1 ✓3333✓3 333 434 434 433
POST    200 cases/<uuid:case_id>/goals/<uuid:id>/drop/                          goal         1 ✓3333✓3 ✓3✓ 434 434 433
POST    200 cases/<uuid:case_id>/goals/<uuid:id>/reach/                         goal         1 ✓3333✓3 ✓3✓ 434 434 433
POST    200 cases/<uuid:case_id>/goals/<uuid:id>/reopen/                        reached      1 ✓3333✓3 ✓3✓ 434 434 433
GET     200 cases/<uuid:case_id>/agencies/                                      case         1 ✓✓333✓3 ✓✓✓ 444 444 433
GET     200 cases/<uuid:case_id>/handover/                                      case         1 ✓✓333✓3 ✓✓✓ 444 444 433
GET     200 cases/<uuid:case_id>/handover/                                      restricted   1 ✓433343 ✓44 444 444 433
GET     200 cases/without-person/                                               -            1 ✓✓33333 ✓✓3 ✓✓3 ✓✓3 ✓33
POST    200 cases/handover/                                                     case         1 3✓33333 333 303 303 333
# abuse reports: named people of the agency that took it and of the ward office, which alone decides
GET     200 abuse-reports/                                                  -            1 ✓✓✓3333 ✓✓3 ✓✓3 ✓✓3 ✓✓3
POST    201 abuse-reports/                                                  -            1 ✓333333 333 033 033 033
GET     200 abuse-reports/<uuid:id>/                                        abuse        1 ✓443333 443 443 443 ✓✓3
POST    200 abuse-reports/<uuid:id>/hold-reception/                         abuse        1 ✓433333 443 443 443 ✓33
POST    200 abuse-reports/<uuid:id>/check-facts/                            checking     1 ✓433333 443 443 443 ✓33
POST    200 abuse-reports/<uuid:id>/investigate-entry/                      checking     1 3433333 443 443 443 ✓33
POST    200 abuse-reports/<uuid:id>/decide/                                 checked      1 3443333 343 343 343 3✓3
POST    200 abuse-reports/<uuid:id>/confirm-decision/                       proposed     1 3443333 443 443 443 ✓33
POST    200 abuse-reports/<uuid:id>/reject-decision/                        proposed     1 3443333 443 443 443 ✓33
POST    200 abuse-reports/<uuid:id>/withdraw-decision/                      proposed     1 3443333 343 343 343 3✓3
POST    200 abuse-reports/<uuid:id>/close-elsewhere/                        elsewhere    1 3443333 343 343 343 3✓3
POST    200 abuse-reports/<uuid:id>/plan/                                   found        1 ✓433333 443 443 443 ✓33
POST    200 abuse-reports/<uuid:id>/evaluate/                               responding   1 ✓433333 443 443 443 ✓33
POST    200 abuse-reports/<uuid:id>/close/                                  not_found    1 3443333 343 343 343 3✓3
POST    200 abuse-reports/<uuid:id>/name/                                   abuse        1 ✓443333 443 443 443 333
GET     200 abuse-reports/<uuid:report_id>/events/                          abuse        1 ✓443333 443 443 443 ✓✓3
GET     200 abuse-reports/<uuid:report_id>/reporter/                        abuse        1 ✓443333 443 443 443 3✓3
PATCH   200 abuse-reports/<uuid:report_id>/reporter/                        abuse        1 ✓443333 443 443 443 3✓3
GET     200 abuse-reports/<uuid:report_id>/reporter-readers/                abuse        1 3443333 343 343 343 3✓3
POST    201 abuse-reports/<uuid:report_id>/reporter-readers/                abuse        1 3443333 343 343 343 3✓3
POST    200 abuse-reports/<uuid:report_id>/reporter-readers/<uuid:id>/end/  reader       1 3443333 343 343 343 3✓3

# deadlines: for all to read, for the managers of the ward office (nobody here) to set
GET     200 deadline-rules/                                                 -            1 ✓✓✓✓✓✓3 ✓✓✓ ✓✓✓ ✓✓✓ ✓✓✓
POST    -   deadline-rules/                                                 -            1 3333333 333 333 333 333
GET     200 other-desks/                                                    -            1 ✓✓✓✓✓✓3 ✓✓✓ ✓✓✓ ✓✓✓ ✓✓✓
POST    -   other-desks/                                                    -            1 3333333 333 333 333 333
GET     200 other-desks/in-force/                                           -            1 ✓✓✓✓✓✓3 ✓✓✓ ✓✓✓ ✓✓✓ ✓✓✓
POST    -   other-desks/<uuid:id>/end/                                      desk         1 3333333 333 333 333 333
GET     200 deadline-rules/in-force/                                        -            1 ✓✓✓✓✓✓3 ✓✓✓ ✓✓✓ ✓✓✓ ✓✓✓
POST    -   deadline-rules/<uuid:id>/end/                                   deadline     1 3333333 333 333 333 333

# referrals: S prepares and closes, R answers, C confirms and closes
GET     200 referrals/                                                      -            1 ✓✓✓33✓3 ✓✓✓ ✓✓✓ ✓✓✓ ✓✓3
POST    201 referrals/                                                      -            1 ✓3333✓3 ✓3✓ 030 030 033
GET     200 referrals/<uuid:id>/                                            accepted     1 ✓✓433✓3 ✓✓✓ 444 444 4✓3
GET     200 referrals/<uuid:id>/                                            sent         1 ✓✓433✓3 444 ✓✓✓ 444 4✓3
GET     200 referrals/<uuid:id>/                                            draft        1 ✓✓433✓3 444 444 444 443
GET     200 referrals/<uuid:id>/                                            secret       1 ✓443343 444 444 444 443
GET     200 referrals/<uuid:id>/                                            ended        1 ✓✓433✓3 444 444 444 4✓3
PATCH   200 referrals/<uuid:id>/                                            draft        1 ✓3333✓3 434 434 434 433
POST    200 referrals/<uuid:id>/accept/                                     sent         1 3333333 434 ✓3✓ 434 433
POST    200 referrals/<uuid:id>/close/                                      completed    1 ✓3433✓3 333 434 434 4✓3
POST    200 referrals/<uuid:id>/complete/                                   accepted     1 3333333 ✓3✓ 434 434 433
POST    200 referrals/<uuid:id>/confirm-decline/                            declining    1 ✓3433✓3 434 333 434 4✓3
POST    204 referrals/<uuid:id>/discard/                                    draft        1 ✓3333✓3 434 434 434 433
POST    200 referrals/<uuid:id>/fail/                                       accepted     1 3333333 ✓3✓ 434 434 433
POST    200 referrals/<uuid:id>/propose-decline/                            sent         1 3333333 434 ✓3✓ 434 433
POST    200 referrals/<uuid:id>/receive/                                    sent         1 3333333 434 ✓3✓ 434 433
POST    200 referrals/<uuid:id>/send/                                       draft        1 ✓3333✓3 434 434 434 433
POST    200 referrals/<uuid:id>/start/                                      accepted     1 3333333 ✓3✓ 434 434 433
POST    200 referrals/<uuid:id>/agree-withdrawal/                           wanted_back  1 3343333 ✓3✓ 434 434 493
POST    200 referrals/<uuid:id>/answer/                                     questioned   1 ✓3333✓3 030 434 434 433
POST    200 referrals/<uuid:id>/ask/                                        accepted     1 3333333 ✓3✓ 434 434 433
POST    200 referrals/<uuid:id>/contest-decline/                            declining    1 ✓3333✓3 434 333 434 433
POST    200 referrals/<uuid:id>/hold/                                       accepted     1 3333333 ✓3✓ 434 434 433
POST    200 referrals/<uuid:id>/reopen/                                     completed    1 ✓3433✓3 333 434 434 4✓3
POST    200 referrals/<uuid:id>/request-withdrawal/                         at_work      1 ✓3333✓3 333 434 434 433
POST    200 referrals/<uuid:id>/reroute/                                    declined     1 ✓3433✓3 434 333 434 4✓3
POST    200 referrals/<uuid:id>/resume/                                     held         1 3333333 ✓3✓ 434 434 433
POST    200 referrals/<uuid:id>/retract-decline/                            declining    1 3333333 434 ✓3✓ 434 433
POST    200 referrals/<uuid:id>/void/                                       accepted     1 ✓343333 333 433 433 4✓3
POST    200 referrals/<uuid:id>/withdraw/                                   sent         1 ✓3333✓3 434 333 434 433
POST    200 referrals/duplicates/                                           -            1 ✓3333✓3 ✓3✓ 030 030 033
GET     200 cases/<uuid:case_id>/referrals/                                 case         1 ✓✓433✓3 ✓✓✓ 444 444 443
GET     200 cases/<uuid:case_id>/referrals/                                 restricted   1 ✓443343 ✓44 444 444 443
GET     200 referral-pool/                                                  -            1 ✓✓✓33✓3 ✓✓✓ ✓✓✓ ✓✓✓ ✓✓3
GET     200 referral-pool/<uuid:id>/                                        offered      1 4443343 ✓✓✓ ✓✓✓ 444 443
POST    200 referrals/<uuid:id>/claim/                                      offered      1 4333343 ✓3✓ ✓3✓ 434 433
GET     200 referrals/<uuid:id>/                                            offered      1 ✓✓433✓3 444 444 444 4✓3
GET     200 referrals/<uuid:referral_id>/attachments/                       accepted     1 ✓✓433✓3 ✓✓✓ 444 444 4✓3
GET     200 referrals/<uuid:referral_id>/attachments/                       offered      1 ✓✓433✓3 444 444 444 4✓3
POST    201 referrals/<uuid:referral_id>/attachments/                       accepted     1 ✓3333✓3 ✓3✓ 434 434 433
POST    201 referrals/<uuid:referral_id>/attachments/                       draft        1 ✓3333✓3 434 434 434 433
GET     200 referrals/<uuid:referral_id>/attachments/<uuid:id>/content/     file         1 ✓✓433✓3 ✓✓✓ 444 444 4✓3
POST    204 referrals/<uuid:referral_id>/attachments/<uuid:id>/remove/      scrap        1 ✓3333✓3 434 434 434 433
GET     200 referrals/<uuid:referral_id>/events/                            accepted     1 ✓✓433✓3 ✓✓✓ 444 444 4✓3

# watch-over: the responsible agency and C keep it, watcher and backup look in once there is a basis
GET     200 watch-assignments/                                              -            1 ✓✓✓✓3✓3 ✓✓✓ ✓✓✓ ✓✓✓ ✓✓3
POST    201 watch-assignments/                                              -            1 ✓✓✓33✓3 000 000 000 0✓3
POST    201 watch-assignments/assign/                                       -            1 ✓✓✓33✓3 000 000 000 0✓3
POST    200 watch-assignments/reassign/                                     -            1 ✓✓✓33✓3 300 000 000 0✓3
GET     200 watch-assignments/<uuid:id>/                                    watch        1 ✓✓✓✓3✓3 ✓44 444 444 4✓3
GET     200 watch-assignments/<uuid:id>/                                    proposed_watch 1 ✓✓✓43✓3 444 444 444 4✓3
PATCH   200 watch-assignments/<uuid:id>/                                    watch        1 ✓✓✓33✓3 344 444 444 4✓3
POST    200 watch-assignments/<uuid:id>/consent/                            proposed_watch 1 ✓✓✓33✓3 444 444 444 4✓3
POST    200 watch-assignments/<uuid:id>/activate/                           agreed_watch 1 ✓✓✓33✓3 344 444 444 4✓3
POST    200 watch-assignments/<uuid:id>/suspend/                            watch        1 ✓✓✓33✓3 344 444 444 4✓3
POST    200 watch-assignments/<uuid:id>/resume/                             suspended_watch 1 ✓✓✓33✓3 344 444 444 4✓3
POST    200 watch-assignments/<uuid:id>/end/                                watch        1 ✓✓✓33✓3 344 444 444 4✓3
POST    200 watch-assignments/<uuid:id>/reassign/                           watch        1 ✓✓✓33✓3 344 444 444 4✓3
GET     200 watch-assignments/<uuid:assignment_id>/schedule/                watch        1 ✓✓✓✓3✓3 ✓44 444 444 4✓3
POST    201 watch-assignments/<uuid:assignment_id>/schedule/                watch        1 ✓✓✓33✓3 344 444 444 4✓3
GET     200 agencies/<uuid:agency_id>/escalation/                           agency       1 ✓✓✓✓3✓3 333 333 333 3✓3
GET     200 agencies/<uuid:agency_id>/escalation/<str:kind>/                ladder       1 ✓✓✓✓3✓3 333 333 333 3✓3
PUT     200 agencies/<uuid:agency_id>/escalation/<str:kind>/                ladder       1 3✓✓3333 333 333 333 333
POST    204 agencies/<uuid:agency_id>/escalation/<str:kind>/remove/         ladder       1 3✓✓3333 333 333 333 333
POST    200 watch-assignments/<uuid:assignment_id>/rehearsal/               watch        1 ✓✓✓33✓3 344 444 444 4✓3
POST    201 watch-assignments/<uuid:assignment_id>/link/                    watch        1 ✓✓✓✓3✓3 ✓44 444 444 4✓3
GET     200 watch-assignments/<uuid:assignment_id>/events/                  watch        1 ✓✓✓33✓3 344 444 444 4✓3
GET     200 expectations/                                                   -            1 ✓✓✓✓3✓3 ✓✓✓ ✓✓✓ ✓✓✓ ✓✓3
GET     200 check-ins/                                                      -            1 ✓✓✓✓3✓3 ✓✓✓ ✓✓✓ ✓✓✓ ✓✓3
POST    201 check-ins/                                                      -            1 ✓✓✓✓3✓3 ✓00 000 000 0✓3
POST    200 signals/                                                        -            1 33333✓3 33✓ 33✓ 33✓ 333
GET     200 pauses/                                                         -            1 ✓✓✓✓3✓3 ✓✓✓ ✓✓✓ ✓✓✓ ✓✓3
POST    201 pauses/                                                         -            1 ✓✓✓✓3✓3 ✓00 000 000 0✓3
POST    200 pauses/<uuid:id>/end/                                           pause        1 ✓✓✓✓3✓3 ✓44 444 444 4✓3
GET     200 alerts/                                                         -            1 ✓✓✓✓3✓3 ✓✓✓ ✓✓✓ ✓✓✓ ✓✓3
GET     200 alerts/<uuid:id>/                                               alert        1 ✓✓✓✓3✓3 ✓44 444 444 4✓3
POST    200 alerts/<uuid:id>/acknowledge/                                   alert        1 ✓✓✓✓3✓3 ✓44 444 444 4✓3
POST    200 alerts/<uuid:id>/resolve/                                       alert        1 ✓✓✓33✓3 344 444 444 4✓3
GET     200 outages/                                                        -            1 ✓✓✓✓3✓3 ✓✓✓ ✓✓✓ ✓✓✓ ✓✓3
GET     200 watch-handovers/                                                -            1 ✓✓✓33✓3 ✓✓✓ ✓✓✓ ✓✓✓ ✓✓3
POST    201 watch-handovers/                                                -            1 ✓✓✓33✓3 ✓✓✓ ✓✓✓ ✓✓✓ ✓✓3
GET     200 watch-handovers/<uuid:id>/                                      handover     1 ✓✓✓33✓3 444 444 444 4✓3
PATCH   200 watch-handovers/<uuid:id>/                                      handover     1 ✓✓✓33✓3 444 444 444 4✓3
POST    200 watch-handovers/<uuid:id>/schedule/                             handover_ahead 1 ✓✓✓33✓3 444 444 444 4✓3
POST    200 watch-handovers/<uuid:id>/release/                              handover     1 ✓✓✓33✓3 444 444 444 4✓3
POST    200 watch-handovers/<uuid:id>/carry-out/                            handover     1 ✓✓✓33✓3 444 444 444 4✓3
POST    200 watch-handovers/<uuid:id>/cancel/                               handover     1 ✓✓✓33✓3 444 444 444 4✓3
GET     200 watch-briefing/                                                 -            1 ✓✓✓✓3✓3 ✓✓✓ ✓✓✓ ✓✓✓ ✓✓3
GET     200 watch-report/                                                   -            1 ✓✓✓✓333 ✓✓3 ✓✓3 ✓✓3 ✓✓3
GET     200 watch-report/<uuid:id>/                                         reported     1 ✓✓✓✓333 443 443 443 4✓3
GET     200 watch-lists/                                                    -            1 ✓✓✓✓333 ✓✓3 ✓✓3 ✓✓3 ✓✓3
GET     200 watch-lists/<uuid:id>/                                          watch_list   1 ✓✓✓4333 443 443 443 4✓3
POST    200 watch-lists/import/                                             -            1 ✓✓✓3333 ✓✓3 ✓✓3 ✓✓3 ✓✓3
GET     200 list-entries/                                                   -            1 ✓✓✓✓333 ✓✓3 ✓✓3 ✓✓3 ✓✓3
GET     200 list-entries/<uuid:id>/                                         entry        1 ✓✓✓✓333 443 443 443 4✓3
GET     200 list-entries/<uuid:entry_id>/events/                            entry        1 ✓✓✓4333 443 443 443 4✓3
POST    200 list-entries/screen/                                            entry        1 ✓✓✓3333 003 003 003 0✓3
POST    200 list-entries/send/                                              entry        1 ✓✓✓3333 003 003 003 0✓3
POST    200 list-entries/<uuid:id>/match/                               unclear_entry 1 ✓✓✓4333 443 443 443 4✓3
POST    200 list-entries/<uuid:id>/screen/                                  entry        1 ✓✓✓3333 443 443 443 4✓3
POST    200 list-entries/<uuid:id>/visit/                                   entry        1 ✓✓✓✓333 443 443 443 4✓3
POST    200 list-entries/<uuid:id>/wants/                               visited_entry 1 ✓✓✓✓333 443 443 443 4✓3
POST    200 list-entries/<uuid:id>/refuse/                              visited_entry 1 ✓✓✓✓333 443 443 443 4✓3
POST    200 list-entries/<uuid:id>/undo/                                visited_entry 1 ✓✓✓✓333 443 443 443 4✓3
POST    200 list-entries/<uuid:id>/assign/                              wanting_entry 1 ✓✓✓3333 443 443 443 4✓3
GET     200 watch-review/coverage/                                          -            1 3✓✓3✓33 3✓3 3✓3 3✓3 3✓✓
GET     200 watch-review/funnel/                                            -            1 3✓✓3✓33 3✓3 3✓3 3✓3 3✓✓
GET     200 watch-review/load/                                              -            1 3✓✓3333 3✓3 3✓3 3✓3 3✓3
GET     200 watch-review/alerts/                                            -            1 3✓✓3333 3✓3 3✓3 3✓3 3✓3
GET     200 watch-review/single-points/                                     -            1 3✓✓3333 3✓3 3✓3 3✓3 3✓3
GET     200 watch-review/terms/                                             -            1 3✓✓3333 3✓3 3✓3 3✓3 3✓3
GET     200 watch-review/signals/                                           -            1 3✓✓3333 3✓3 3✓3 3✓3 3✓3

# concerns: reported by whoever looks, read and triaged by the desk they are for, and by C
GET     200 concerns/                                                       -            1 ✓✓✓3333 ✓✓3 ✓✓3 ✓✓3 ✓✓3
POST    201 concerns/                                                       -            1 ✓✓✓✓3✓3 ✓✓✓ ✓✓✓ ✓✓✓ ✓✓3
GET     200 concerns/<uuid:id>/                                             concern      1 ✓✓✓3333 443 443 443 4✓3
POST    200 concerns/<uuid:id>/triage/                                      concern      1 ✓✓✓3333 443 443 443 4✓3
POST    201 public/concerns/                                                -            ✓ ✓✓✓✓✓✓✓ ✓✓✓ ✓✓✓ ✓✓✓ ✓✓✓
POST    200 public/concerns/receipt/                                        -            ✓ ✓✓✓✓✓✓✓ ✓✓✓ ✓✓✓ ✓✓✓ ✓✓✓

# one tap: whoever holds the link
GET     200 /w/<str:secret>/                                                link         ✓ ✓✓✓✓✓✓✓ ✓✓✓ ✓✓✓ ✓✓✓ ✓✓✓
POST    200 /w/<str:secret>/                                                link         ✓ ✓✓✓✓✓✓✓ ✓✓✓ ✓✓✓ ✓✓✓ ✓✓✓

# reminders: the inbox of whoever asks
GET     200 reminders/                                                      -            1 ✓✓✓✓✓✓3 ✓✓✓ ✓✓✓ ✓✓✓ ✓✓✓
GET     200 reminders/<uuid:id>/                                            reminder     1 ✓444443 444 444 444 444
POST    200 reminders/<uuid:id>/acknowledge/                                reminder     1 ✓444443 444 444 444 444
POST    200 reminders/<uuid:id>/delegate/                                   reminder     1 ✓444443 444 444 444 444
POST    200 reminders/<uuid:id>/read/                                       reminder     1 ✓444443 444 444 444 444
POST    200 reminders/<uuid:id>/snooze/                                     reminder     1 ✓444443 444 444 444 444

# long work: its owner's alone
GET     200 jobs/                                                           -            1 ✓✓✓3✓33 ✓✓3 ✓✓3 ✓✓3 ✓✓✓
GET     200 jobs/<uuid:id>/                                                 job          1 ✓443433 443 443 443 444
POST    200 jobs/<uuid:id>/cancel/                                          job          1 ✓443433 443 443 443 444

# the trail
GET     200 audit/                                                          -            1 3333✓33 333 333 333 33✓

# incidents: of the own agency; the privacy officer closes them
GET     200 incidents/                                                      -            1 3333✓33 333 333 333 33✓
GET     200 incidents/<uuid:id>/                                            incident     1 3333✓33 333 333 333 33✓
POST    200 incidents/<uuid:id>/close/                                      incident     1 3333333 333 333 333 33✓

# the contract
GET     200 openapi.json                                                    -            ✓ ✓✓✓✓✓✓✓ ✓✓✓ ✓✓✓ ✓✓✓ ✓✓✓
GET     200 docs/                                                           -            ✓ ✓✓✓✓✓✓✓ ✓✓✓ ✓✓✓ ✓✓✓ ✓✓✓

# sign-in (allauth) and tokens (oauth): a token is nobody to the former, a session nobody to the latter;
# a code is taken between password and session alone, from nobody here
GET     200 /auth/browser/v1/config                                         -            ✓ ✓✓✓✓✓✓✓ ✓✓✓ ✓✓✓ ✓✓✓ ✓✓✓
OPTIONS 200 /auth/browser/v1/config                                         -            ✓ ✓✓✓✓✓✓✓ ✓✓✓ ✓✓✓ ✓✓✓ ✓✓✓
POST    200 /auth/browser/v1/auth/login                                     -            ✓ 99999✓✓ 99✓ 99✓ 99✓ 999
OPTIONS -   /auth/browser/v1/auth/login                                     -            0 0000000 000 000 000 000
GET     200 /auth/browser/v1/auth/session                                   -            1 ✓✓✓✓✓11 ✓✓1 ✓✓1 ✓✓1 ✓✓✓
DELETE  -   /auth/browser/v1/auth/session                                   -            1 1111111 111 111 111 111
OPTIONS 200 /auth/browser/v1/auth/session                                   -            ✓ ✓✓✓✓✓✓✓ ✓✓✓ ✓✓✓ ✓✓✓ ✓✓✓
POST    -   /auth/browser/v1/auth/2fa/authenticate                          -            1 1111111 111 111 111 111
OPTIONS -   /auth/browser/v1/auth/2fa/authenticate                          -            1 1111111 111 111 111 111
POST    200 /auth/browser/v1/auth/reauthenticate                            -            1 ✓✓✓✓✓11 ✓✓1 ✓✓1 ✓✓1 ✓✓✓
OPTIONS -   /auth/browser/v1/auth/reauthenticate                            -            1 0000011 001 001 001 000
POST    200 /auth/browser/v1/account/password/change                        -            1 ✓✓✓✓✓11 ✓✓1 ✓✓1 ✓✓1 ✓✓✓
OPTIONS -   /auth/browser/v1/account/password/change                        -            1 0000011 001 001 001 000
POST    200 /oauth/token/                                                   -            ✓ ✓✓✓✓✓✓✓ ✓✓✓ ✓✓✓ ✓✓✓ ✓✓✓
OPTIONS 200 /oauth/token/                                                   -            ✓ ✓✓✓✓✓✓✓ ✓✓✓ ✓✓✓ ✓✓✓ ✓✓✓
POST    200 /oauth/revoke_token/                                            -            ✓ ✓✓✓✓✓✓✓ ✓✓✓ ✓✓✓ ✓✓✓ ✓✓✓
OPTIONS 200 /oauth/revoke_token/                                            -            ✓ ✓✓✓✓✓✓✓ ✓✓✓ ✓✓✓ ✓✓✓ ✓✓✓

# health
GET     200 /healthz                                                        -            ✓ ✓✓✓✓✓✓✓ ✓✓✓ ✓✓✓ ✓✓✓ ✓✓✓
"""


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    method: str
    route: str
    target: str
    outcomes: dict[str, int] = field(hash=False)

    def __str__(self) -> str:
        return f"{self.asked} {self.target}".removesuffix(" -")

    @property
    def asked(self) -> str:
        return f"{self.method} {self.route}"


def rows() -> list[Row]:
    return [_row(line) for line in TABLE.splitlines() if line and not line.startswith("#")]


def _row(line: str) -> Row:
    method, success, route, target, *signs = line.split()
    assert [len(group) for group in signs] == [len(roles) for roles in PERSONAS.values()], line
    statuses = [int(success) if sign == "✓" else SIGNS[sign] for sign in "".join(signs)]
    personas = [
        role if role == agency else f"{agency} {role}"
        for agency, roles in PERSONAS.items()
        for role in roles
    ]
    return Row(method, route, target, dict(zip(personas, statuses, strict=True)))

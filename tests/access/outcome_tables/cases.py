"""The outcomes of consultations, cases and what hangs on a case."""

from __future__ import annotations

TABLE = """\
# consultations: of the agency that took them
GET     200 consultations/                                                  -            1 ✓✓333✓3 ✓✓✓ ✓✓✓ ✓✓✓ ✓33
POST    201 consultations/                                                  -            1 ✓3333✓3 ✓3✓ ✓3✓ ✓3✓ ✓33
GET     200 consultations/<uuid:id>/                                        consultation 1 ✓✓333✓3 444 444 444 433
PATCH   200 consultations/<uuid:id>/                                        consultation 1 ✓3333✓3 434 434 434 433
POST    200 consultations/<uuid:id>/triage/                                 consultation 1 ✓3333✓3 434 434 434 433
POST    409 consultations/<uuid:id>/take-back/                              consultation 1 ✓3333✓3 434 434 434 433
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
POST    409 cases/<uuid:id>/take-back/                                      case         1 ✓✓33333 333 443 443 433
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

# tasks: seen with their case, worked on by its lead and by the agency that has one
GET     200 tasks/                                                              -            1 ✓✓333✓3 ✓✓✓ ✓✓✓ ✓✓✓ ✓33
POST    201 tasks/                                                              case         1 ✓✓333✓3 ✓✓✓ 000 000 033
GET     200 tasks/<uuid:id>/                                                    task         1 ✓✓333✓3 ✓✓✓ 444 444 433
GET     200 tasks/<uuid:id>/                                                    secret_task  1 ✓433343 ✓44 444 444 433
PATCH   200 tasks/<uuid:id>/                                                    task         1 ✓✓333✓3 ✓✓✓ 444 444 433
POST    200 tasks/<uuid:id>/finish/                                             task         1 ✓✓333✓3 ✓✓✓ 444 444 433
POST    200 tasks/<uuid:id>/finish/                                             own_task     1 ✓✓333✓3 333 444 444 433
POST    200 tasks/<uuid:id>/drop/                                               task         1 ✓✓333✓3 ✓✓✓ 444 444 433
POST    200 tasks/<uuid:id>/hand-on/                                            task         1 ✓✓333✓3 ✓✓✓ 444 444 433
"""

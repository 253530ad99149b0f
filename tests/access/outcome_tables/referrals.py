"""The outcomes of referrals, their pool and their files."""

from __future__ import annotations

TABLE = """\
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
POST    200 referrals/<uuid:id>/deliver/                                    untold       1 ✓3333✓3 434 434 434 433
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
"""

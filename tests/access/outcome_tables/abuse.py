"""The outcomes of abuse reports, deadlines and other desks."""

from __future__ import annotations

TABLE = """\
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
"""

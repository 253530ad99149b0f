"""The outcomes of reminders, long work, the trail, the contract, signing in and health."""

from __future__ import annotations

TABLE = """\
# reminders: the inbox of whoever asks
GET     200 reminders/                                                      -            1 ✓✓✓✓✓✓3 ✓✓✓ ✓✓✓ ✓✓✓ ✓✓✓
GET     200 reminders/<uuid:id>/                                            reminder     1 ✓444443 444 444 444 444
POST    200 reminders/<uuid:id>/acknowledge/                                reminder     1 ✓444443 444 444 444 444
POST    200 reminders/<uuid:id>/delegate/                                   reminder     1 ✓444443 444 444 444 444
POST    200 reminders/<uuid:id>/read/                                       reminder     1 ✓444443 444 444 444 444
POST    200 reminders/<uuid:id>/snooze/                                     reminder     1 ✓444443 444 444 444 444
POST    409 reminders/<uuid:id>/take-back/                                  reminder     1 ✓444443 444 444 444 444

# long work: its owner's alone
GET     200 jobs/                                                           -            1 ✓✓✓3✓33 ✓✓3 ✓✓3 ✓✓3 ✓✓✓
GET     200 jobs/<uuid:id>/                                                 job          1 ✓443433 443 443 443 444
POST    200 jobs/<uuid:id>/cancel/                                          job          1 ✓443433 443 443 443 444
GET     200 jobs/to-release/                                                -            1 3✓33✓33 3✓3 3✓3 3✓3 33✓
POST    200 jobs/<uuid:id>/release/                                         trail        1 3✓33333 343 343 343 334
POST    200 jobs/<uuid:id>/refuse/                                          trail        1 3✓33333 343 343 343 334

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

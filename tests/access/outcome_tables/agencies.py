"""The outcomes of agencies, their areas, and of whoever asks."""

from __future__ import annotations

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

# what goes from a ward office to its sections: for its managers, of whom there is none here
GET     200 section-moves/                                                  -            1 3✓33333 3✓3 3✓3 3✓3 333
POST    201 section-moves/                                                  -            1 3333333 333 333 333 333
GET     200 section-moves/<uuid:id>/                                        section_move 1 3433333 343 343 343 333
POST    200 section-moves/<uuid:id>/choose/                                 section_move 1 3333333 333 333 333 333
POST    200 section-moves/<uuid:id>/confirm/                                section_move 1 3333333 333 333 333 333
POST    200 section-moves/<uuid:id>/withdraw/                               section_move 1 3333333 333 333 333 333

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
"""

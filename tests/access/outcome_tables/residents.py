"""The outcomes of residents, inquiries and households."""

from __future__ import annotations

TABLE = """\
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
GET     200 residents/<uuid:resident_id>/facts/                             resident     1 ✓✓333✓3 ✓✓✓ ✓✓✓ 444 433
POST    201 residents/<uuid:resident_id>/facts/                             resident     1 ✓3333✓3 ✓3✓ ✓3✓ 434 433
POST    200 residents/<uuid:resident_id>/facts/<uuid:id>/correct/           fact         1 ✓3333✓3 333 333 434 433
POST    200 residents/<uuid:resident_id>/facts/<uuid:id>/end/               fact         1 ✓3333✓3 333 333 434 433
GET     200 residents/<uuid:resident_id>/consents/                          resident     1 ✓✓333✓3 ✓✓✓ ✓✓✓ 444 433
POST    201 residents/<uuid:resident_id>/consents/                          resident     1 ✓3333✓3 ✓3✓ ✓3✓ 434 433
POST    200 residents/<uuid:resident_id>/consents/<uuid:id>/withdraw/       consent      1 ✓3333✓3 434 ✓3✓ 434 433
GET     200 residents/<uuid:resident_id>/households/                        resident     1 ✓✓333✓3 ✓✓✓ ✓✓✓ 444 433
GET     200 households/<uuid:id>/                                           household    1 ✓✓333✓3 ✓✓✓ ✓✓✓ 444 433
POST    201 households/                                                     -            1 ✓3333✓3 030 030 030 033
POST    201 households/<uuid:household_id>/members/                         household    1 ✓3333✓3 030 030 434 433
POST    200 households/<uuid:household_id>/members/<uuid:id>/end/           inhabitant   1 ✓3333✓3 333 333 434 433
"""

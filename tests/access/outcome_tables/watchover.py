"""The outcomes of the watch-over: watches, lists, reviews, concerns and the link."""

from __future__ import annotations

TABLE = """\
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
GET     200 list-entries/suggestions/                                       -            1 ✓✓✓✓333 ✓✓3 ✓✓3 ✓✓3 ✓✓3
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
"""

"""The states of an entry on a list of the city, and the verbs between them, as data."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from carenet.core.states import Move, Refusal, Table


class ListState(models.TextChoices):
    """How far somebody on the list has been come to."""

    LISTED = "listed", _("on the list")
    SCREENED = "screened", _("screened out")
    VISITED = "visited", _("visited for the first time")
    WANTS = "wants", _("wants to be watched over")
    REFUSED = "refused", _("does not want it")


class ScreenReason(models.TextChoices):
    """Why nobody needs to call on somebody who is on the list."""

    IN_CARE = "in_care", _("receives care services already")
    KNOWN_ELSEWHERE = "known_elsewhere", _("known to another service")
    WATCHED_ALREADY = "watched_already", _("watched over already")
    NOT_ALONE = "not_alone", _("does not live alone")
    IN_HOSPITAL = "in_hospital", _("in hospital")
    FACILITY = "facility", _("moved into a facility")
    MOVED = "moved", _("moved away")
    DIED = "died", _("death")
    REFUSED_BEFORE = "refused_before", _("has refused, and the next list has not come")
    TWICE = "twice", _("on the list twice")
    OTHER = "other", pgettext_lazy("screened out", "other")


class ListVerb(models.TextChoices):
    """What is done with an entry."""

    IMPORT = "import", _("put on the list")
    MATCH = "match", _("find on the register")
    SCREEN = "screen", _("screen out")
    SEND = "send", _("give the first visit to somebody")
    VISIT = "visit", _("visit for the first time")
    WANTS = "wants", _("note the wish to be watched over")
    REFUSE = "refuse", _("note the refusal")
    ASSIGN = "assign", _("propose the watch")
    UNDO = "undo", _("put a mistake right")


_S = ListState
#: `undo` leads back from each.
LIST_MOVES: Table[ListVerb, Move[ListState], ListState] = Table(
    ListState,
    {
        ListVerb.SCREEN: Move.between({_S.LISTED, _S.VISITED}, _S.SCREENED),
        ListVerb.VISIT: Move.between({_S.LISTED}, _S.VISITED),
        ListVerb.WANTS: Move.between({_S.VISITED}, _S.WANTS),
        ListVerb.REFUSE: Move.between({_S.VISITED}, _S.REFUSED),
    },
    Refusal(_("This does not fit what has been recorded of the person. Look at it again.")),
)
#: Somebody has still to do something.
UNDECIDED = frozenset({_S.LISTED, _S.VISITED})

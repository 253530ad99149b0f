"""What was done with a line of the list or with a watch, as its story tells it: in the past tense."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from carenet.watchlists.states import ListVerb
from carenet.watchover.states import AlertVerb, WatchVerb

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LIST_DONE: Mapping[ListVerb, StrOrPromise] = {
    ListVerb.IMPORT: _("was put on the list"),
    ListVerb.MATCH: _("was found on the register"),
    ListVerb.SCREEN: _("nobody needs to call: noted"),
    ListVerb.SEND: _("the first visit was given to somebody"),
    ListVerb.VISIT: _("was visited for the first time"),
    ListVerb.WANTS: _("said that they want to be watched over"),
    ListVerb.REFUSE: _("said that they do not want it"),
    ListVerb.ASSIGN: _("the watch was proposed"),
    ListVerb.UNDO: pgettext_lazy("list", "the last step was taken back"),
}
WATCH_DONE: Mapping[str, StrOrPromise] = {
    WatchVerb.PROPOSE: _("the watch was proposed"),
    WatchVerb.CONSENT: _("the person agreed"),
    WatchVerb.ACTIVATE: _("the watch began"),
    WatchVerb.SUSPEND: _("the watch was suspended"),
    WatchVerb.RESUME: _("the watch went on"),
    WatchVerb.END: _("the watch ended"),
    WatchVerb.EDIT: _("the watch was changed"),
    WatchVerb.REASSIGN: _("the people who look in were changed"),
    WatchVerb.HAND_OVER: _("the watch was handed over with the term"),
    WatchVerb.SCHEDULE: _("the rhythm was set"),
    WatchVerb.PAUSE: _("a pause was noted"),
    WatchVerb.END_PAUSE: _("the pause was ended"),
    WatchVerb.CHECK_IN: _("somebody looked in"),
    "link": _("a link for one tap was made"),
    **{verb.value: verb.label for verb in AlertVerb},
}

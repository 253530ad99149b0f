"""What the responsible agency hears of a watch at which nobody looks in, or is expected to."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from carenet.agencies.actors import Actor
from carenet.agencies.roles import CASEWORK_ROLES, Role
from carenet.core import clock
from carenet.reminders.kinds import BaseKind
from carenet.watchover import policy
from carenet.watchover.actions.assignments import WITHOUT_WATCHER
from carenet.watchover.actions.locks import KIND
from carenet.watchover.models import WatchAssignment
from carenet.watchover.selectors.idle_watches import EXPECTS_NOBODY, expecting_nobody
from carenet.watchover.states import OPEN


class WatchNotice(BaseKind):
    """What the responsible agency hears of a watch: its desk, a working day later its managers."""

    subject_kind = KIND
    roles = ({Role.STAFF, Role.COORDINATOR}, CASEWORK_ROLES)
    working_days = 1

    @staticmethod
    def visible_to(actor: Actor) -> QuerySet[Any]:
        return policy.visible_to(actor)


class ExpectsNobody(WatchNotice):
    """By its rhythm nobody is expected any more: the responsible agency hears of it until one is."""

    name = EXPECTS_NOBODY
    message = _("By its rhythm nobody is expected any more: watch %(code)s. Set another one.")

    def applicable(self) -> QuerySet[Any]:
        return expecting_nobody(clock.now())


class WithoutWatcher(WatchNotice):
    """Nobody looks in any more: the responsible agency hears of it until somebody does."""

    name = WITHOUT_WATCHER
    message = _("Nobody looks in any more: watch %(code)s. Name a watcher.")

    def applicable(self) -> QuerySet[Any]:
        return WatchAssignment.objects.filter(status__in=sorted(OPEN), watcher=None)

"""What a handover would do with each watch, as things stand: one answer for preview and deed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from carenet.access.rules import BASES, SharingBasis
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, Membership, User
from carenet.core import clock
from carenet.core.models import not_ended
from carenet.residents.actions import is_refused
from carenet.residents.models import Consent, ConsentPole, InformationCategory
from carenet.watchover import policy
from carenet.watchover.models import HandoverLine, HandoverPair, WatchAssignment, WatchHandover
from carenet.watchover.states import OPEN, HandoverRemark, HandoverStatus, Obstacle

Place = tuple[UUID, UUID]  # a person, and the agency that they act for


#: All terms begin together on the first of December; this is one of these years, every third is.
_TURNOVER_YEAR, _YEARS = 2025, 3
_PEOPLE = ("resident", "responsible_agency", "watcher", "watcher_agency", "backup", "backup_agency")


def last_day_of_term(day: date) -> date:
    """Return when the term of whoever is appointed on a day ends: the 30th of November.

    Who comes after somebody within a term serves what is left of it.
    """
    year = day.year if day < date(day.year, 12, 1) else day.year + 1
    return date(year + (_TURNOVER_YEAR - year) % _YEARS, 11, 30)


def due_handovers(now: datetime) -> QuerySet[WatchHandover]:
    """Return those that are to be carried out, the earliest first."""
    today = timezone.localdate(now)
    found = WatchHandover.objects.filter(status=HandoverStatus.SCHEDULED, effective_on__lte=today)
    return found.order_by("effective_on", "pk")


def awaits_handover(assignment: WatchAssignment, now: datetime) -> bool:
    """Whether a handover that is due and not carried out yet is about its watcher."""
    pairs = HandoverPair.objects.filter(
        outgoing=assignment.watcher_id,
        outgoing_agency=assignment.watcher_agency_id,
        handover__in=due_handovers(now),
    )
    return any(
        covers(pair.handover, assignment.responsible_agency)
        for pair in pairs.select_related("handover__agency")
    )


def covers(handover: WatchHandover, responsible: Agency) -> bool:
    """Whether a handover is about the watches for which an agency answers."""
    if handover.ward_wide:
        return handover.agency.municipality_code == responsible.municipality_code
    return handover.agency_id == responsible.pk


def touched(handover: WatchHandover) -> QuerySet[WatchAssignment]:
    """Return the open watches in which somebody who leaves looks in or stands by."""
    scope = Q(responsible_agency=handover.agency_id)
    if handover.ward_wide:
        scope = Q(responsible_agency__municipality_code=handover.agency.municipality_code)
    leaving = [
        Exists(
            handover.pairs.filter(
                outgoing=OuterRef(role), outgoing_agency=OuterRef(f"{role}_agency")
            )
        )
        for role in ("watcher", "backup")
    ]
    return WatchAssignment.objects.filter(scope, leaving[0] | leaving[1], status__in=sorted(OPEN))


def handovers(actor: Actor) -> QuerySet[WatchHandover]:
    """Return the visible handovers, newest first, each with who leaves and who comes after."""
    people = ("outgoing", "outgoing_agency", "successor", "successor_agency")
    pairs = HandoverPair.objects.select_related(*people).order_by("pk")
    return (
        policy.handovers_visible_to(actor)
        .select_related("agency", "done_by")
        .prefetch_related(Prefetch("pairs", queryset=pairs))
        .order_by("-pk")
    )


def lines_of(handover: WatchHandover) -> list[HandoverLine]:
    """Return what becomes of each watch, or has: in a fixed number of queries."""
    if not handover.is_open:
        names = ("outgoing", "watcher", "watcher_agency", "backup", "backup_agency")
        related = [*names, *(f"assignment__{name}" for name in _PEOPLE)]
        return list(handover.lines.select_related(*related).order_by("assignment"))
    watches = touched(handover).select_related(*_PEOPLE).order_by("pk")
    return weigh(handover, list(watches), handover.effective_at or clock.now())


def weigh(
    handover: WatchHandover, watches: list[WatchAssignment], moment: datetime
) -> list[HandoverLine]:
    """Return, unsaved, in whose hands each of these watches is from a moment on, and why."""
    pairs = handover.pairs.select_related(
        "outgoing", "outgoing_agency", "successor", "successor_agency"
    )
    scales = _Scales(
        handover,
        {(each.outgoing_id, each.outgoing_agency_id): each for each in pairs},
        timezone.localdate(moment),
    )
    scales.read(watches, moment)
    return [scales.line(watch) for watch in watches]


@dataclass
class _Scales:
    """All that is asked of a handover's watches, read once."""

    handover: WatchHandover
    pairs: dict[Place, HandoverPair]
    day: date
    able: set[Place] = field(default_factory=set)
    consents: dict[UUID, list[Consent]] = field(default_factory=lambda: defaultdict(list))
    taken: set[tuple[UUID, UUID]] = field(default_factory=set)

    def read(self, watches: list[WatchAssignment], moment: datetime) -> None:
        """Read who may look in by then, what the people agreed to, and who looks in already."""
        self.able = _able([*self.pairs.values()], watches, moment)
        residents = {watch.resident_id for watch in watches}
        lasting = Q(expires_on=None) | Q(expires_on__gte=self.day)
        for consent in Consent.objects.live().filter(lasting, resident__in=residents):
            self.consents[consent.resident_id].append(consent)
        others = WatchAssignment.objects.filter(
            resident__in=residents, watcher__isnull=False, status__in=sorted(OPEN)
        )
        others = others.exclude(
            pk__in=[watch.pk for watch in watches if self._pair(watch, "watcher")]
        )
        self.taken = set(others.values_list("resident", "watcher"))
        self.taken |= {
            (watch.resident_id, watch.watcher_id)
            for watch in watches
            if watch.watcher_id and self._over_before(watch)
        }

    def line(self, watch: WatchAssignment) -> HandoverLine:
        """Weigh one watch; the next one finds this one's new watcher taken."""
        line = HandoverLine(
            handover=self.handover,
            assignment=watch,
            outgoing=watch.watcher if self._pair(watch, "watcher") else None,
            watcher=watch.watcher,
            watcher_agency=watch.watcher_agency,
            backup=watch.backup,
            backup_agency=watch.backup_agency,
        )
        over = self._over_before(watch)
        if over:
            line.obstacle = over
            return line
        self._weigh_backup(watch, line)
        if line.outgoing_id:
            self._weigh_watcher(watch, line)
        if line.backup_id and line.backup_id == line.watcher_id:
            line.backup = line.backup_agency = None
        if line.watcher_id is None:
            line.remarks.append(HandoverRemark.WITHOUT_WATCHER)
        elif line.backup_id is None:
            line.remarks.append(HandoverRemark.WITHOUT_BACKUP)
        return line

    def _weigh_backup(self, watch: WatchAssignment, line: HandoverLine) -> None:
        pair = self._pair(watch, "backup")
        if pair is None:
            return
        fits = not self._against(watch, pair)
        line.backup = pair.successor if fits else None
        line.backup_agency = pair.successor_agency if fits else None

    def _weigh_watcher(self, watch: WatchAssignment, line: HandoverLine) -> None:
        pair = self._pair(watch, "watcher")
        if pair is None:
            return
        line.obstacle = self._against(watch, pair) or self._watches_already(watch, pair.successor)
        if not line.obstacle:
            line.watcher, line.watcher_agency = pair.successor, pair.successor_agency
            if pair.successor_id == pair.outgoing_id:
                line.remarks.append(HandoverRemark.REAPPOINTED)
        else:
            self._let_backup_take_over(watch, line)
        if line.watcher_id:
            self.taken.add((watch.resident_id, line.watcher_id))

    def _let_backup_take_over(self, watch: WatchAssignment, line: HandoverLine) -> None:
        place = (line.backup_id, line.backup_agency_id)
        steps_in = place in self.able and not self._watches_already(watch, line.backup)
        line.watcher = line.backup if steps_in else None
        line.watcher_agency = line.backup_agency if steps_in else None
        if steps_in:
            line.backup = line.backup_agency = None
            line.remarks.append(HandoverRemark.BACKUP_TAKES_OVER)

    def _against(self, watch: WatchAssignment, pair: HandoverPair) -> str:
        """Return what speaks against a successor, nothing where nothing does."""
        if pair.successor is None or pair.successor_agency is None:
            return Obstacle.NO_SUCCESSOR
        if (pair.successor_id, pair.successor_agency_id) not in self.able:
            return Obstacle.NOT_A_WATCHER
        if (pair.successor_id, pair.successor_agency_id) == (
            pair.outgoing_id,
            pair.outgoing_agency_id,
        ):
            return ""
        return self._basis_against(watch, pair.successor_agency)

    def _basis_against(self, watch: WatchAssignment, agency: Agency) -> str:
        """A law lets in whoever holds the office; a consent whom the person has named."""
        said = self.consents[watch.resident_id]
        if BASES[SharingBasis(watch.sharing_basis)].refusable and is_refused(said, agency):
            return Obstacle.REFUSED
        if watch.sharing_basis != SharingBasis.CONSENT:
            return ""
        named = {
            consent.pole
            for consent in said
            if consent.covers(agency, [InformationCategory.IDENTITY])
        }
        if ConsentPole.GIVEN in named:
            return ""
        return Obstacle.CONSENT_NEEDED

    def _watches_already(self, watch: WatchAssignment, person: User | None) -> str:
        taken = person is not None and (watch.resident_id, person.pk) in self.taken
        return Obstacle.WATCHES_ALREADY if taken else ""

    def _over_before(self, watch: WatchAssignment) -> str:
        """The last day of a term may be that before the handover: then it is what follows."""
        if watch.basis_until and watch.basis_until < self.day:
            return Obstacle.BASIS_ENDS
        eve = self.day - timedelta(days=1)
        if self._pair(watch, "watcher") is None:
            eve = self.day
        return Obstacle.TERM_ENDS if watch.term_until and watch.term_until < eve else ""

    def _pair(self, watch: WatchAssignment, role: str) -> HandoverPair | None:
        place = (getattr(watch, f"{role}_id"), getattr(watch, f"{role}_agency_id"))
        return self.pairs.get(place)


def _able(
    pairs: Iterable[HandoverPair], watches: Iterable[WatchAssignment], moment: datetime
) -> set[Place]:
    """Return who may record check-ins, where, at a moment: successors and who stands by now."""
    people = {pair.successor_id for pair in pairs} | {watch.backup_id for watch in watches}
    members = Membership.objects.filter(
        not_ended(moment),
        user__in=people - {None},
        user__is_active=True,
        agency__active=True,
        since__lte=moment,
    )
    return {
        (each.user_id, each.agency_id)
        for each in members.select_related("user", "agency")
        if Actor(agency=each.agency, roles=each.role_set, user=each.user).may("watch.check_in")
    }

"""What belongs to a person's record, and what lets an agency read it: for whoever asks who has read it.

`untold` marks what is never told to the person on paper: what is restricted to named people, and
whatever an abuse report, a call to another desk or a worried neighbour has to do with.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import (
    BooleanField,
    CharField,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast, Coalesce

from carenet.abuse.models import AbuseReport, DeskCall
from carenet.access.models import Grant
from carenet.cases.models import (
    Assessment,
    Case,
    Confidentiality,
    Consultation,
    PlanGoal,
    ProgressNote,
    SupportPlan,
)
from carenet.referrals.models import Attachment, Referral
from carenet.residents.models import (
    Certification,
    Consent,
    Contact,
    HouseholdMember,
    Inquiry,
    Resident,
    ResidentFact,
)
from carenet.tasks.models import Task
from carenet.watchlists.models import ListEntry
from carenet.watchover.models import Alert, CheckIn, Concern, WatchAssignment

#: Kinds of objects that the person is never told about.
UNTOLD = frozenset({"abuse_report", "reporter", "desk_call", "concern"})
_NEVER = Cast(Value(None), DateTimeField(null=True))
_NO_BASIS = Value("", CharField())


@dataclass(frozen=True, slots=True)
class Belongings:
    """The objects of a person's record, by kind, and those of them that are never told."""

    kinds: dict[UUID, str]
    untold: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Tie:
    """What lets an agency read a record: what it is to the person, on which basis, from when to when."""

    how: str
    basis: str
    since: datetime
    until: datetime | None

    def holds(self, at: datetime) -> bool:
        """Whether it held at a moment."""
        return self.since <= at and (self.until is None or at < self.until)


def belongings_of(records: Collection[UUID]) -> Belongings:
    """Return what hangs on these records of one person, in one statement."""
    kinds = dict.fromkeys(records, "resident")
    first, *others = _objects(records)
    rows = list(first.union(*others, all=True))
    kinds |= {pk: kind for pk, kind, _untold in rows}
    return Belongings(kinds, frozenset(pk for pk, _kind, untold in rows if untold))


def _objects(records: Collection[UUID]) -> Iterator[QuerySet[Any, Any]]:
    """Yield id, kind and whether it is never told, of each table."""
    no, yes = Value(False, BooleanField()), Value(True, BooleanField())
    of_case = _as_flag(_closed("case"))
    case_of = {"case__resident__in": records}
    yield _rows(Case.objects.filter(resident__in=records), "case", _as_flag(_closed_case()))
    yield _rows(Referral.objects.filter(resident__in=records), "referral", of_case)
    files = Attachment.objects.filter(referral__resident__in=records)
    yield _rows(files, "attachment", _as_flag(_closed("referral__case")))
    calls = Consultation.objects.filter(subject__in=records)
    yield _rows(calls, "consultation", _as_flag(_closed_call()))
    for model, kind in ((ProgressNote, "note"), (SupportPlan, "plan"), (Assessment, "assessment")):
        yield _rows(model.objects.filter(**case_of), kind, of_case)
    yield _rows(Task.objects.filter(**case_of), "task", of_case)
    goals = PlanGoal.objects.filter(plan__case__resident__in=records)
    yield _rows(goals, "goal", _as_flag(_closed("plan__case")))
    yield _rows(AbuseReport.objects.filter(**case_of), "abuse_report", yes)
    calls_on = DeskCall.objects.filter(consultation__subject__in=records)
    yield _rows(calls_on, "desk_call", yes)
    yield _rows(Concern.objects.filter(resident__in=records), "concern", yes)
    own: Sequence[tuple[Any, str]] = (
        (Contact, "contact"), (Certification, "certification"), (Consent, "consent"),
        (ResidentFact, "residentfact"), (Inquiry, "inquiry"), (WatchAssignment, "watchassignment"),
        (ListEntry, "listentry"),
    )  # fmt: skip
    for table, kind in own:
        yield _rows(table.objects.filter(resident__in=records), kind, no)
    for watched, kind in ((Alert, "alert"), (CheckIn, "checkin")):
        of_watch = watched.objects.filter(assignment__resident__in=records)
        yield _rows(of_watch, kind, no)
    homes = HouseholdMember.objects.filter(resident__in=records)
    yield homes.order_by().values_list("household", Value("household", CharField()), no)


def _rows(found: QuerySet[Any], kind: str, untold: Any) -> QuerySet[Any, Any]:
    return found.order_by().values_list("pk", Value(kind, CharField()), untold)


def _as_flag(condition: Q) -> Any:
    return ExpressionWrapper(condition, output_field=BooleanField())


def _closed_case() -> Q:
    reported = Exists(AbuseReport.objects.filter(case=OuterRef("pk")))
    return Q(confidentiality=Confidentiality.RESTRICTED) | Q(reported)


def _closed(case: str) -> Q:
    """What hangs on a case that is not told: restricted, or reported at any time."""
    reported = Exists(AbuseReport.objects.filter(case=OuterRef(f"{case}_id")))
    return Q(**{f"{case}__confidentiality": Confidentiality.RESTRICTED}) | Q(reported)


def _closed_call() -> Q:
    led_to = Case.objects.filter(
        _closed_case(), Q(consultation=OuterRef("pk")) | Q(pk=OuterRef("joined_case"))
    )
    called = DeskCall.objects.filter(consultation=OuterRef("pk"))
    return Q(set_apart_at__isnull=False) | Q(Exists(led_to)) | Q(Exists(called))


def ties_of(records: Collection[UUID], things: Belongings) -> dict[UUID, list[Tie]]:
    """Return what each agency is to the person, in one statement; nothing of what is never told."""
    first, *others = _ties(records, things)
    found: dict[UUID, list[Tie]] = {}
    for agency, how, basis, since, until in first.union(*others, all=True):
        if agency and since:
            found.setdefault(agency, []).append(Tie(how, basis, since, until))
    return found


def _ties(records: Collection[UUID], things: Belongings) -> Iterator[QuerySet[Any, Any]]:
    told = {pk for pk in things.kinds if pk not in things.untold}
    people = Resident.objects.filter(pk__in=records)
    yield _tie(people, "registered", "registered_by", "registered_at")
    yield _tie(
        _told(Consultation, told, things, "consultation"), "consultation", "agency", "received_at"
    )
    yield _tie(_told(Case, told, things, "case"), "lead", "lead_agency", "opened_at")
    referrals = _told(Referral, told, things, "referral")
    yield _tie(referrals, "sender", "sender", "created_at")
    yield _tie(referrals, "receiver", "receiver", "sent_at", F("sharing_basis"))
    yield _tie(referrals, "coordinator", "coordinator", "sent_at")
    watches = _told(WatchAssignment, told, things, "watchassignment")
    yield _tie(watches, "watch", "responsible_agency", "created_at")
    yield _tie(watches, "looks_in", "watcher_agency", "created_at", F("sharing_basis"))
    entries = _told(ListEntry, told, things, "listentry")
    basis = F("watch_list__sharing_basis")
    yield _tie(entries, "list", "watch_list__agency", "watch_list__imported_at", basis)
    inquiries = _told(Inquiry, told, things, "inquiry")
    yield _tie(inquiries, "inquiry", "asked_by", "asked_at")
    grants = Grant.objects.filter(subject_kind__in=["case", "resident"], subject_id__in=told)
    yield _tie(
        grants, "grant", "group__agency", "given_at", F("basis"), Coalesce("revoked_at", "until")
    )


def _told(model: Any, told: set[UUID], things: Belongings, kind: str) -> QuerySet[Any]:
    found: QuerySet[Any] = model.objects.filter(
        pk__in=[pk for pk, named in things.kinds.items() if named == kind and pk in told]
    )
    return found


def _tie(
    found: QuerySet[Any],
    how: str,
    agency: str,
    since: str,
    basis: Any = _NO_BASIS,
    until: Any = _NEVER,
) -> QuerySet[Any, Any]:
    return found.order_by().values_list(
        agency, Value(how, CharField()), Cast(basis, CharField()), since, until
    )

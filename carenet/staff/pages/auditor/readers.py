"""Who has read one person's record and why: for the auditor on a page, for the person on paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from carenet.access.rules import SharingBasis
from carenet.audit.actions import log_read
from carenet.core import clock
from carenet.core.errors import Forbidden, Invalid
from carenet.oversight import policy
from carenet.oversight.actions import disclose_readers
from carenet.oversight.selectors.belongings import Tie
from carenet.oversight.selectors.named import Names, names_of
from carenet.oversight.selectors.readers import Reading, Readings, Who, readings
from carenet.oversight.selectors.trail import people_called
from carenet.residents.models import Resident
from carenet.residents.selectors import records_of
from carenet.staff.pages.auditor.sentences import EXPORTED, PRINTED
from carenet.staff.pages.auditor.words import PARTS, TIES
from carenet.staff.pages.base import FormPage, StaffView
from carenet.staff.pages.form_fields import TypedBirth, TypedDay
from carenet.staff.pages.search import LONGEST, Searching

#: For so long the page of somebody whom one has found by name and birth shows who they are.
FOUND_FOR = timedelta(hours=1)
#: As many days back as the page goes by itself.
DAYS = 365
#: As many lines of readers as the page shows at once.
MOST = 200


class PersonForm(forms.Form):
    """Whom it is about, as they say it themselves: all of it, no part."""

    name = forms.CharField(
        label=gettext_lazy("Full name or kana of the person"),
        max_length=LONGEST,
        help_text=gettext_lazy("As the person says it, in full: nobody is found by a part of it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    birth = TypedBirth(label=gettext_lazy("Date of birth"))


class FindPersonView(Searching, FormPage):
    """Find whose record it is by full name and date of birth: nothing of it stands in an address."""

    abilities = {"get": "audit.disclose", "post": "audit.disclose"}
    form_class = PersonForm
    template = "staff/auditor/person.html"

    def act(self, form: Any) -> str:
        self.slow_down(self.request)
        found = people_called(self.actor, form.cleaned_data["name"], form.cleaned_data["birth"])
        for each in found:
            log_read("resident", each.pk)
        if not found:
            raise Invalid(
                {
                    "name": _(
                        "Nobody of this name and birth is in the trail that you read. Compare "
                        "both with a paper of the person."
                    )
                }
            )
        if len(found) > 1:
            self.alike = found
            raise Invalid({"name": _("Several records are like this. Choose one, then the other.")})
        return self.address(found[0])

    def address(self, person: Resident) -> str:
        return _address("staff-readers", person.pk, proof=_proof(self, person.pk))

    def context(self) -> dict[str, Any]:
        alike = getattr(self, "alike", [])
        return {"alike": [(each, self.address(each)) for each in alike]}


class Days(forms.Form):
    """Of which days."""

    readers_since = TypedDay(label=gettext_lazy("From this day on"))
    readers_until = TypedDay(label=gettext_lazy("Up to this day"))


@dataclass(slots=True)
class Line:
    """One reader, with what they have read and when."""

    who: str
    agency: str
    first: datetime
    last: datetime
    times: int = 0
    parts: dict[str, None] = field(default_factory=dict)
    reasons: dict[str, None] = field(default_factory=dict)
    unexplained: bool = False
    untold: bool = False

    @property
    def part_words(self) -> str:
        """What was read, in words."""
        return _(", ").join(self.parts)

    @property
    def reason_words(self) -> str:
        """What let them, in words."""
        return _("; ").join(self.reasons)


class OfPerson(StaffView):
    """Base of what is about one person, whom this auditor has found by name and birth a while ago."""

    @cached_property
    def person(self) -> Resident:
        """The person; raises `Forbidden` for whoever has not said name and birth."""
        if not _is_proven(self, self.kwargs["id"]):
            raise Forbidden(
                _("Say once more whose record it is: by full name and date of birth."),
                basis=_("The name and birth of the person, said within the last hour."),
            )
        found: Resident = get_object_or_404(Resident, pk=self.kwargs["id"], merged_into=None)
        log_read("resident", found.pk)
        return found

    @property
    def days(self) -> tuple[date, date]:
        """From which day to which, as the address says, else the last year."""
        today = clock.today()
        since = parse_date(self.request.GET.get("since", "")) or today - timedelta(days=DAYS)
        return since, parse_date(self.request.GET.get("until", "")) or today

    def readings(self) -> Readings:
        return readings(self.actor, records_of(self.person), *self.days)


class ReadersView(OfPerson, FormPage):
    """Who has read the record, for the auditor: with what the person is not told of."""

    abilities = {"get": "audit.disclose", "post": "audit.disclose"}
    form_class = Days
    template = "staff/auditor/readers.html"

    def form(self, data: Any = None) -> forms.Form:
        since, until = self.days
        initial = {"readers_since": since.isoformat(), "readers_until": until.isoformat()}
        return Days(data, initial=initial)

    def context(self) -> dict[str, Any]:
        found = self.readings()
        lines = by_reader(found.rows)
        since, until = self.days
        return {
            "person": self.person,
            "lines": lines[:MOST] if "whole" not in self.request.GET else lines,
            "left_out": len(lines) - MOST if "whole" not in self.request.GET else 0,
            "whole_query": urlencode({**self.request.GET.dict(), "whole": "1"}),
            "cut": found.cut,
            "since": since,
            "until": until,
            "trail": f"{reverse('staff-trail')}?{urlencode({'object': str(self.person.pk)})}",
        }

    def act(self, form: Any) -> str:
        since, until = form.cleaned_data["readers_since"], form.cleaned_data["readers_until"]
        days = {"since": since.isoformat(), "until": until.isoformat()}
        query = {"proof": self.request.GET["proof"], **days}
        if "look" in self.request.POST:
            if since > until:
                raise Invalid({"readers_until": _("Give a day that is not before the first one.")})
            return _address("staff-readers", self.person.pk, **query)
        disclose_readers(actor=self.actor, resident=self.person, since=since, until=until)
        return _address("staff-readers-sheet", self.person.pk, **query)


class ReadersSheetView(OfPerson):
    """The sheet for the person: plain words, by day, and nothing that must not be told."""

    abilities = {"get": "audit.disclose"}

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        found = self.readings()
        since, until = self.days
        days = {"since": since.isoformat(), "until": until.isoformat()}
        query = urlencode({"proof": request.GET["proof"], **days})
        context = {
            "greeting": _("To %(name)s") % {"name": self.person.name},
            "intro": _(
                "These people have read what is written down about you in this service. They work for "
                "the agencies named beside them, and read it to help you."
            ),
            "ask": _(
                "If you have a question, or something seems wrong, please ask: %(agency)s %(phone)s"
            )
            % {"agency": self.actor.agency.name, "phone": self.actor.agency.phone},
            "days": by_day(found.told),
            "cut": found.cut,
            "since": since,
            "until": until,
            "made": timezone.localtime(clock.now()),
            "agency": self.actor.agency,
            "by": self.actor.user,
            "whole": policy.reads_whole_trail(self.actor),
            "back": f"{reverse('staff-readers', args=[id])}?{query}",
        }
        return self.show("staff/auditor/readers_sheet.html", context)


def by_reader(rows: Sequence[Reading]) -> list[Line]:
    """Return a line for each reader and whether the person is told, the latest first."""
    names = _names(rows)
    found: dict[tuple[Who, bool], Line] = {}
    for each in rows:
        line = found.setdefault((each.who, each.told), _line(each, names))
        _add(line, each)
    return list(found.values())


def by_day(rows: Sequence[Reading]) -> list[tuple[date, list[Line]]]:
    """Return for each day, the latest first, a line for each reader."""
    names = _names(rows)
    days: dict[date, dict[Who, Line]] = {}
    for each in rows:
        lines = days.setdefault(timezone.localdate(each.at), {})
        _add(lines.setdefault(each.who, _line(each, names)), each)
    return [(day, list(lines.values())) for day, lines in days.items()]


def _names(rows: Iterable[Reading]) -> Names:
    who = {each.who for each in rows}
    return names_of(
        {each.id for each in who if each.kind == "user"},
        {each.agency_id for each in who if each.agency_id},
    )


def _line(each: Reading, names: Names) -> Line:
    who = names.actor(each.who.kind, each.who.id, each.who.claimed)
    return Line(who, names.agency(each.who.agency_id), each.at, each.at, untold=not each.told)


def _add(line: Line, each: Reading) -> None:
    line.first, line.last = min(line.first, each.at), max(line.last, each.at)
    line.times += 1
    line.parts[part_words(each)] = None
    line.reasons[tie_words(each.tie)] = None
    line.unexplained |= each.tie is None


def part_words(each: Reading) -> str:
    """Return which part of the record was read, as the person would say it."""
    part = str(PARTS.get(each.part, PARTS["resident"]))
    if each.action in PRINTED:
        return _("%(part)s (on paper)") % {"part": part}
    if each.action in EXPORTED:
        return _("%(part)s (in a file)") % {"part": part}
    return part


def tie_words(tie: Tie | None) -> str:
    """Return what let somebody read, as the person would say it."""
    if tie is None:
        return str(_NOTHING_FOUND)
    how = str(TIES[tie.how])
    if not tie.basis:
        return how
    basis = SharingBasis(tie.basis).label if tie.basis in SharingBasis.values else tie.basis
    return _("%(how)s (%(basis)s)") % {"how": how, "basis": basis}


_NOTHING_FOUND = pgettext_lazy("readers", "please ask the agency named below")


def _proof(view: StaffView, person_id: UUID) -> str:
    """Return what says that this auditor has found this person by name and birth just now."""
    return _signer().sign(f"{view.actor.user_id}.{person_id}")


def _is_proven(view: StaffView, person_id: UUID) -> bool:
    try:
        said = _signer().unsign(view.request.GET.get("proof", ""), max_age=FOUND_FOR)
    except BadSignature:
        return False
    return said == f"{view.actor.user_id}.{person_id}"


def _signer() -> TimestampSigner:
    return TimestampSigner(salt="carenet.staff.readers")


def _address(name: str, person_id: UUID, **query: str) -> str:
    return f"{reverse(name, args=[person_id])}?{urlencode(query)}"

"""Long work with the lines of a list: the same step for all that stand where the others stand."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, User
from carenet.agencies.policy import visible_to as visible_agencies
from carenet.agencies.selectors import colleagues
from carenet.areas.models import Area
from carenet.audit.actions import no_such
from carenet.core.errors import CarenetError, Invalid
from carenet.jobs.registry import Batch, Options, Part
from carenet.rest.ids import ids_in
from carenet.watchlists import selectors
from carenet.watchlists.actions.bulk import step_many
from carenet.watchlists.models import ListEntry
from carenet.watchlists.selectors import ListStep
from carenet.watchlists.states import ListVerb

#: How many lines are led on with each step of the work.
ENTRIES_AT_ONCE = 100


class ListSteps:
    """All lines of a list that stand at one step are led on by the same verb, so many at a time.

    What refuses one line is told with its number; the others are led on.
    """

    name = "list.steps"
    label = _("A step for many lines of a list")
    ability = "lists.work"
    takes_file = False
    heads = {"led_on": _("lines led on"), "refused": _("lines of which nothing came")}

    def begin(self, actor: Actor, options: Options, content: bytes) -> int:
        _said(actor, options)
        return self.rows(actor, options).count()

    def run_batch(self, actor: Actor, part: Part) -> Batch:
        rows = self.rows(actor, part.options)
        found = list((rows.filter(pk__gt=part.at) if part.at else rows)[:ENTRIES_AT_ONCE])
        said = _said(actor, part.options)
        try:
            with transaction.atomic():
                refused = []
                step_many(actor=actor, entry_ids=[each.pk for each in found], **said)
        except CarenetError:
            refused = list(_one_by_one(actor, found, said))
        return Batch(
            done=len(found),
            at=str(found[-1].pk) if len(found) == ENTRIES_AT_ONCE else None,
            counts={"led_on": len(found) - len(refused), "refused": len(refused)},
            told=refused,
        )

    def rows(self, actor: Actor, options: Options) -> QuerySet[ListEntry]:
        """Return the lines that are led on; raises `Invalid` for options that say nothing."""
        try:
            step = ListStep(options["step"])
            watch_list = UUID(options["list"]) if options.get("list") else None
            rows = selectors.at_step(actor, step, watch_list).filter(pk__lte=UUID(options["last"]))
        except (KeyError, ValueError):
            raise no_such("step", "listentry", ids_in([options.get("list")])) from None
        if not options.get("area"):
            return rows
        area = Area.objects.filter(pk=options["area"]).first()
        return selectors.in_area(rows, area).order_by("pk") if area else rows.none()


def _one_by_one(actor: Actor, found: list[ListEntry], said: dict[str, Any]) -> list[dict[str, Any]]:
    refused = []
    for number, each in enumerate(found, start=1):
        try:
            with transaction.atomic():
                step_many(actor=actor, entry_ids=[each.pk], **said)
        except CarenetError as error:
            refused.append({"line": number, "key": each.key, "words": _why(error)})
    return refused


def _said(actor: Actor, options: Options) -> dict[str, Any]:
    """Return what the action takes; raises `Invalid` for what names nobody whom the actor sees."""
    try:
        answer = options.get("answer")
        return {
            "verb": ListVerb(options["verb"]),
            "because": options.get("because", ""),
            "at": datetime.fromisoformat(options["at"]) if options.get("at") else None,
            "by_visitor": bool(options.get("by_visitor")),
            "answer": ListVerb(answer) if answer else None,
            "visitor": _visitor(actor, options),
            "visitor_agency": _agency(actor, options),
        }
    except (KeyError, ValueError):
        raise Invalid({"verb": _("Say what is to be done with these lines.")}) from None


def _visitor(actor: Actor, options: Options) -> User | None:
    wanted = options.get("visitor")
    found: User | None = colleagues(actor).filter(pk=wanted).first() if wanted else None
    if wanted and found is None:
        raise no_such("visitor", "user", ids_in([wanted]))
    return found


def _agency(actor: Actor, options: Options) -> Agency | None:
    wanted = options.get("visitor_agency")
    return visible_agencies(actor).filter(pk=wanted).first() if wanted else None


def _why(error: CarenetError) -> str:
    if isinstance(error, Invalid):
        return " ".join(str(each) for each in error.fields.values())
    return str(error.detail)

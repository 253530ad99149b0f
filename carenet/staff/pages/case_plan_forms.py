"""What a support plan asks for: its aim, its goals line by line, its days, its review."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.agencies.models import Agency, User
from carenet.agencies.roles import CASEWORK_ROLES
from carenet.agencies.selectors import members_in_roles
from carenet.cases import policy, selectors
from carenet.cases.models import Case, ReviewOutcome, SupportPlan
from carenet.cases.models.plan import LONGEST_MEASURE, MOST_GOALS, MOST_MEASURES
from carenet.staff.pages.form_fields import TypedDay, text_field
from carenet.staff.times import Direction

#: Empty lines for goals behind those that a plan has.
EMPTY_LINES = 2
#: What a line asks of a goal.
PARTS = ("what", "measures", "agency", "others", "until")


@dataclass(frozen=True, slots=True)
class GoalAssignee:
    """Who may see to a goal: an agency with a part in the case, or somebody of its lead."""

    agency: Agency
    person: User | None = None

    @property
    def code(self) -> str:
        """What a form calls them."""
        return str(self.person.pk if self.person else self.agency.pk)

    @property
    def name(self) -> str:
        """How a form names them."""
        return f"{self.person.name} ({self.agency.name})" if self.person else self.agency.name


def hands_of(case: Case) -> dict[str, GoalAssignee]:
    """Return who may see to a goal of a case, by the code of a form."""
    people = members_in_roles(case.lead_agency, CASEWORK_ROLES)
    if case.restricted:
        people = people.filter(pk__in=policy.live_members(case).values("user"))
    parts = selectors.parts(selectors.live_grants(case.pk))
    agencies = dict.fromkeys([case.lead_agency, *(part.agency for part in parts)])
    found = [
        *map(GoalAssignee, agencies),
        *(GoalAssignee(case.lead_agency, each) for each in people),
    ]
    return {each.code: each for each in found}


class Whose(forms.Form):
    """Who sees to a goal: an agency or a person of the list, or somebody else in words."""

    agency = forms.ChoiceField(label=gettext_lazy("Who sees to it"), required=False)
    others = forms.CharField(
        label=gettext_lazy("Or who else: the person, family, neighbours"),
        max_length=200,
        required=False,
    )

    def __init__(self, data: Any = None, *, hands: Mapping[str, GoalAssignee], **more: Any) -> None:
        super().__init__(data, **more)
        self.hands = hands
        field: Any = self.fields["agency"]
        field.choices = _choices(hands)

    @property
    def whose(self) -> dict[str, Any]:
        """What the action is told."""
        return told_of(self.hands, self.cleaned_data["agency"], self.cleaned_data["others"])


def told_of(hands: Mapping[str, GoalAssignee], code: str, others: str) -> dict[str, Any]:
    """Return who sees to a goal, as the actions call it."""
    chosen = hands.get(code)
    return {
        "agency": chosen.agency if chosen else None,
        "person": chosen.person if chosen else None,
        "others": others,
    }


def _choices(hands: Mapping[str, GoalAssignee]) -> list[tuple[str, str]]:
    nobody = _("nobody of the list")
    return [("", nobody), *((code, each.name) for code, each in hands.items())]


class PlanForm(forms.Form):
    """A draft: its aim, the wishes of the person, and its goals, a line each."""

    overall_aim = text_field(gettext_lazy("Aim of the support"), 5000, rows=3)
    wishes = text_field(
        gettext_lazy("Wishes of the person, in their own words"), 5000, rows=3, required=False
    )

    def __init__(
        self,
        data: Any = None,
        *,
        hands: Mapping[str, GoalAssignee],
        plan: SupportPlan | None = None,
    ) -> None:
        lines = list(_typed_lines(data)) if data is not None else list(_lines_of(plan))
        self.hands, self.count = hands, min(len(lines) + EMPTY_LINES, MOST_GOALS)
        texts = {name: getattr(plan, name) for name in ("overall_aim", "wishes")} if plan else {}
        given = {
            f"goals_{number}_{name}": value
            for number, line in enumerate(lines)
            for name, value in line.items()
        }
        if data is None:
            super().__init__(initial=texts | given)
        else:
            super().__init__(
                {name: data.get(name, "") for name in ("overall_aim", "wishes")} | given
            )
        for number in range(self.count):
            self.fields.update(self._line(number))

    def _line(self, number: int) -> dict[str, Any]:
        at = f"goals_{number}_"
        return {
            f"{at}what": text_field(_("Goal"), 2000, rows=2, required=False),
            f"{at}measures": text_field(
                _("What is done for it, a line each"),
                MOST_MEASURES * (LONGEST_MEASURE + 1),
                rows=2,
                required=False,
            ),
            f"{at}agency": forms.ChoiceField(
                label=_("Who sees to it"), choices=_choices(self.hands), required=False
            ),
            f"{at}others": forms.CharField(
                label=_("Or who else: the person, family, neighbours"),
                max_length=200,
                required=False,
            ),
            f"{at}until": TypedDay(
                label=_("By which day"), required=False, direction=Direction.AHEAD
            ),
        }

    def unjudged(self) -> PlanForm:
        """Return the same form with what was typed, and with more lines, before it is judged."""
        self.initial, self.is_bound = dict(self.data), False
        return self

    @property
    def heads(self) -> list[Any]:
        """The fields above the goals."""
        return [self["overall_aim"], self["wishes"]]

    @property
    def lines(self) -> list[list[Any]]:
        """The fields of each goal."""
        return [[self[f"goals_{n}_{name}"] for name in PARTS] for n in range(self.count)]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        for number in range(self.count):
            at = f"goals_{number}_"
            if not given.get(f"{at}what") and any(given.get(f"{at}{name}") for name in PARTS):
                self.add_error(f"{at}what", _("Say what is to be reached."))
            measures = _measures(given.get(f"{at}measures", ""))
            if len(measures) > MOST_MEASURES or any(len(m) > LONGEST_MEASURE for m in measures):
                self.add_error(
                    f"{at}measures",
                    _("At most %(most)s lines, each of at most %(long)s characters.")
                    % {"most": MOST_MEASURES, "long": LONGEST_MEASURE},
                )
        return given

    @property
    def fields_of_plan(self) -> dict[str, Any]:
        """What the action is told: the texts, and the goals that were filled in."""
        given = self.cleaned_data
        return {
            "overall_aim": given["overall_aim"],
            "wishes": given["wishes"],
            "goals": [
                {
                    "what": given[f"goals_{n}_what"],
                    "measures": _measures(given[f"goals_{n}_measures"]),
                    "until": given[f"goals_{n}_until"],
                    **told_of(self.hands, given[f"goals_{n}_agency"], given[f"goals_{n}_others"]),
                }
                for n in range(self.count)
                if given[f"goals_{n}_what"]
            ],
        }


def _measures(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _typed_lines(data: Any) -> Iterator[dict[str, str]]:
    """Yield the lines of goals in which anything was typed, without gaps between them."""
    for number in range(MOST_GOALS):
        line = {name: data.get(f"goals_{number}_{name}", "") for name in PARTS}
        if any(value.strip() for value in line.values()):
            yield line


def _lines_of(plan: SupportPlan | None) -> Iterable[dict[str, str]]:
    for goal in plan.goals.all() if plan else ():
        yield {
            "what": goal.what,
            "measures": "\n".join(goal.measures),
            "agency": str(goal.person_id or goal.agency_id or ""),
            "others": goal.others,
            "until": goal.until.isoformat() if goal.until else "",
        }


class Agreement(forms.Form):
    """That the person agrees, and from when to when the plan holds."""

    agreed_on = TypedDay(label=gettext_lazy("The person has agreed on"), initial="今日")
    valid_from = TypedDay(
        label=gettext_lazy("The plan holds from"), initial="今日", direction=Direction.AHEAD
    )
    review_on = TypedDay(label=gettext_lazy("It is reviewed on"), direction=Direction.AHEAD)


class Review(forms.Form):
    """What a review has found, and what follows."""

    reviewed_on = TypedDay(label=gettext_lazy("Reviewed on"), initial="今日")
    outcome = forms.ChoiceField(
        label=gettext_lazy("What follows"), choices=ReviewOutcome.choices, widget=forms.RadioSelect
    )
    note = text_field(gettext_lazy("What was found"), 10_000)
    next_review_on = TypedDay(
        label=gettext_lazy("Next review on, unless the plan ends"),
        required=False,
        direction=Direction.AHEAD,
    )


class Remark(forms.Form):
    """A word on what has become of it."""

    note = text_field(gettext_lazy("A word on it"), 5000, rows=2, required=False)

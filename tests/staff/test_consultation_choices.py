"""The long choices of a consultation: the commonest stand first, the others are folded away."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.forms import Form
from django.template.loader import render_to_string

from carenet.cases.models import CallerRelationship, Topic
from carenet.referrals.models import Need
from carenet.staff.pages.consultation_form import Intake

LONG: dict[str, Any] = {"topics": Topic, "relationship": CallerRelationship, "need": Need}
SEEN_AT_ONCE = 7


def shown(name: str, form: Form | None = None) -> tuple[str, str]:
    """Return a field as it stands on the page: what is seen, and the box of the others."""
    field = (form or Intake())[name]
    seen, box = render_to_string("staff/parts/field.html", {"field": field}).split("<details", 1)
    return seen, box


def codes(html: str) -> set[str]:
    return set(re.findall(r'value="(\w+)"', html))


def opened(box: str) -> bool:
    return "open" in box.split(">", 1)[0]


@pytest.mark.parametrize("name", LONG)
def test_no_more_stand_first_than_are_seen_at_once(name: str) -> None:
    assert 0 < len(codes(shown(name)[0])) <= SEEN_AT_ONCE


@pytest.mark.parametrize("name", LONG)
def test_every_code_is_offered_once(name: str) -> None:
    seen, box = map(codes, shown(name))
    assert (seen | box, seen & box) == (set(LONG[name].values), set())


@pytest.mark.parametrize("name", LONG)
def test_the_others_are_under_the_same_legend(name: str) -> None:
    seen, box = shown(name)
    assert (seen.count("<fieldset"), (seen + box).count("<legend"), box.count("</fieldset>")) == (
        1,
        1,
        1,
    )


@pytest.mark.parametrize("name", LONG)
def test_the_others_are_folded_away(name: str) -> None:
    assert opened(shown(name)[1]) is False


@pytest.mark.parametrize(
    ("name", "chosen"), [("topics", ["debt"]), ("relationship", "employer"), ("need", "rights")]
)
def test_what_was_chosen_is_never_folded_away(name: str, chosen: Any) -> None:
    again, refused = Intake(initial={name: chosen}), Intake({name: chosen})
    assert [opened(shown(name, form)[1]) for form in (again, refused)] == [True, True]


def test_abuse_is_never_folded_away() -> None:
    assert Topic.ABUSE in codes(shown("topics")[0])

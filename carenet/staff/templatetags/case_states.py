"""Which colour the state of a case has as a tag."""

from __future__ import annotations

from django import template

from carenet.cases.states import CaseStatus

register = template.Library()
#: Nobody is at work yet, somebody is, nobody is any more.
TAGS = {
    CaseStatus.ASSESSING: "waiting",
    CaseStatus.PLANNED: "waiting",
    CaseStatus.SUPPORTING: "ok",
    CaseStatus.MONITORING: "ok",
    CaseStatus.CLOSED: "ended",
    CaseStatus.DISCONTINUED: "ended",
}


@register.filter
def case_tag(status: str) -> str:
    """Return the class of the tag that says where a case stands."""
    return TAGS[CaseStatus(status)]

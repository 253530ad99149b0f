"""What a step with a referral means, on its form."""

from __future__ import annotations

from django import template

from carenet.referrals.states import Verb
from carenet.staff.referral_words import MEANING

register = template.Library()


@register.filter
def meaning(verb: Verb) -> str:
    """Return what the step does, "" where its name says it all."""
    return str(MEANING.get(verb, ""))

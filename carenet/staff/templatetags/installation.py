"""Whose installation this is, as each page says it."""

from __future__ import annotations

from typing import NamedTuple

from django import template
from django.conf import settings

register = template.Library()


class Installation(NamedTuple):
    """The ward, what it calls the service, whom to call, and whether it is only a demo."""

    ward: str
    service: str
    contact: str
    is_demo: bool


@register.simple_tag
def installation() -> Installation:
    """Return what the settings say; a page for faults has no request to ask."""
    return Installation(
        ward=settings.WARD_NAME,
        service=settings.SERVICE_NAME,
        contact=settings.SERVICE_CONTACT,
        is_demo=settings.IS_DEMO,
    )

"""A day or a moment on a page: as people read it, and as programs do."""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.template.defaultfilters import date as in_form
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

register = template.Library()


@register.simple_tag
def moment(at: datetime) -> SafeString:
    """Return a moment as a `time` element, in the zone of the service."""
    return _element(localtime(at), "SHORT_DATETIME_FORMAT")


@register.simple_tag
def day(of: date) -> SafeString:
    """Return a day, or that of a moment in the zone of the service, as a `time` element."""
    here = localtime(of) if isinstance(of, datetime) else of
    return _element(here, "SHORT_DATE_FORMAT")


def _element(value: date, form: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), in_form(value, form))

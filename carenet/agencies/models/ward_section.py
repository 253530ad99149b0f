"""What a section of the ward office is for, and that it is one of its own municipality's office."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class WardSection(models.TextChoices):
    """What a section of the ward office is for; OTHER where an office is divided otherwise."""

    OLDER_AND_DISABILITY = "OLDER_AND_DISABILITY", _("older persons and disability section")
    LIVELIHOOD = "LIVELIHOOD", _("livelihood support section")
    CHILDREN = "CHILDREN", _("children and families section")
    WELFARE = "WELFARE", _("health and welfare section")
    OTHER = "OTHER", _("another section")


#: Two rows say it, so that no CHECK can: a section's parent is the ward office of its municipality.
OF_ITS_OFFICE = """
    IF NEW.kind = 'WARD_SECTION' AND NOT EXISTS (
        SELECT 1 FROM agencies_agency office
        WHERE office.id = NEW.parent_id AND office.kind = 'WARD_OFFICE'
            AND office.municipality_code = NEW.municipality_code
    ) THEN
        RAISE EXCEPTION 'a section belongs to the ward office of its municipality'
            USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND EXISTS (
        SELECT 1 FROM agencies_agency section
        WHERE section.parent_id = NEW.id AND (
            NEW.kind <> 'WARD_OFFICE' OR section.municipality_code <> NEW.municipality_code
        )
    ) THEN
        RAISE EXCEPTION 'a ward office with sections stays the office of its municipality'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""

"""The care certification (要介護認定): a level with an end, and what it was before."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from carenet.core import clock
from carenet.core.models import UUIDModel
from carenet.residents.models.resident import Resident


class CareLevel(models.TextChoices):
    """The codes of the long-term care insurance."""

    NOT_ELIGIBLE = "01", pgettext_lazy("certification", "not eligible")
    PROJECT = "06", _("eligible for the prevention project")
    SUPPORT_1 = "12", _("support level 1")
    SUPPORT_2 = "13", _("support level 2")
    CARE_1 = "21", _("care level 1")
    CARE_2 = "22", _("care level 2")
    CARE_3 = "23", _("care level 3")
    CARE_4 = "24", _("care level 4")
    CARE_5 = "25", _("care level 5")


class DementiaLevel(models.TextChoices):
    """How independently somebody with dementia lives (認知症高齢者の日常生活自立度)."""

    INDEPENDENT = "0", _("dementia: independent")
    I = "1", _("dementia level I")  # noqa: E741 - the level's own name
    IIA = "2a", _("dementia level IIa")
    IIB = "2b", _("dementia level IIb")
    IIIA = "3a", _("dementia level IIIa")
    IIIB = "3b", _("dementia level IIIb")
    IV = "4", _("dementia level IV")
    M = "M", _("dementia level M")


class Certification(UUIDModel):
    """One certification, added and never changed: the one that began last is the current one."""

    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="certifications")
    care_level = models.CharField(max_length=2, choices=CareLevel)
    dementia_level = models.CharField(max_length=2, choices=DementiaLevel, blank=True)
    certified_from = models.DateField()
    # A finding of "not eligible" and the prevention project have no end.
    certified_until = models.DateField(null=True, blank=True)
    insurer = models.CharField(max_length=6, blank=True)  # 保険者番号
    recorded_by = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [
            models.Index(fields=["resident", "-certified_from", "-id"], name="certification_latest")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(certified_until=None) | Q(certified_until__gte=F("certified_from")),
                name="certification_ends_later",
            ),
            models.CheckConstraint(
                condition=Q(care_level__in=["01", "06"]) | Q(certified_until__isnull=False),
                name="levels_of_care_have_an_end",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="certifications_are_kept", operation=pgtrigger.Delete),
            # Whose it is may change: where one person was registered twice, the records become one.
            pgtrigger.Protect(
                name="certifications_are_append_only",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["resident"]),
            ),
        ]

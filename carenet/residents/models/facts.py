"""Facts of a person: a kind, a value, since when it is known, until when it holds, who may see it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from carenet.core import clock
from carenet.core.models import UUIDModel, VersionedModel
from carenet.residents.models.resident import Resident


class FactKind(models.TextChoices):
    """What a fact is about. Levels of care stand in `Certification`."""

    SEX = "sex", _("sex as recorded")
    LANGUAGE = "language", _("language")
    LIVES_ALONE = "lives_alone", _("lives alone")
    PHYSICAL = "physical", _("physical disability certificate")
    INTELLECTUAL = "intellectual", _("intellectual disability certificate")
    MENTAL = "mental", _("mental disability certificate")
    SCHOOL = "school", _("school")
    POWER_DEVICE = "power_device", _("device that needs power")


class Sex(models.TextChoices):
    """What a document or register says."""

    FEMALE = "female", _("female")
    MALE = "male", _("male")
    OTHER = "other", pgettext_lazy("sex", "other")


class Language(models.TextChoices):
    """In which language one can speak with the person."""

    JAPANESE = "ja", _("Japanese")
    ENGLISH = "en", _("English")
    CHINESE = "zh", _("Chinese")
    KOREAN = "ko", _("Korean")
    VIETNAMESE = "vi", _("Vietnamese")
    TAGALOG = "tl", _("Tagalog")
    PORTUGUESE = "pt", _("Portuguese")
    SPANISH = "es", _("Spanish")
    NEPALI = "ne", _("Nepali")
    SIGN = "sign", _("sign language")
    OTHER = "other", pgettext_lazy("language", "other")


class LivesAlone(models.TextChoices):
    """Whether anybody else lives there."""

    YES = "yes", _("lives alone")
    NO = "no", _("does not live alone")


class PhysicalGrade(models.TextChoices):
    """The grade that a certificate of a physical disability (身体障害者手帳) states."""

    G1 = "1", _("grade 1")
    G2 = "2", _("grade 2")
    G3 = "3", _("grade 3")
    G4 = "4", _("grade 4")
    G5 = "5", _("grade 5")
    G6 = "6", _("grade 6")


class IntellectualGrade(models.TextChoices):
    """The grade that a certificate of an intellectual disability (愛の手帳) states."""

    A1 = "A1", "A1"
    A2 = "A2", "A2"
    B1 = "B1", "B1"
    B2 = "B2", "B2"


class MentalGrade(models.TextChoices):
    """The grade that a certificate of a mental disability (精神障害者保健福祉手帳) states."""

    G1 = "1", _("grade 1")
    G2 = "2", _("grade 2")
    G3 = "3", _("grade 3")


class PowerDevice(models.TextChoices):
    """A medical device at home that stops without electricity (要電源医療機器)."""

    VENTILATOR = "ventilator", _("ventilator")
    OXYGEN = "oxygen", _("oxygen concentrator")
    SUCTION = "suction", _("suction device")
    APD = "apd", _("automated peritoneal dialysis")
    OTHER = "other", pgettext_lazy("device", "other")


#: What may be said of each kind; of a school it is said in words alone.
VALUES: dict[FactKind, type[models.TextChoices] | None] = {
    FactKind.SEX: Sex,
    FactKind.LANGUAGE: Language,
    FactKind.LIVES_ALONE: LivesAlone,
    FactKind.PHYSICAL: PhysicalGrade,
    FactKind.INTELLECTUAL: IntellectualGrade,
    FactKind.MENTAL: MentalGrade,
    FactKind.SCHOOL: None,
    FactKind.POWER_DEVICE: PowerDevice,
}
#: Of these a person may have several at once.
SEVERAL = frozenset({FactKind.LANGUAGE, FactKind.POWER_DEVICE})
#: They tell where somebody is: who may not see a protected address sees none of them.
TELL_WHERE = frozenset({FactKind.SCHOOL})


class FactSource(models.TextChoices):
    """From where it is known."""

    PERSON = "person", pgettext_lazy("source", "the person")
    FAMILY = "family", pgettext_lazy("source", "the family")
    DOCUMENT = "document", _("a document that was seen")
    REGISTER = "register", _("a register of the municipality")
    AGENCY = "agency", _("another agency")
    OBSERVED = "observed", _("own observation")


class FactAudience(models.TextChoices):
    """Who may see it, of those who see what hangs on the person."""

    WORK = "work", _("everybody who works with the person")
    CASE = "case", _("those who see a case of the person")
    AGENCY = "agency", _("own agency")


class ResidentFact(UUIDModel, VersionedModel):
    """One version of a fact: corrected by the next one, ended on a day, otherwise never changed."""

    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="facts")
    kind = models.CharField(max_length=16, choices=FactKind)
    value = models.CharField(max_length=16, blank=True)  # a code of the kind: `VALUES`
    detail = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=10, choices=FactSource)
    audience = models.CharField(max_length=8, choices=FactAudience, default=FactAudience.WORK)
    known_on = models.DateField()  # from when on it is known to hold
    expires_on = models.DateField(null=True, blank=True)  # the last day for which it was said
    ended_on = models.DateField(null=True, blank=True)  # the last day on which it held
    replaces = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    replaced_at = models.DateTimeField(null=True, blank=True)
    recorded_by = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    recorded_by_person = models.ForeignKey(
        "agencies.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [
            models.Index(fields=["resident", "-id"], name="fact_of_resident"),
            models.Index(
                fields=["kind", "value", "resident"],
                condition=Q(replaced_at=None, ended_on=None),
                name="fact_that_holds",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(value="") | ~Q(detail=""), name="facts_say_something"
            ),
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(expires_on__gte=F("known_on")),
                name="facts_expire_later",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("known_on")),
                name="facts_end_later",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="facts_are_kept", operation=pgtrigger.Delete),
            # Whose it is may change: where one person was registered twice, the records become one.
            pgtrigger.Protect(
                name="facts_are_corrected_anew",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    exclude=["resident", "version", "ended_on", "replaced_at"]
                ),
            ),
        ]

    @property
    def value_label(self) -> str:
        """What the code says, in words; empty where it is said in words alone."""
        codes = VALUES[FactKind(self.kind)]
        return str(codes(self.value).label) if codes and self.value else ""

    @property
    def seen_replaces_id(self) -> UUID | None:
        """The version before it, where the query has found that its reader sees that.

        It may have been for fewer people.
        """
        return self.replaces_id if getattr(self, "replaces_seen", False) else None

    @property
    def holds(self) -> bool:
        """Whether it has neither been corrected nor ended; it may have run out."""
        return self.replaced_at is None and self.ended_on is None

    def has_run_out(self, today: date) -> bool:
        """Whether the last day for which it was said is over."""
        return self.expires_on is not None and self.expires_on < today

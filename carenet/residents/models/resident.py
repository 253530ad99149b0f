"""People on the register: as little as the work needs, written as they write themselves."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from carenet.access.models import Share
from carenet.core import clock
from carenet.core.models import UUIDModel, VersionedModel
from carenet.residents.models.ages import age_and_birth_words, age_words, ages_on


class BirthPrecision(models.TextChoices):
    """How much of the date of birth is known."""

    DAY = "day", _("day")
    YEAR = "year", _("year only")
    UNKNOWN = "unknown", _("unknown")


class EndedBecause(models.TextChoices):
    """Why a person's record has ended."""

    DIED = "died", _("died")
    MOVED_AWAY = "moved_away", _("moved away")


class Resident(UUIDModel, VersionedModel):
    """A person whom somebody helps, or worries about.

    Names keep their original glyphs (with variation sequences). `address_protected` marks people
    under address protection (DV等支援措置): the address is then hidden from all who lack the right.
    """

    registered_by = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField(auto_now_add=True)
    family_name = models.CharField(max_length=100)
    given_name = models.CharField(max_length=100, blank=True)
    family_kana = models.CharField(max_length=100, blank=True)
    given_kana = models.CharField(max_length=100, blank=True)
    birth_precision = models.CharField(
        max_length=8, choices=BirthPrecision, default=BirthPrecision.UNKNOWN
    )
    birth_date = models.DateField(null=True, blank=True)
    birth_year = models.PositiveSmallIntegerField(null=True, blank=True)
    address = models.CharField(max_length=300, blank=True)
    address_protected = models.BooleanField(default=False)
    phone = models.CharField(max_length=30, blank=True)
    # 被保険者番号 of the care insurance.
    insured_number = models.CharField(max_length=20, blank=True, default="", db_default="")
    # The end of the record, which may be undone.
    ended_because = models.CharField(
        max_length=10, choices=EndedBecause, blank=True, default="", db_default=""
    )
    ended_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        "agencies.Agency", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Another record of the same person, which stands in this one's place (ResidentMerge).
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        permissions = [("view_protected_address", "Can see a protected address")]
        indexes = [
            models.Index(fields=["registered_by", "id"], name="resident_registered"),
            models.Index(fields=["birth_date"], name="resident_birth_date"),
            models.Index(fields=["birth_year"], name="resident_birth_year"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(birth_precision="day", birth_date__isnull=False)
                | Q(birth_precision="year", birth_date=None, birth_year__isnull=False)
                | Q(birth_precision="unknown", birth_date=None, birth_year=None),
                name="birth_says_what_is_known",
            ),
            models.CheckConstraint(
                condition=Q(ended_because="", ended_on=None, ended_at=None, ended_by=None)
                | (
                    ~Q(ended_because="")
                    & Q(ended_on__isnull=False, ended_at__isnull=False, ended_by__isnull=False)
                ),
                name="ended_records_say_why",
            ),
        ]

    @property
    def born_by(self) -> date | None:
        """The earliest day on which the person may have been born, None when nothing is known."""
        if self.birth_date is None and self.birth_year:
            return date(self.birth_year, 1, 1)
        return self.birth_date

    @property
    def ages(self) -> tuple[int, ...]:
        """How old the person is, as numbers: one, or two of whom the year alone is known."""
        return ages_on(self._aged_on, self.birth_date, self.birth_year)

    @property
    def age(self) -> str:
        """How old the person is, or was at their death: 88歳, 88/89歳; "" where it is not known."""
        return age_words(self._aged_on, self.birth_date, self.birth_year)

    @property
    def age_and_birth(self) -> str:
        """Age and birth, in Japanese by its era: 88歳・昭和12年11月10日; "" where neither is known."""
        born = (self.birth_date, self.birth_year)
        return age_and_birth_words(self._aged_on, *born, died=self._died_on is not None)

    @property
    def _died_on(self) -> date | None:
        return self.ended_on if self.ended_because == EndedBecause.DIED else None

    @property
    def _aged_on(self) -> date:
        return self._died_on or clock.today()

    @property
    def is_ended(self) -> bool:
        """Whether the person has died or moved away."""
        return self.ended_at is not None

    @property
    def name(self) -> str:
        """The full name as the person writes it."""
        return " ".join(part for part in (self.family_name, self.given_name) if part)

    @property
    def kana(self) -> str:
        """The full name in kana."""
        return " ".join(part for part in (self.family_kana, self.given_kana) if part)


class ResidentShare(Share):
    """What is shared of a resident, beyond what the work itself makes visible."""

    content_object = models.ForeignKey(Resident, on_delete=models.CASCADE, related_name="shares")

    class Meta(Share.Meta):
        pass


#: What name and age are made of: all that a line of a list reads of a person.
NAMING = ("family_name", "given_name", "birth_date", "birth_year", "ended_because", "ended_on")

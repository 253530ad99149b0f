"""The search index of the register: what is searched for, folded, beside what was written."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q

from carenet.residents.models.resident import Resident

#: As long as a key may be (`carenet.spellings`).
LONGEST = 300


def _parts(column: str) -> GinIndex:
    """Return the index that finds parts of a column (trigrams)."""
    return GinIndex(OpClass(models.F(column), name="gin_trgm_ops"), name=f"search_{column}_parts")


def _whole(column: str) -> models.Index:
    """Return the index that finds a column's whole value; most people lack some of them."""
    return models.Index(fields=[column], condition=~Q(**{column: ""}), name=f"search_{column}")


class SearchEntry(models.Model):
    """One person's folded keys, written by the action that writes the record.

    `kana_parts` has the given name once more: written together, its first vowel may have lengthened
    the last of the family name. Nobody may be shown a key, and a protected address is only searched
    for those who may see it (`carenet.residents.policy`).
    """

    resident = models.OneToOneField(
        Resident, primary_key=True, on_delete=models.CASCADE, related_name="search"
    )
    name = models.CharField(max_length=LONGEST, blank=True)
    kana = models.CharField(max_length=LONGEST, blank=True)
    kana_parts = models.CharField(max_length=2 * LONGEST + 1, blank=True)
    phone = models.CharField(max_length=LONGEST, blank=True)
    address = models.CharField(max_length=LONGEST, blank=True)
    # The address without its municipality, which many leave out.
    place = models.CharField(max_length=LONGEST, blank=True, default="", db_default="")
    insured_number = models.CharField(max_length=LONGEST, blank=True)
    # By which rules (`carenet.spellings.RULES`).
    folded_by = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta:
        verbose_name_plural = "search entries"
        indexes = [
            _parts("name"),
            _parts("kana_parts"),
            _parts("phone"),
            _parts("address"),
            _whole("name"),
            _whole("kana"),
            _whole("phone"),
            _whole("insured_number"),
            _whole("place"),
            models.Index(fields=["folded_by"], name="search_folded_by"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

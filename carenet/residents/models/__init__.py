"""People on the register."""

from carenet.residents.models.resident import BirthPrecision, Resident, ResidentShare

__all__ = ["BirthPrecision", "Resident", "ResidentShare"]

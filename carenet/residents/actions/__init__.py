"""Every write to people on the register."""

from carenet.residents.actions.registering import edit, register

__all__ = ["edit", "register"]

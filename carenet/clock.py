"""The clock's former name: released migrations name it as a default, nothing else does."""

from carenet.core.clock import now

__all__ = ["now"]

"""Every write to long work."""

from carenet.jobs.actions.asking import cancel, carry_out, start
from carenet.jobs.actions.exports import end_exports_with_address, strike_out_of_exports
from carenet.jobs.actions.forgetting import forget
from carenet.jobs.actions.keeping import content_of, parts_of
from carenet.jobs.actions.working import one_at_a_time, work_once

__all__ = [
    "cancel",
    "carry_out",
    "content_of",
    "end_exports_with_address",
    "forget",
    "one_at_a_time",
    "parts_of",
    "start",
    "strike_out_of_exports",
    "work_once",
]

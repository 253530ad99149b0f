"""Every write to long work."""

from carenet.jobs.actions.exports import end_exports_with_address, strike_out_of_exports
from carenet.jobs.actions.lifecycle import apply_preview, cancel, refuse, release, start
from carenet.jobs.actions.runner import one_at_a_time, run_one_batch
from carenet.jobs.actions.storage import content_of, delete_ended, parts_of

__all__ = [
    "apply_preview",
    "cancel",
    "content_of",
    "delete_ended",
    "end_exports_with_address",
    "one_at_a_time",
    "parts_of",
    "refuse",
    "release",
    "run_one_batch",
    "start",
    "strike_out_of_exports",
]

"""Reads of the city's list: entries, the funnel, what is next, and whom nobody looks in on."""

from carenet.watchlists.selectors.funnel import (
    Stage,
    at_stage,
    come_to,
    entries,
    events,
    first_visits,
    funnel,
    hidden_in,
    in_area,
    lists_ending,
    lists_over,
    refused,
    to_visit,
    total,
    unwatched,
    visited_of_listed,
    watch_lists,
)
from carenet.watchlists.selectors.steps import ListStep, at_step, count_by_list, step_of
from carenet.watchlists.selectors.suggestions import SuggestedWatches, suggested_watches

__all__ = [
    "ListStep",
    "Stage",
    "SuggestedWatches",
    "at_stage",
    "at_step",
    "come_to",
    "count_by_list",
    "entries",
    "events",
    "first_visits",
    "funnel",
    "hidden_in",
    "in_area",
    "lists_ending",
    "lists_over",
    "refused",
    "step_of",
    "suggested_watches",
    "to_visit",
    "total",
    "unwatched",
    "visited_of_listed",
    "watch_lists",
]

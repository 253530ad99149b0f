"""Statutory deadlines: the engine. It has no table; the rooms above declare theirs on its models."""

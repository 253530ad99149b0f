"""The development launcher: real servers from wheels, one supervisor, no containers.

It is used by `run.py` and is no part of the production image.
"""

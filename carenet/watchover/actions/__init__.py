"""Every write of the watch.

Everybody locks in this order: membership, pause, assignment, then what hangs on it. Whoever changes an
expectation or an alert holds its assignment: a sweep passes over those that are held.
"""

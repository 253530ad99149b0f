"""The ward's list as a place of work: what waits on it, line by line, one or many at once."""

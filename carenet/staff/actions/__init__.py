"""What the pages keep for themselves is written: the weekly mail, what is old is deleted."""

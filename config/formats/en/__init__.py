"""English outside of America: the year first, 24 hours."""

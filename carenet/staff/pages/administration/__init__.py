"""The pages of the system administrators: they set the service up, and see no records of people."""

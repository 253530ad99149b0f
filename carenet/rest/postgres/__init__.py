"""Django's PostgreSQL with a limit on every wait."""

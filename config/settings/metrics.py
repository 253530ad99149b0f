"""What Prometheus is told, on a port of its own."""

from __future__ import annotations

from config.settings.environment import env

# Without a port, or with 0, nobody is told anything, and no request is timed.
METRICS_PORT = int(env("METRICS_PORT", default="") or 0)
METRICS_HOST = env("METRICS_HOST", default="127.0.0.1")
# For so long what was found in the database and in Redis is told again.
METRICS_KEPT_SECONDS = env.float("METRICS_KEPT_SECONDS", default=5.0)

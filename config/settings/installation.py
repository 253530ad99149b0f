"""Whose installation this is: what stands in the head and on the foot of each page."""

from __future__ import annotations

from config.settings.environment import env

WARD_NAME = env("WARD_NAME", default="")
SERVICE_NAME = env("SERVICE_NAME", default="福祉つなぎ")
# Whom to call about the service, in one line: section, telephone, hours.
SERVICE_CONTACT = env("SERVICE_CONTACT", default="")
# Whether each page says that this is no official service of the ward.
IS_DEMO = env.bool("IS_DEMO", default=False)

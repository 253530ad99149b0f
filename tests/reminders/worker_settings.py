"""The suite's settings for real workers and beats, with a kind of reminder of their own.

A prefix of their own keeps their messages apart from whatever else uses the same Redis, and lets a
test flush what is theirs. A clock that is early or late is one that Python tells, in this process and
those that it forks.
"""

import os
from datetime import UTC, datetime, timedelta

import time_machine

from config.settings.test import *  # noqa: F403
from config.settings.test import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.reminders.sample_app"]
CELERY_BROKER_TRANSPORT_OPTIONS = {"global_keyprefix": os.environ["CREW_PREFIX"]}
if early := float(os.environ.get("CREW_EARLY_SECONDS", "0")):
    time_machine.travel(datetime.now(UTC) + timedelta(seconds=early)).start()

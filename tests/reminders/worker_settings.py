"""The suite's settings for real workers and beats, with a kind of reminder of their own.

A prefix of their own keeps their messages apart from whatever else uses the same Redis, and lets a
test flush what is theirs.
"""

import os

from config.settings.test import *  # noqa: F403
from config.settings.test import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.reminders.chores"]
CELERY_BROKER_TRANSPORT_OPTIONS = {"global_keyprefix": os.environ["CREW_PREFIX"]}

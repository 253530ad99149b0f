"""The settings of real workers, with a folder for files that the test reads as well."""

import os

from tests.reminders.worker_settings import *  # noqa: F403
from tests.reminders.worker_settings import STORAGES

STORAGES = {
    **STORAGES,
    "attachments": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": os.environ["JOB_FILES"]},
    },
}

"""The settings of an installation, with the addresses that the measurements compare it with."""

import os

from config.settings.production import *  # noqa: F403
from config.settings.production import INSTALLED_APPS, LOGGING

INSTALLED_APPS = [*INSTALLED_APPS, "carenet.demo"]
ROOT_URLCONF = "benchmarks.urls"
# Lines are written as ever; nobody reads them.
LOGGING["handlers"]["lines"] |= {"class": "logging.FileHandler", "filename": os.devnull}

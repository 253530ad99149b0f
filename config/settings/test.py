"""The suite: real PostgreSQL and Redis, cheap password hashing."""

import os
import time

os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 40)

from config.logs import configure
from config.settings.base import *  # noqa: F403
from config.settings.base import CACHES, DATABASES, INSTALLED_APPS, REDIS_URL, STORAGES

INSTALLED_APPS = [*INSTALLED_APPS, "carenet.demo"]
IS_DEMO = True
WARD_NAME = "横浜市港北区"
SERVICE_CONTACT = "港北区役所（架空） 電話 045-000-0300"
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Tests open and drop databases and speak from a hundred threads: no connection is kept. A machine
# that is busy with them is no server that hangs.
DATABASES["default"] |= {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False}
DATABASES["default"]["OPTIONS"]["limits"] = {"connect": 10.0, "patience": 10.0}
# The processes of the suite copy a database that was migrated once (launch/test.py).
if template := os.environ.get("TEST_TEMPLATE"):
    DATABASES["default"]["TEST"] = {"TEMPLATE": template}
# Tests empty the cache: each process of the suite ("gw0", "gw1") has one of its own.
if process := os.environ.get("PYTEST_XDIST_WORKER"):
    CACHES["default"]["LOCATION"] = f"{REDIS_URL}?db={int(process.removeprefix('gw')) + 1}"
# Tests of the file system itself set a folder of their own.
STORAGES = {**STORAGES, "attachments": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}
LOGGING = configure("WARNING")
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
# Tests of what is kept set it.
HEALTHZ_KEPT_SECONDS = 0.0
# Tests of the second factor itself set it.
STAFF_SECOND_FACTOR = False
# Tests move the clock of Python alone; those of the database's clock turn this on.
CLOCK_COMPARE_SECONDS = float(os.environ.get("CLOCK_COMPARE_SECONDS", "0"))
# `run.py moments` moves the clock of Python as far as that of the servers, in each process of the suite.
if ahead := os.environ.get("SUITE_AHEAD_SECONDS"):
    import time_machine

    time_machine.travel(time.time() + float(ahead)).start()

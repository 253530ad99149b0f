"""Work that is due later, and the mail that comes of it."""

from __future__ import annotations

import environ
from django.core.exceptions import ImproperlyConfigured
from kombu import Queue

from config.settings.data import REDIS_URL
from config.settings.environment import env

# The broker only wakes somebody up; what is due stands in the database (docs/architecture.md).
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
REMINDER_SWEEP_SECONDS = env.float("REMINDER_SWEEP_SECONDS", default=3.0)
#: What beat starts, and how often in seconds.
_WAKE_UPS = {
    "sweep-reminders": ("carenet.reminders.tasks.sweep", REMINDER_SWEEP_SECONDS),
    "find-silent": ("carenet.reminders.tasks.find_silent", 600.0),
    "take-back-tasks": ("carenet.cases.tasks.take_back_tasks", 60.0),
    "sweep-watchover": ("carenet.watchover.tasks.sweep", REMINDER_SWEEP_SECONDS),
    "go-on-with-jobs": ("carenet.jobs.tasks.go_on", REMINDER_SWEEP_SECONDS),
    "carry-closures-out": ("carenet.agencies.tasks.carry_closures_out", 30.0),
    "tell-invited": ("carenet.agencies.tasks.tell_invited", 60.0),
    "fold-again": ("carenet.residents.tasks.fold_names_again", 600.0),
    "forget-jobs": ("carenet.jobs.tasks.forget_ended", 3600.0),
    "forget-sign-ins": ("carenet.agencies.tasks.forget_sign_ins", 86_400.0),
    "scan-files": ("carenet.referrals.tasks.scan_files", 10.0),
    "forget-orphans": ("carenet.referrals.tasks.forget_orphans", 86_400.0),
    "forget-idempotency-keys": ("carenet.rest.tasks.forget_idempotency_keys", 3600.0),
    "forget-sent-forms": ("carenet.staff.tasks.forget_sent_forms", 3600.0),
    "forget-drafts": ("carenet.staff.tasks.forget_drafts", 3600.0),
    "send-weekly-mails": ("carenet.staff.tasks.send_weekly_mails", 300.0),
}
# Each has a queue of its own, in which at most one waits (config/beat.py). None expires: that would be
# judged by the clock of another machine.
CELERY_BEAT_SCHEDULER = "config.beat:OneWaits"
CELERY_BEAT_SCHEDULE = {
    name: {"task": task, "schedule": seconds, "options": {"queue": name}}
    for name, (task, seconds) in _WAKE_UPS.items()
}
CELERY_TASK_QUEUES = [Queue(name) for name in ("celery", *_WAKE_UPS)]
# What a busy worker keeps back for itself is not seen in the queue.
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Long work: how long its result can be looked at, and its file had.
JOB_KEEP_DAYS = env.int("JOB_KEEP_DAYS", default=7)
REMINDER_OVERDUE_SECONDS = env.float("REMINDER_OVERDUE_SECONDS", default=300.0)
# With a sweep, a killed worker's message is taken over within 15 s.
REMINDER_LEASE_SECONDS = env.float("REMINDER_LEASE_SECONDS", default=10.0)
# Where the console channel writes: a path, "-" for the worker's standard output.
REMINDER_CONSOLE = env("REMINDER_CONSOLE", default="-")

# How long what somebody has taken on, or put off, is left with them, and how often in a row.
REMINDER_ACKNOWLEDGED_WORKING_DAYS = env.int("REMINDER_ACKNOWLEDGED_WORKING_DAYS", default=3)
REMINDER_SNOOZE_WORKING_DAYS = env.int("REMINDER_SNOOZE_WORKING_DAYS", default=5)
# After the last step that step comes again so many working days later, until its reason ends.
REMINDER_AGAIN_WORKING_DAYS = env.int("REMINDER_AGAIN_WORKING_DAYS", default=5)
REMINDER_HOLDS = env.int("REMINDER_HOLDS", default=3)
# For how long whoever took something on, or put it off, may take that back.
REMINDER_TAKE_BACK_MINUTES = env.int("REMINDER_TAKE_BACK_MINUTES", default=10)

# E-mail: off without a server ---------------------------------------------------------------------

_MAIL = environ.Env.email_url_config(env("EMAIL_URL", default="") or "smtp:")
EMAIL_HOST: str = _MAIL["EMAIL_HOST"] or ""
EMAIL_USE_SSL: bool = _MAIL.get("EMAIL_USE_SSL", False)
EMAIL_USE_TLS: bool = _MAIL.get("EMAIL_USE_TLS", False)
EMAIL_PORT: int = _MAIL["EMAIL_PORT"] or (465 if EMAIL_USE_SSL else 587 if EMAIL_USE_TLS else 25)
EMAIL_HOST_USER: str = _MAIL["EMAIL_HOST_USER"] or ""
EMAIL_HOST_PASSWORD: str = _MAIL["EMAIL_HOST_PASSWORD"] or ""
EMAIL_FROM = env("EMAIL_FROM", default="")
# Where people sign in: the beginning of the link in a mail.
PUBLIC_URL = env("PUBLIC_URL", default="").rstrip("/")
if EMAIL_HOST and not ("@" in EMAIL_FROM and PUBLIC_URL):
    raise ImproperlyConfigured("EMAIL_URL needs EMAIL_FROM (an address) and PUBLIC_URL besides.")

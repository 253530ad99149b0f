"""Production as the database's owner: for `migrate`, and for nothing else."""

from config.settings.environment import env
from config.settings.production import *  # noqa: F403
from config.settings.production import DATABASES

DATABASES["default"] |= env.db("DATABASE_OWNER_URL")

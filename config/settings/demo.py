"""The demo on one's own machine: plain HTTP on the loopback, fictional people, served static files."""

from config.settings.base import *  # noqa: F403
from config.settings.base import INSTALLED_APPS, ON_DISK, STORAGES
from config.settings.environment import BASE_DIR

INSTALLED_APPS = [*INSTALLED_APPS, "carenet.demo"]
IS_DEMO = True
WARD_NAME = "横浜市港北区"
SERVICE_CONTACT = "港北区役所 福祉保健課（架空） 電話 045-000-0300（平日 8:45–17:15）"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
STORAGES["attachments"]["OPTIONS"] = ON_DISK | {"location": BASE_DIR / ".carenet" / "attachments"}
WHITENOISE_USE_FINDERS = True
# Nothing is collected: the finders read what the packages bring.
STATIC_ROOT = None
# Its passwords are known to everybody.
PASSWORD_HASHERS = ["carenet.demo.hashers.DemoPasswordHasher"]
# People who try it out have no authenticator at hand; they may set one up.
STAFF_SECOND_FACTOR = False

"""The product's settings, made quick and still for tests."""

import atexit
import os
import shutil
import tempfile

os.environ.setdefault("GONGCHOU_DEMO", "true")
os.environ.setdefault("GONGCHOU_SECRET_KEY", "only-for-tests-" * 4)
if "GONGCHOU_VAR" not in os.environ:
    # Made by the first process, shared by those it starts, gone with it.
    os.environ["GONGCHOU_VAR"] = tempfile.mkdtemp(prefix="gongchou-test-")
    atexit.register(shutil.rmtree, os.environ["GONGCHOU_VAR"], ignore_errors=True)

from gongchou.config.settings import *  # noqa: F403
from gongchou.config.settings import DATABASES, ENVIRONMENT, STORAGES

# A file, not memory: the live server reads it from threads of its own.
if not ENVIRONMENT.database_url:
    DATABASES["default"]["TEST"] = {"NAME": str(ENVIRONMENT.var / "test.sqlite3")}
# Each worker of a parallel run stands at a day of its own.
DEMO_CLOCK = ENVIRONMENT.var / f"demo-clock-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}.json"
PASSPHRASE_COST = 10
IS_THROTTLED = False
GLANCE_SECONDS = 0.0
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]

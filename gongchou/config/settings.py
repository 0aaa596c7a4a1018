"""Django's settings, made from the environment; nothing else reads it."""

import os

from gongchou.config import database, sqlite
from gongchou.config.environment import PACKAGE, read_environment, secret_key, split
from gongchou.config.job_table import JOBS as JOBS
from gongchou.config.panel_table import OBJECTIONS as OBJECTIONS
from gongchou.config.panel_table import SITE_PANELS as SITE_PANELS
from gongchou.core.webhooks import networks
from gongchou.law.load import keep_own_years_in

SQLITE_VERSION = sqlite.install()
ENVIRONMENT = read_environment()
PROCESS = os.environ.get("GONGCHOU_PROCESS", "")

DEBUG = ENVIRONMENT.debug
DEMO = ENVIRONMENT.demo
DEMO_CLOCK = ENVIRONMENT.var / "demo-clock.json"
keep_own_years_in(ENVIRONMENT.var / "calendar")
SECRET_KEY = secret_key(ENVIRONMENT)
FONTS = ENVIRONMENT.fonts
CHECKPOINTS = ENVIRONMENT.checkpoints
MESSAGES = ENVIRONMENT.messages
EXPORT_FOLDER = ENVIRONMENT.export
ALLOWED_HOSTS = split(ENVIRONMENT.allowed_hosts)
DOORS = frozenset(split(ENVIRONMENT.doors))

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_htmx",
    "django_q",
    "gongchou.web",
    "gongchou.audit",
    "gongchou.accounts",
    "gongchou.webhooks",
    "gongchou.intake",
    "gongchou.registry",
    "gongchou.training",
    "gongchou.planning",
    "gongchou.drawing",
    "gongchou.offsite",
    "gongchou.inspection",
    "gongchou.publication",
    "gongchou.reporting",
    "gongchou.portal",
    "gongchou.desk",
    "gongchou.config",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "gongchou.web.throttle.ThrottleMiddleware",
    "gongchou.portal.remembered.RememberedMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "gongchou.config.idle.IdleMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "gongchou.accounts.middleware.ActorMiddleware",
    "gongchou.web.middleware.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "gongchou.config.urls"
WSGI_APPLICATION = "gongchou.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "gongchou.config.navigation.frame",
            ],
        },
    }
]
INIT_COMMAND = sqlite.init_command(SQLITE_VERSION)
DATABASES = {"default": database.describe(ENVIRONMENT, INIT_COMMAND, pooled=PROCESS == "web")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
UPLOAD_DAYS = ENVIRONMENT.upload_days
WEBHOOK_NETWORKS = networks(ENVIRONMENT.webhook_networks)
# In the demonstration one signs in by a click; there is nobody whose phone could prove anything.
SECOND_FACTOR = ENVIRONMENT.second_factor and not DEMO
LOGIN_URL = "/login/"
# Work factor of the passphrase over a custodian's key: 2^15 rounds of 8 KiB blocks, 32 MiB.
# The passphrases of the demonstration are printed on its first page: there is nothing to guard.
PASSPHRASE_COST = 10 if DEMO else 15
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_VERBOSE = False
AXES_USERNAME_FORM_FIELD = "login"
AXES_LOCKOUT_TEMPLATE = "accounts/locked.html"

SESSION_COOKIE_AGE = ENVIRONMENT.idle_minutes * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENVIRONMENT.is_tls
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# Addresses are counted in the memory of each worker; the last hop is trusted behind a proxy.
IS_THROTTLED = True
# So long a page of the public door may be answered from memory after something public changed.
GLANCE_SECONDS = 1.0
BEHIND_PROXY = ENVIRONMENT.behind_https
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if ENVIRONMENT.is_tls:
    SECURE_HSTS_SECONDS = 31_536_000
if ENVIRONMENT.behind_https:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    }
}

STATIC_URL = "/static/"
# Collected when the wheel is built, so that files and templates are always of one version.
STATIC_ROOT = PACKAGE / "web" / "collected"
IS_COLLECTED = PROCESS == "collect" or (not DEBUG and (STATIC_ROOT / "staticfiles.json").exists())
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": ENVIRONMENT.storage_url or str(ENVIRONMENT.var / "evidence")},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if IS_COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not IS_COLLECTED

DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20

Q_CLUSTER = {
    "name": "gongchou",
    "orm": "default",
    "workers": 1,
    "timeout": 600,
    "retry": 900,
    "max_attempts": 3,
    "ack_failures": True,
    "catch_up": False,
    "label": "后台任务",
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "gongchou.config.logs.LineFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "gongchou": {"level": ENVIRONMENT.log_level},
        # Whoever guesses addresses shall not fill the log as well.
        "django.request": {"level": "ERROR"},
    },
}
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008", "security.W012", "security.W016"]

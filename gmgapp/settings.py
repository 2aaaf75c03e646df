"""Settings, read from the environment; docs/operate/settings.md names each with its default.

The embedded run (`./run`) needs none of them. With DEBUG off, an insecure value stops the start
with one sentence.
"""

import os
import re
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import django_stubs_ext
import environ
from csp.constants import NONCE, NONE, SELF

from gmgapp import logs

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
environ.Env.read_env(os.environ.get("ENV_FILE", BASE_DIR / ".env"))


def _refuse(sentence: str) -> None:
    """Stop the start with one sentence that says what to change.

    Not an exception, whose traceback would bury it.
    """
    sys.exit(sentence)


def _refuse_broken_url(name: str) -> None:
    """Stop the start if an unescaped character breaks a URL's password."""
    parts = urlsplit(os.environ.get(name, ""))
    try:
        broken = bool(parts.netloc) and (
            parts.port == 0 or "@" in parts.path + parts.query + parts.fragment
        )
    except ValueError:
        broken = True
    if broken:
        _refuse(
            f"{name} cannot be read: in a user or password of a URL, percent-encode the "
            "characters : / ? # @ % (/ is %2F)."
        )


for _name in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "TIMESTAMP_URL"):
    _refuse_broken_url(_name)

# What kind of run this is
DEBUG: bool = env.bool("DEBUG", default=False)
DEMO: bool = env.bool("DEMO", default=False)
CLOCK_OFFSET_SECONDS: int = env.int("CLOCK_OFFSET_SECONDS", default=0)
TESTING: bool = "PYTEST_VERSION" in os.environ
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var" / ("tests" if TESTING else ""))))
SHORTEST_KEY = 50  # as Django's `check --deploy` asks
INSECURE_KEY = "insecure-and-only-for-the-embedded-run"
SECRET_KEY: str = os.environ.get(
    "SECRET_KEY", INSECURE_KEY if DEBUG or TESTING else ""
)  # django-environ takes "$name" for another variable
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
SITE_URL: str = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")

if not DEBUG and not TESTING:
    if len(SECRET_KEY) < SHORTEST_KEY or SECRET_KEY == INSECURE_KEY:
        # a clone in which nobody has set anything: its data are those of ./run
        _is_bare = not SECRET_KEY and not env.str("DATABASE_URL", default="")
        _refuse(
            "SECRET_KEY must be set to 50 or more random characters when DEBUG is off."
            + (" For the data of ./run: ./manage in place of manage.py." if _is_bare else "")
        )
    if "*" in ALLOWED_HOSTS:
        _refuse("ALLOWED_HOSTS must name the hosts, not '*', when DEBUG is off.")
    if not SITE_URL.startswith("https://") and not env.bool("ALLOW_HTTP", default=False):
        _refuse(
            "SITE_URL must begin with https:// when DEBUG is off (or set ALLOW_HTTP=true behind a "
            "closed network)."
        )
    if DEMO:
        _refuse("DEMO offers sign-in without a password; it can be set only together with DEBUG.")
    if CLOCK_OFFSET_SECONDS:
        _refuse("CLOCK_OFFSET_SECONDS moves the clock; it can be set only together with DEBUG.")
    if not env.str("DATABASE_URL", default=""):
        _refuse(
            "DATABASE_URL must be set when DEBUG is off: without it the data would be in a file "
            "of this machine alone."
        )
    if not env.str("EMAIL_URL", default=""):
        _refuse(
            "EMAIL_URL must be set when DEBUG is off: without it every mail would count as sent, "
            "and lie in a folder."
        )

SECURE = SITE_URL.startswith("https://")

# Apps: the house, from the bottom up
INSTALLED_APPS = [
    "coordination.core",
    "coordination.members",
    "coordination.reminders",
    "coordination.rotation",
    "coordination.meetings",
    "coordination.statements",
    "coordination.desk",
    "gmgapp.records.RecordsConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "rules.apps.AutodiscoverRulesConfig",
    "simple_history",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    # above WhiteNoise, which answers by itself: static files get the headers too
    "coordination.core.middleware.ConfidentialMiddleware",
    # above all that ask the database, so that their failure becomes a 503 too
    "coordination.core.middleware.UnavailableMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "coordination.core.middleware.ReaderMiddleware",
    "coordination.members.views.gate.AccountGate",
    "coordination.core.middleware.RuleBrokenMiddleware",
    "coordination.core.middleware.RecordKeyMiddleware",
    "coordination.core.middleware.NotFoundMiddleware",
    # last: by then a broken rule has become a page
    "coordination.core.submissions.SubmitOnceMiddleware",
]

ROOT_URLCONF = "gmgapp.urls"
WSGI_APPLICATION = "gmgapp.wsgi.application"
ASGI_APPLICATION = "gmgapp.asgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "debug": DEBUG or TESTING,
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "coordination.core.http.site_context",
                "coordination.rotation.views.context.chair",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                ),
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django_cotton.templatetags.cotton",
                "coordination.core.templatetags.core",
            ],
        },
    },
]
COTTON_DIR = "cotton"
COTTON_SNAKE_CASED_NAMES = False
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# PostgreSQL, or SQLite for the embedded run (IMMEDIATE: a transaction begins with the write lock)
DATABASES: dict[str, Any] = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'gmg.sqlite3'}")
}
if os.environ.get("DATABASE_PASSWORD"):
    # as it is: django-environ takes "$name" for another variable
    DATABASES["default"]["PASSWORD"] = os.environ["DATABASE_PASSWORD"]
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,  # seconds for which a writer waits for the lock of another
        "init_command": (
            # WAL: readers do not wait for the writer
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
        ),
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("DATABASE_CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True  # the server may have restarted
    # libpq's shortest; people wait for it
    DATABASES["default"].setdefault("OPTIONS", {})["connect_timeout"] = 2
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Redis is the broker and nothing else: a session or a limit of sign-in must not depend on a server
# that may be away
REDIS_URL: str = env.str("REDIS_URL", default="")
if not DEBUG and not TESTING and not REDIS_URL:
    _refuse("REDIS_URL must be set when DEBUG is off: web, worker and beat share it.")

# Sessions and the counters of allauth's rate limits live in the database. The cache table is made
# by a migration of core.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
CACHES: dict[str, Any] = {
    "default": {
        "BACKEND": "coordination.core.cache.CounterCache",
        "LOCATION": "core_cache",
        # Django's 300 would let a flood of attempts push the counters out
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
}

# Celery carries "look at the outbox"; correctness never rests on it. Without Redis one process
# plans and delivers (gmgapp.embedded), and the others touch WAKE_FILE to ask for it.
CELERY_BROKER_URL = REDIS_URL or "memory://localhost/"
WAKE_FILE = VAR_DIR / "wake"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = (
    # above CELERY_TASK_TIME_LIMIT, or Redis would hand a running task to a second worker
    {"visibility_timeout": 1800} if REDIS_URL else {"polling_interval": 0.2}
)
CELERY_TASK_IGNORE_RESULT = True  # nobody reads results
CELERY_TASK_ACKS_LATE = True  # each may run twice, so a killed worker loses none
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_TIME_LIMIT = 600
CELERY_WORKER_PREFETCH_MULTIPLIER = 1  # a busy worker holds no task that another could run
CELERY_WORKER_HIJACK_ROOT_LOGGER = False  # LOGGING below hides tokens
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# plain intervals only: due times are computed per row, so no crontab meets daylight saving
CELERY_TIMEZONE = "UTC"
# Beat keeps its schedule in memory: it plans at each start, and a file could be damaged
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"
PLAN_EVERY_SECONDS: float = env.float("PLAN_EVERY_SECONDS", default=60.0)
DELIVER_EVERY_SECONDS: float = env.float("DELIVER_EVERY_SECONDS", default=15.0)


def _every(seconds: float, task: str, **arguments: object) -> dict[str, Any]:
    """Return an entry of beat; it expires early so no queue builds up."""
    options = {"expires": 10 * seconds}
    return {"task": task, "schedule": seconds, "kwargs": arguments, "options": options}


CELERY_BEAT_SCHEDULE = {
    "plan reminders": _every(PLAN_EVERY_SECONDS, "reminders.plan", sent_by="beat"),
    "deliver mail": _every(DELIVER_EVERY_SECONDS, "reminders.deliver"),
    "read replies": _every(PLAN_EVERY_SECONDS, "meetings.read_replies"),
    "keep selections": _every(5 * PLAN_EVERY_SECONDS, "rotation.keep_selections"),
    "keep statements": _every(PLAN_EVERY_SECONDS, "statements.keep"),
    "purge": {"task": "core.purge", "schedule": 3600.0},
}
# Planning has a queue and a worker of its own: a slow mail server holds up mail only
CELERY_TASK_ROUTES = {
    "reminders.plan": {"queue": "plan"},
    "reminders.*": {"queue": "mail"},
    **{f"{app}.*": {"queue": "default"} for app in ("core", "meetings", "rotation", "statements")},
}

# Mail: an SMTP server, or for the embedded run a folder that the app shows in the browser
EMAIL_URL: str = env.str("EMAIL_URL", default=f"file://{VAR_DIR / 'outbox'}")
_mail = urlsplit(EMAIL_URL)
if _mail.scheme not in {"file", "smtp", "smtp+tls", "smtp+ssl"}:
    _refuse("EMAIL_URL must begin with smtp://, smtp+tls://, smtp+ssl:// or file://.")
if _mail.scheme == "file" and not DEBUG and not TESTING:
    _refuse(
        "EMAIL_URL must name a mail server when DEBUG is off: in a folder every mail would count "
        "as sent, and reach nobody."
    )
if _mail.scheme == "file":
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = unquote(_mail.path)
else:
    EMAIL_BACKEND = "coordination.reminders.smtp.EmailBackend"
    EMAIL_HOST = _mail.hostname or "localhost"
    EMAIL_PORT = _mail.port or 25
    EMAIL_HOST_USER = unquote(_mail.username or "")
    EMAIL_HOST_PASSWORD = unquote(_mail.password or "")
    EMAIL_USE_TLS = _mail.scheme == "smtp+tls"
    EMAIL_USE_SSL = _mail.scheme == "smtp+ssl"
MAIL_EXCHANGE_SECONDS: float = env.float("MAIL_EXCHANGE_SECONDS", default=30.0)
EMAIL_TIMEOUT = MAIL_EXCHANGE_SECONDS
DEFAULT_FROM_EMAIL: str = env.str(
    "DEFAULT_FROM_EMAIL", default="Secretariat <secretariat@localhost>"
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
MAIL_LEASE_SECONDS: float = env.float("MAIL_LEASE_SECONDS", default=120.0)
MAIL_RETRY_SECONDS: float = env.float("MAIL_RETRY_SECONDS", default=60.0)
WAKE_PLANNER: bool = env.bool("WAKE_PLANNER", default=not TESTING)
# The mailbox of the sender's address, to which calendar programs answer; empty: nobody reads it
IMAP_URL: str = env.str("IMAP_URL", default="")
if IMAP_URL and urlsplit(IMAP_URL).scheme not in {"imap", "imap+tls", "imaps"}:
    _refuse("IMAP_URL must begin with imap://, imap+tls:// or imaps://.")
MAIL_LATE_MINUTES: int = env.int("MAIL_LATE_MINUTES", default=2)
SIGNING_KEY: str = os.environ.get("SIGNING_KEY", "")
if SIGNING_KEY and not re.fullmatch(r"[A-Za-z0-9+/]{43}=", SIGNING_KEY):
    _refuse("SIGNING_KEY must be the 32 bytes of a private Ed25519 key in base64.")
SIGNING_KEY_FILE = Path(env.str("SIGNING_KEY_FILE", default=str(VAR_DIR / "signing.key")))
TIMESTAMP_URL: str = env.str("TIMESTAMP_URL", default="")

# People
AUTH_USER_MODEL = "members.Person"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "coordination.members.adapter.AccountBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
_limits = {"invitations": 20, "comments": 40, "mentions": 60}
_limits |= {"word_files": 20, "sign_in_mails": 5, "address_mails": 5}
_asked: str = env.str("HOURLY_LIMITS", default="")
if not re.fullmatch(rf"(?:(?:{'|'.join(_limits)})=[1-9]\d*(?:,|$))*", _asked):
    _refuse(
        "HOURLY_LIMITS must be limits of 1 or more, such as invitations=30,comments=60; there "
        f"are {', '.join(_limits)}."
    )
HOURLY_LIMITS: dict[str, int] = {
    **_limits,
    **{name: int(number) for name, number in re.findall(r"(\w+)=(\d+)", _asked)},
}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:desk"
LOGOUT_REDIRECT_URL = "desk:home"
ACCOUNT_ADAPTER = "coordination.members.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "coordination.members.adapter.SignInForm",
    "reset_password": "coordination.members.forms.ResetForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "optional"  # the link of the invitation has proved the address
ACCOUNT_PREVENT_ENUMERATION = True
# one address per person: a new one replaces the old one when it is confirmed
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
# members.attempts limits guessing: a stranger could lock an owner out by allauth's own limits
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": None,
    "reset_password": None,
    "request_login_code": "20/m/ip",
}
MFA_FORMS = {
    "authenticate": "coordination.members.forms.SecondFactorForm",
    "reauthenticate": "coordination.members.forms.SecondFactorAgainForm",
}
ALLAUTH_TRUSTED_PROXY_COUNT: int = env.int("TRUSTED_PROXY_COUNT", default=0)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# A new address that waits for confirmation stops nobody; the present one is known to be theirs
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG

# How long a session lasts, and who needs a second factor
SESSION_IDLE_HOURS: float = env.float("SESSION_IDLE_HOURS", default=12.0)
SESSION_DAYS: float = env.float("SESSION_DAYS", default=14.0)
if SESSION_IDLE_HOURS <= 0 or SESSION_DAYS <= 0:
    _refuse("SESSION_IDLE_HOURS and SESSION_DAYS must be more than 0.")
SESSION_COOKIE_AGE = int(SESSION_DAYS * 24 * 60 * 60)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True  # "Stay signed in" sets SESSION_COOKIE_AGE instead
ROLES_WITH_SECOND_FACTOR = {"administrators", "chair"}
SECOND_FACTOR_REQUIRED_FOR: list[str] = env.list(
    "SECOND_FACTOR_REQUIRED_FOR", default=[] if DEMO else ["administrators", "chair"]
)
if not set(SECOND_FACTOR_REQUIRED_FOR) <= ROLES_WITH_SECOND_FACTOR:
    _refuse(
        "SECOND_FACTOR_REQUIRED_FOR takes administrators, chair, both with a comma between them, "
        "or nothing."
    )
SECOND_FACTOR_GRACE_DAYS: int = env.int("SECOND_FACTOR_GRACE_DAYS", default=14)

# Languages and time: stored in UTC, shown in the reader's zone
LANGUAGE_CODE = "en"
# and ("fr", "Français") once its catalogue in LOCALE_PATHS is complete: half a language misleads
LANGUAGES = [("en", "English")]
LOCALE_PATHS = [BASE_DIR / "coordination" / "core" / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

# Files
STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
if DEBUG or TESTING:
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns of a folder that is not there
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(VAR_DIR / "media")))
MEDIA_URL = "/media-is-never-served-directly/"
STORAGES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if DEBUG or TESTING:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
S3_BUCKET: str = env.str("S3_BUCKET", default="")
if S3_BUCKET and find_spec("storages") is None:
    _refuse(
        "S3_BUCKET needs packages that are not here: pip install -r requirements/s3.txt "
        "(REQUIREMENTS=s3 for the image)."
    )
if S3_BUCKET:
    _endpoint: str = env.str("S3_ENDPOINT_URL", default="")
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": _endpoint or None,
            "region_name": env.str("S3_REGION", default="") or None,
            # without them: what the machine itself may
            "access_key": env.str("S3_ACCESS_KEY_ID", default="") or None,
            "secret_key": env.str("S3_SECRET_ACCESS_KEY", default="") or None,
            "addressing_style": "path" if _endpoint else "auto",
            "signature_version": "s3v4",
            "file_overwrite": False,
        },
    }
    if _endpoint:  # the check sums that Amazon's own client adds by itself are refused by others
        os.environ.setdefault("AWS_REQUEST_CHECKSUM_CALCULATION", "when_required")
        os.environ.setdefault("AWS_RESPONSE_CHECKSUM_VALIDATION", "when_required")
WHITENOISE_ALLOW_ALL_ORIGINS = False  # only our own pages use them
WHITENOISE_USE_FINDERS = DEBUG or TESTING
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# folder of the reference data and of the demonstration
FIXTURES = Path(env.str("FIXTURES_DIR", default=str(BASE_DIR / "fixtures")))

# Security
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    },
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = SECURE
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "coordination.core.views.form_without_token"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^health/$"]  # gmgapp.probe asks over plain HTTP
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
if ALLAUTH_TRUSTED_PROXY_COUNT:  # without a proxy a visitor could forge the header
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SILENCED_SYSTEM_CHECKS: list[str] = []

# History
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True
SIMPLE_HISTORY_DATE_INDEX = True
HISTORY_KEEPS_ADDRESS: bool = env.bool("HISTORY_KEEPS_ADDRESS", default=False)
# the admin offers no button; core.admin.RecordAdmin refuses what is sent without one
SIMPLE_HISTORY_REVERT_DISABLED = True

LOGGING = logs.configuration(env.str("LOG_LEVEL", default="WARNING" if TESTING else "INFO"))

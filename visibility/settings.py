"""Wiring. Everything that differs between machines comes from the environment."""

import os
import secrets
from pathlib import Path

from csp.constants import NONE, SELF
from psycopg.conninfo import conninfo_to_dict

from visibility import servers

# A connection cut in silence is found within half a minute, instead of hours.
_KEPT_ALIVE = {
    "connect_timeout": "5",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}
# A process that is stopped, or a machine that is gone, would keep its rows locked for as long as it likes.
_NOT_IDLE_FOR_LONG = "-c idle_in_transaction_session_timeout=60s"


def _database(address: str) -> dict[str, object]:
    """Django's settings for a PostgreSQL address, a URL or a "key=value" string."""
    known = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    parts = conninfo_to_dict(address)
    own = {"options": f"{_NOT_IDLE_FOR_LONG} {parts.pop('options', '') or ''}".strip()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **{name: str(parts.pop(key, "")) for key, name in known.items()},
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": _KEPT_ALIVE | own | parts,
    }


BASE_DIR = Path(__file__).resolve().parent.parent
DEBUG = os.environ.get("DJANGO_DEBUG", "") == "1"
TESTING = False
# Without a key in the environment each process makes its own: sessions then end with it, loudly rather
# than being signed with a key everybody can read here. `make demo` hands one to all its processes.
SECRET_KEY = os.environ.get("SECRET_KEY") or secrets.token_urlsafe(50)
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("CSRF_TRUSTED_ORIGINS", "").split(",") if o]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "csp",
    "django_filters",
    "django_htmx",
    "django_tables2",
    "template_partials",
    "visibility.accounts",
    "visibility.masterdata",
    "visibility.access",
    "visibility.counters",
    "visibility.inbox",
    "visibility.ledger",
    "visibility.flows",
    "visibility.sync",
    "visibility.triage",
    "visibility.pipeline",
    "visibility.desk",
    "visibility.web",
    "visibility.api",
    "integrations.demo",
]
MIDDLEWARE = [
    "visibility.api.middleware.ApiMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "visibility.urls"
WSGI_APPLICATION = "visibility.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "visibility.web.context.page",
            ],
        },
    },
]

ADDRESSES = servers.addresses()
DATABASES = {
    "default": _database(ADDRESSES.database_url),
    # Migrations run as the owner; the application's own role can neither change nor drop the ledger.
    "owner": _database(ADDRESSES.owner_url),
}
DATABASES["owner"]["TEST"] = {"MIRROR": "default"}
DATABASE_APP_ROLE = os.environ.get("DATABASE_APP_ROLE", "throughline_app")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True

SESSION_COOKIE_SAMESITE = "Lax"
SECURE_BEHIND_TLS = os.environ.get("BEHIND_TLS", "") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_BEHIND_TLS
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_BEHIND_TLS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF, *[o for o in os.environ.get("EVENTS_ORIGIN", "").split(",") if o]],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
EVENTS_URL = os.environ.get("EVENTS_URL", "/events/")
EVENTS_ALLOWED_ORIGINS = [o for o in os.environ.get("EVENTS_ALLOWED_ORIGINS", "").split(",") if o]

# Where links in e-mails and webhooks lead.
SITE_URL = os.environ.get("SITE_URL", "http://localhost:8000").rstrip("/")
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("EMAIL_TLS", "") == "1"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM", "throughline@localhost")
NOTIFIERS = {
    "webhook": "integrations.connectors.notices.WebhookNotifier",
    "chat": "integrations.connectors.notices.ChatNotifier",
}
# Chats that notices may go to: services at hosts of their own, so that nobody is led to one of ours.
CHATS = ("slack", "discord", "msteams", "workflows", "gchat", "tgram", "wxteams")

MAX_MESSAGE_BYTES = int(os.environ.get("MAX_MESSAGE_BYTES", str(64 * 1024 * 1024)))
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_MESSAGE_BYTES + 1
TRANSLATORS = {
    "application/edi-x12": "integrations.mappings.x12.translator.X12Translator",
    "application/edifact": "integrations.mappings.edifact.translator.EdifactTranslator",
    "application/cloudevents+json": "integrations.mappings.cloudevents.CloudEventTranslator",
    "application/cloudevents-batch+json": "integrations.mappings.cloudevents.CloudEventTranslator",
    "application/json": "integrations.mappings.shapes.translator.ShapeTranslator",
    "application/vnd.throughline.history+csv": "integrations.mappings.history.translator.HistoryTranslator",
    "application/vnd.throughline.history+jsonl": "integrations.mappings.history.translator.HistoryTranslator",
}
# Who writes documents that leave as EDI, by syntax.
WRITERS = {
    "x12": "integrations.mappings.x12.writer.X12Writer",
    "edifact": "integrations.mappings.edifact.writer.EdifactWriter",
}
HISTORY_READER = "integrations.mappings.history.reader.TomlHistoryReader"
CONNECTORS = {
    "folder": "integrations.connectors.folder.connector.FolderConnector",
    "http_json": "integrations.connectors.http_json.connector.HttpJsonConnector",
    "memory": "integrations.connectors.memory.connector.MemoryConnector",
}
# Whom the deliverer calls after each round: they take up what became of commands.
COMMAND_FOLLOWERS: list[str] = ["visibility.desk.following.follow_outcomes"]
# Chores beside the pipeline's own, as tuples of (name, seconds between, callable).
CHORES = [
    "visibility.sync.chores.TASKS",
    "visibility.desk.chores.TASKS",
    "visibility.desk.unattended.TASKS",
]
# Rung when changes that were read are kept, so that workers need not look for them.
MESSAGE_BELL = "visibility.pipeline.wake.wake_soon"
# Keys for the secrets of connections, the first one encrypts: `Fernet.generate_key()`, comma between. None:
# one is derived from SECRET_KEY.
SYNC_KEYS: list[str] = [key for key in os.environ.get("SYNC_KEYS", "").split(",") if key]
# Hosts that commands may be sent to; none named: whatever connections are set up for.
OUTBOUND_HOSTS: list[str] = [host for host in os.environ.get("OUTBOUND_HOSTS", "").split(",") if host]
# A try that has no end after so long was cut off. Longer than any connector may take.
DELIVERY_LEASE_SECONDS = float(os.environ.get("DELIVERY_LEASE_SECONDS", "90"))
EDITORS = {
    "application/edi-x12": "integrations.mappings.edi.editing.EdiEditor",
    "application/edifact": "integrations.mappings.edi.editing.EdiEditor",
}
READERS = {
    "application/edi-x12": "integrations.mappings.x12_explain.X12Reader",
    "application/edifact": "integrations.mappings.edifact_explain.EdifactReader",
}

CELERY_APP = "visibility.celery.app"
CELERY_BROKER_URL = ADDRESSES.broker_url
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("LOG_LEVEL", "WARNING")},
}

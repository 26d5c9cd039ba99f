"""One base of settings; what differs between installations comes from `zhitong.config.env`."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from zhitong.core import sqlite_version

sqlite_version.use_bundled()

from django.utils.translation import gettext_lazy as _  # noqa: E402 - SQLite must be swapped before Django loads it

from zhitong.config import env  # noqa: E402 - same

BASE_DIR = Path(__file__).resolve().parents[2]
DATA_DIR = BASE_DIR / "data"
HOME = env.HOME.path()
STATIC_ROOT = HOME / "static"
# Collected files are served by the program itself, with content hashes in their names and compressed copies.
# Where nothing was collected (development, tests) they are looked up at each request.
COLLECTING = env.COLLECT.flag()
_COLLECTED = COLLECTING or (STATIC_ROOT / "staticfiles.json").exists()
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = not _COLLECTED
DEMO = env.DEMO.flag()
DEBUG = env.DEBUG.flag()

MINIMUM_SECRET = 32
_DEMO_SECRET = "demo-only-secret-that-protects-nothing-at-all"  # noqa: S105 - not a secret, the demo shows it
SECRET_KEY = env.SECRET_KEY.text() or (_DEMO_SECRET if DEMO else "missing")
SECRET_KEY_FALLBACKS = env.SECRET_KEY_FALLBACKS.words()
AUDIT_KEY = (env.AUDIT_KEY.text() or (_DEMO_SECRET if DEMO else "")).encode()

DATA_KEYS = [
    key.encode()
    for key in (env.DATA_KEY.text() or (_DEMO_SECRET if DEMO else ""), *env.DATA_KEY_FALLBACKS.words())
]
CIPHER_ADAPTER = env.CIPHER_ADAPTER.text()

ALLOWED_HOSTS = env.ALLOWED_HOSTS.words()
HTTPS = env.HTTPS.flag()
CASE_PREFIX = env.CITY_PREFIX.text()
SITE_URL = env.SITE_URL.text().rstrip("/")
SMS_ADAPTER = env.SMS_ADAPTER.text()
SMS_URL, SMS_KEY, SMS_SECRET = env.SMS_URL.text(), env.SMS_KEY.text(), env.SMS_SECRET.text()
REPORT_SECRET = env.REPORT_SECRET.text()
WEIXIN_ADAPTER = env.WEIXIN_ADAPTER.text()
WEIXIN_URL, WEIXIN_TEMPLATE = env.WEIXIN_URL.text().rstrip("/"), env.WEIXIN_TEMPLATE.text()
WEIXIN_ACCOUNT, WEIXIN_ACCOUNT_SECRET = env.WEIXIN_ACCOUNT.text(), env.WEIXIN_ACCOUNT_SECRET.text()
MAIL_ADAPTER = env.MAIL_ADAPTER.text()
DEFAULT_FROM_EMAIL = env.MAIL_FROM.text()
EMAIL_HOST, EMAIL_PORT = env.SMTP_HOST.text(), env.SMTP_PORT.number()
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = env.SMTP_USER.text(), env.SMTP_PASSWORD.text()
# A slip of the finger must not send passwords in the open.
_SMTP_SECURITY = env.SMTP_SECURITY.one_of("starttls", "tls", "")
EMAIL_USE_TLS, EMAIL_USE_SSL = _SMTP_SECURITY == "starttls", _SMTP_SECURITY == "tls"
EMAIL_TIMEOUT = 10

IMAP_HOST, IMAP_PORT = env.IMAP_HOST.text(), env.IMAP_PORT.number()
IMAP_SECURITY = env.IMAP_SECURITY.one_of("tls", "starttls", "")
IMAP_USER, IMAP_PASSWORD = env.IMAP_USER.text(), env.IMAP_PASSWORD.text()
SPEECH_ADAPTER = env.SPEECH_ADAPTER.text()
SPEECH_URL, SPEECH_KEY = env.SPEECH_URL.text(), env.SPEECH_KEY.text()
IMAP_FOLDER, IMAP_UNIT = env.IMAP_FOLDER.text(), env.IMAP_UNIT.text()

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.weixin",
    "axes",
    "django_tasks",
    "django_tasks_db",
    "zhitong.core",
    "zhitong.orgs",
    "zhitong.notices",
    "zhitong.enterprises",
    "zhitong.cases",
    "zhitong.feedback",
    "zhitong.replies",
    "zhitong.commons",
    "zhitong.drafts",
    "zhitong.supervision",
    "zhitong.insight",
    "zhitong.reports",
    "zhitong.webhooks",
    "zhitong.portal",
    "zhitong.workbench",
    "zhitong.config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "zhitong.core.middleware.AuditMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "zhitong.core.middleware.SecurityHeadersMiddleware",
    "zhitong.core.middleware.ActorMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "zhitong.orgs.signin.middleware.SecondFactorMiddleware",
    "zhitong.core.middleware.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "zhitong.config.urls"
WSGI_APPLICATION = "zhitong.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "zhitong.config.context.site",
            ],
            "builtins": ["zhitong.core.templatetags.icons", "zhitong.core.templatetags.ways"],
        },
    }
]

# Jinja's forms and, for selects, plain code: a hundred choices were half the work of a page.
FORM_RENDERER = "zhitong.core.renderer.Renderer"


def database(address: str) -> dict[str, object]:
    """Return Django's settings for a database address (empty: SQLite in the home folder)."""
    if address.startswith(("postgresql://", "postgres://")):
        parts = urlsplit(address)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            # Lets zhitong.core.held keep plans; Django's own cursors bind their values and keep none.
            "OPTIONS": {"prepare_threshold": 0 if env.DATABASE_HOLDS.flag() else None},
        }
    path = address.removeprefix("sqlite:///") if address else str(HOME / "zhitong.sqlite3")
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": sqlite_version.PRAGMAS,
        },
    }


DATABASE_HOLDS = env.DATABASE_HOLDS.flag()
DATABASES = {"default": database(env.DATABASE_URL.text())}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ATOMIC_REQUESTS = False

AUTH_USER_MODEL = "orgs.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "zhitong.orgs.signin.backends.SignInBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "zhitong" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if _COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MEDIA_ROOT = HOME / "uploads"
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

SESSION_ENGINE = "zhitong.orgs.signin.sessions"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "zhitong.config.errors.csrf_failure"
if HTTPS:
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"django.request": {"level": "ERROR"}, "django_tasks": {"level": "WARNING"}},
}

from zhitong.orgs.signin import settings as signin  # noqa: E402 - sign-in settings stand beside their code
from zhitong.orgs.signin.settings import *  # noqa: E402, F403 - the sign-in room's own settings

API_PER_MINUTE = env.API_PER_MINUTE.number()
WEBHOOK_NETWORKS = env.WEBHOOK_NETWORKS.words()
WEBHOOK_LOOPBACK = env.WEBHOOK_LOOPBACK.flag()

# Without it everybody behind the proxy would share one address, and one lockout.
ALLAUTH_TRUSTED_PROXY_COUNT = env.TRUSTED_PROXIES.number()
SOCIALACCOUNT_PROVIDERS = signin.providers(
    oidc_name=env.OIDC_NAME.text(),
    oidc_server=env.OIDC_SERVER.text(),
    oidc_client_id=env.OIDC_CLIENT_ID.text(),
    oidc_secret=env.OIDC_SECRET.text(),
    weixin_app_id=env.WEIXIN_APP_ID.text(),
    weixin_secret=env.WEIXIN_SECRET.text(),
)

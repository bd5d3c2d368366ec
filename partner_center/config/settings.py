"""Settings, all in one file. What differs between deployments comes from the environment."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from partner_center.config import environment as env

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(env.text("PARTNER_CENTER_DATA", str(ROOT.parent / "var")))

DEMO = env.flag("PARTNER_CENTER_DEMO")
DEBUG = False
SECRET_KEY = env.text("PARTNER_CENTER_SECRET_KEY", "only-for-commands-that-need-none")
# Secrets of API keys are kept encrypted with it; without it keys can neither be made nor used.
FIELD_KEY = env.text("PARTNER_CENTER_FIELD_KEY", "")
SEAL_KEY = env.text("PARTNER_CENTER_SEAL_KEY", "")

# Each site has an address of its own; the host of a request decides which site its page belongs to.
SITE_ADDRESSES = {
    "cloud-cn": env.text("PARTNER_CENTER_ADDRESS", "http://127.0.0.1:8000"),
    "cloud-intl": env.text("PARTNER_CENTER_INTL_ADDRESS", "http://intl.localhost:8000"),
}
SITE_HOSTS = {urlsplit(address).hostname or "": site for site, address in SITE_ADDRESSES.items()}
ALLOWED_HOSTS = [*SITE_HOSTS, "localhost", "127.0.0.1", "testserver", *env.names("PARTNER_CENTER_ALLOWED_HOSTS")]
CSRF_TRUSTED_ORIGINS = [*SITE_ADDRESSES.values()]

VENDOR = {
    "zh": env.text("PARTNER_CENTER_VENDOR_ZH", "示例云"),
    "en": env.text("PARTNER_CENTER_VENDOR_EN", "Demo Cloud"),
    "accent": env.text("PARTNER_CENTER_ACCENT", ""),
    "icp": env.text("PARTNER_CENTER_ICP", ""),
    "support_phone": env.text("PARTNER_CENTER_SUPPORT_PHONE", ""),
}

INSTALLED_APPS = [
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "procrastinate.contrib.django",
    "partner_center.audit",
    "partner_center.access",
    "partner_center.policy",
    "partner_center.reviews",
    "partner_center.ledger",
    "partner_center.catalogue",
    "partner_center.exports",
    "partner_center.support",
    "partner_center.notices",
    "partner_center.partners",
    "partner_center.agreements",
    "partner_center.customers",
    "partner_center.vouchers",
    "partner_center.relationships",
    "partner_center.programmes",
    "partner_center.demo",
    "partner_center.entrypoints.web",
    "partner_center.entrypoints.jobs",
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

MIDDLEWARE = [
    "partner_center.entrypoints.web.middleware.request_id",
    "django.middleware.security.SecurityMiddleware",
    "partner_center.entrypoints.web.middleware.content_security_policy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "partner_center.entrypoints.web.middleware.language",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "partner_center.config.urls"
WSGI_APPLICATION = "partner_center.config.wsgi.application"
# Below /v2 a redirect is read as an empty success by the official client, so none is ever made.
APPEND_SLASH = False
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [ROOT / "entrypoints" / "web" / "templates"],
        "OPTIONS": {"environment": "partner_center.entrypoints.web.jinja.environment"},
    }
]

OWNER_DATABASE_URL = env.text("DATABASE_URL", "postgresql://partner_center_owner@127.0.0.1/partner_center")
_application_url = env.text("DATABASE_APP_URL", OWNER_DATABASE_URL)
# Migrations and grants run as the owner; everything else as the application's role, which the fence binds.
AS_OWNER = env.flag("PARTNER_CENTER_AS_OWNER")
DATABASES = {"default": env.database(OWNER_DATABASE_URL if AS_OWNER else _application_url)}

SESSION_COOKIE_NAME = "pc_session"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
_https = SITE_ADDRESSES["cloud-cn"].startswith("https:")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("PARTNER_CENTER_BEHIND_PROXY") else None
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_HANDLERS = [
    "partner_center.entrypoints.sheets.uploads.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [ROOT / "entrypoints" / "web" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATICFILES_DIRS: list[Path] = []
# Nothing is collected: WhiteNoise serves what the finders find.
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600

# Exports are kept out of every address's reach: a page fetches them for who may read them.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA / "files"}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "exports": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": DATA / "exports",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    # What is attached to tickets: by random id, handed out to be saved and never shown.
    "attachments": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": DATA / "attachments",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
}
EXPORTS_AT_WORK = DATA / "exports-at-work"

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
_mail = env.mail(env.text("PARTNER_CENTER_SMTP_URL", "smtp://127.0.0.1:25"))
EMAIL_HOST: str = _mail["EMAIL_HOST"]
EMAIL_PORT: int = _mail["EMAIL_PORT"]
EMAIL_HOST_USER: str = _mail["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD: str = _mail["EMAIL_HOST_PASSWORD"]
EMAIL_USE_SSL: bool = _mail["EMAIL_USE_SSL"]
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("PARTNER_CENTER_MAIL_FROM", "partner-center@demo.example")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "partner_center.config.logs.JsonLines"}},
    "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["lines"], "level": env.text("PARTNER_CENTER_LOG_LEVEL", "WARNING")},
    "loggers": {"partner_center": {"level": env.text("PARTNER_CENTER_LOG_LEVEL", "INFO")}},
}

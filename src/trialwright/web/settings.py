"""Django's settings. Nothing secret is written here; what differs between installations comes from the environment.

`TRIALWRIGHT_HOME` (data folder), `TRIALWRIGHT_HOSTS` (names that the site answers to, comma separated), `TRIALWRIGHT_HTTPS` ("1"
behind a TLS proxy), `TRIALWRIGHT_PROXIES` (number of proxies in front), `TRIALWRIGHT_TIME_ZONE`, `TRIALWRIGHT_ACCOUNTS_URL`
(`postgresql://user:password@host/name`; SQLite in the home folder when absent).
"""

import os
from importlib.resources import files
from pathlib import Path

from csp.constants import NONE, SELF

from trialwright.web.databases import accounts_database
from trialwright.web.place import home_folder, kept_secret, site_folder

WEB = Path(str(files("trialwright.web")))
TRIALWRIGHT_HOME = home_folder()
SITE = site_folder(TRIALWRIGHT_HOME)
SECRET_KEY = kept_secret(TRIALWRIGHT_HOME, "secret_key")
DEBUG = False
ALLOWED_HOSTS = os.environ.get("TRIALWRIGHT_HOSTS", "127.0.0.1,localhost,[::1]").split(",")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "trialwright.web.accounts",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "trialwright.web.middleware.Hardening",
    "django.middleware.gzip.GZipMiddleware",  # poor networks; it pads against guessing by length, and CSRF tokens are masked
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "trialwright.web.middleware.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "trialwright.web.middleware.IdleSession",
    "trialwright.web.middleware.NothingKept",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "trialwright.web.urls"
WSGI_APPLICATION = "trialwright.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [WEB, WEB / "sign_in"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "trialwright.web.jinja.environment",
            "autoescape": True,
            "context_processors": ["trialwright.web.layout.render.around"],
        },
    },
    # allauth's own messages (short sentences, no pages) are Django templates
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    },
]

DATABASES = {"default": accounts_database(os.environ.get("TRIALWRIGHT_ACCOUNTS_URL", ""), SITE)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "studies"
ACCOUNT_LOGOUT_REDIRECT_URL = "trials"
ACCOUNT_ADAPTER = "trialwright.web.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key", "reauthenticate": "10/m/user", "review": "20/m/ip"}
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TRIALWRIGHT_PROXIES", "0"))
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Trialwright"

HTTPS = os.environ.get("TRIALWRIGHT_HTTPS") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS and ALLAUTH_TRUSTED_PROXY_COUNT else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "trialwright_session"
SESSION_COOKIE_AGE = 30 * 60  # seconds without a request
SESSION_ABSOLUTE_AGE = 12 * 60 * 60  # seconds since sign-in, whatever happens
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # the QR image of the second factor is a data: address
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

USE_I18N = True
USE_TZ = True
TIME_ZONE = os.environ.get("TRIALWRIGHT_TIME_ZONE", "Asia/Tehran")
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fa", "فارسی")]
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_NAME = "trialwright_language"
LOCALE_PATHS = [SITE / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = SITE / "static"
STATICFILES_DIRS = [("web", WEB / "static"), ("review", WEB.parent / "checks" / "review" / "static")]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
CSRF_FAILURE_VIEW = "trialwright.web.layout.views.form_expired"

"""Django's settings, built from the table in `environment`. Nothing else reads the environment."""

from hatchmark.config import environment
from hatchmark.domain import accounts

_values = environment.read()

DATA = _values["HATCHMARK_DATA"]
SECRET_KEY = _values["SECRET_KEY"] or environment.kept_secret_key(DATA)
DEBUG = _values["DEBUG"]
ALLOWED_HOSTS = _values["ALLOWED_HOSTS"]
PUBLIC_ADDRESS = _values["PUBLIC_ADDRESS"]
HATCHMARK_TEMPLATES = _values["HATCHMARK_TEMPLATES"]
DATABASES = {"default": _values["DATABASE_URL"]}

INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    # Before allauth, whose templates ours replace.
    "hatchmark.db",
    "hatchmark.web",
    "hatchmark.api",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    # Outermost, so that no answer of the site, a static file and an error included, leaves without its headers.
    "hatchmark.web.security.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Before whatever would make the same answer anew, and pack it again.
    "hatchmark.web.kept_pages.KeptPages",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "hatchmark.web.moment.OneMoment",
    "hatchmark.web.language.LanguageOfThePage",
    "allauth.account.middleware.AccountMiddleware",
    "hatchmark.web.security.RoutePolicy",
    "hatchmark.web.accounts.KeepsAccountRules",
    "hatchmark.web.accounts.AnswersForIdentityService",
    # Innermost: it looks at the answer of the page that signs in.
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "hatchmark.config.urls"
WSGI_APPLICATION = "hatchmark.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",  # allauth reads it in its pages
                "hatchmark.web.pages.frame",
            ]
        },
    }
]

# ---- accounts. What they must be like is said by domain/accounts.py; here it is handed to the frameworks.

AUTH_USER_MODEL = "db.Account"
AUTHENTICATION_BACKENDS = [
    # First: whoever is locked out is refused before any password is looked at.
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "hatchmark.services.accounts.PasswordRule"}]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/work/"
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "hatchmark.web.accounts.Accounts"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_EMAIL_VERIFICATION = "none"  # an account comes from an invitation, whose sender knew the address
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_USER_DISPLAY = "hatchmark.web.accounts.name_of"
# Failures are counted by axes, which keeps them in the database: a restart forgets none.
ACCOUNT_RATE_LIMITS = {"login_failed": False}
MFA_ADAPTER = "allauth.mfa.adapter.DefaultMFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "孵衡 Hatchmark"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = _values["HATCHMARK_DEMO"]
SOCIALACCOUNT_ADAPTER = "hatchmark.web.accounts.OutsideAccounts"
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_AUTO_SIGNUP = False
OIDC = _values["OIDC"]
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [OIDC] if OIDC else []}}

AXES_FAILURE_LIMIT = accounts.FAILURES_BEFORE_LOCK
AXES_COOLOFF_TIME = accounts.LOCKED_FOR
# The account is locked whoever tries, and an address that tries many accounts is locked too.
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_FORM_FIELD = "login"
AXES_LOCKOUT_CALLABLE = "hatchmark.web.accounts.locked_out"
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "hatchmark.web.load.visitor_of"

# A cookie is sent over HTTPS alone; the demo is on this machine, and a developer's page too.
_SECURE = not (_values["HATCHMARK_DEMO"] or DEBUG)
SESSION_COOKIE_SECURE = _SECURE
SESSION_COOKIE_AGE = int(accounts.IDLE.total_seconds())
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = False
CSRF_COOKIE_SECURE = _SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "hatchmark.web.errors.refused_form"
CSRF_TRUSTED_ORIGINS = [_values["PUBLIC_ADDRESS"]] if _values["PUBLIC_ADDRESS"] else []
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# ---- mail, and what is done after an answer was given

EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if _values['SMTP'] else 'console'}.EmailBackend"
EMAIL_HOST = _values["SMTP"].get("host", "")
EMAIL_PORT = _values["SMTP"].get("port", 0)
EMAIL_HOST_USER = _values["SMTP"].get("user", "")
EMAIL_HOST_PASSWORD = _values["SMTP"].get("password", "")
EMAIL_USE_SSL = _values["SMTP"].get("ssl", False)
EMAIL_USE_TLS = _values["SMTP"].get("starttls", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = _values["MAIL_FROM"]
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
# The words of our pages stand in web/words.py, typed and tested; those of allauth's forms come translated with it.
USE_I18N = True
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]

STATIC_URL = "/static/"
# Files are served from where the package has them: no collecting step between installing and serving.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 3600
WHITENOISE_ALLOW_ALL_ORIGINS = False

SECURE_HSTS_SECONDS = _values["HSTS_SECONDS"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _values["HTTPS_PROXY_HEADER"] else None

FORWARDED_FOR_HEADER = _values["FORWARDED_FOR_HEADER"]

# What a visitor sends stays in memory: no file of it touches the disk. A larger request is read past and dropped, and
# the page says so. One megabyte of the 21 is for what surrounds a file of 20.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 21 * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line"},
        "nothing": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["stderr"], "level": _values["LOG_LEVEL"]},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        # Whoever scans the net sends wrong host names: answered 400, and no trace of each in the log.
        "django.security.DisallowedHost": {"handlers": ["nothing"], "propagate": False},
    },
}

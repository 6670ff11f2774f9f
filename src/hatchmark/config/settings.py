"""Django's settings, built from the table in `environment`. Nothing else reads the environment."""

from hatchmark.config import environment

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
    "hatchmark.db",
    "hatchmark.web",
]

MIDDLEWARE = [
    # Outermost, so that no answer of the site, a static file and an error included, leaves without its headers.
    "hatchmark.web.security.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.middleware.common.CommonMiddleware",
    "hatchmark.web.security.RoutePolicy",
]

ROOT_URLCONF = "hatchmark.config.urls"
WSGI_APPLICATION = "hatchmark.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {},
    }
]

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
# The words of the pages stand in web/words.py, typed and tested: no gettext on the machine is needed.
USE_I18N = False

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

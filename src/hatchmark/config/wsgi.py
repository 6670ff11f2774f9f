"""The WSGI application. It does not come up while a check of the site fails."""

import gc
import os

from django.core.checks import ERROR, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from hatchmark.config import environment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hatchmark.config.settings")
# Who serves keeps a secret key: the folder has to be there before the settings look for it.
environment.read()["HATCHMARK_DATA"].mkdir(parents=True, exist_ok=True)

application = get_wsgi_application()

from hatchmark.services import clock  # noqa: E402 - needs the loaded apps

clock.serve_one_database()

# `manage.py check` is a command that a server never runs; the same checks stop the start here.
if failed := [str(message) for message in run_checks() if message.level >= ERROR]:
    raise ImproperlyConfigured("; ".join(failed))

# Whatever is loaded by now stays until the end: the collector need not walk through it again and again, which took
# a seventh of the board (benchmarks/web.py). A page leaves few cycles behind, so it may also look less often.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 20)

"""The site with one route more, an empty view: what any page is measured against. Settings and WSGI in one."""

from hatchmark.config.settings import *  # noqa: F403

ROOT_URLCONF = "web_bench_urls"


def application(environ, start_response):
    """Serve it; the framework is loaded with the first request."""
    global _application  # noqa: PLW0603
    if _application is None:
        from django.core.wsgi import get_wsgi_application

        _application = get_wsgi_application()
    return _application(environ, start_response)


_application = None

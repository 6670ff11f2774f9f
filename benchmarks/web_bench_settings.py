"""The settings of the site with one route more, an empty view: what any page is measured against."""

from hatchmark.config.settings import *  # noqa: F403

ROOT_URLCONF = "web_bench_urls"

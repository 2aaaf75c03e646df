"""The app's settings with the floor's address added."""

from gmgapp.settings import *  # noqa: F403 - the same settings, one address more

ROOT_URLCONF = "bench.pages.urls"

"""The app with a clock that a test moves while it runs: web and worker read it before each request and each task.

The file CLOCK_FILE holds CLOCK_OFFSET_SECONDS.
"""

import os
from pathlib import Path

from celery.signals import task_prerun
from django.conf import settings

from gmgapp.celery import app as app  # noqa: PLC0414 - celery -A looks for it here
from gmgapp.wsgi import application as website

CLOCK_FILE = Path(os.environ["CLOCK_FILE"])


@task_prerun.connect
def read_clock(**_):
    settings.CLOCK_OFFSET_SECONDS = float(CLOCK_FILE.read_text(encoding="ascii"))


def application(environ, start_response):
    read_clock()
    return website(environ, start_response)

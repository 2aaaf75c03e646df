"""The Celery application: worker and beat are started from here."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gmgapp.settings")

app = Celery("gmgapp")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

"""The Celery application: worker and beat are started from here."""

import os

from celery import Celery
from celery.signals import beat_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gmgapp.settings")

app = Celery("gmgapp")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@beat_init.connect
def plan_at_once(**_: object) -> None:
    """Plan as soon as beat starts, not a whole interval later.

    What came due meanwhile goes out, and health knows that all are at work.
    """
    app.send_task("reminders.plan", kwargs={"sent_by": "beat"})

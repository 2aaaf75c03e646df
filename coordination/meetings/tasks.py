"""Periodic tasks of meetings.

Each may run twice.
"""

from celery import shared_task
from django.conf import settings

from coordination.core import clock
from coordination.meetings.actions import calendar_answers
from coordination.meetings.mailbox import open_mailbox


@shared_task(name="meetings.read_replies")
def read_replies(**_: object) -> None:
    """Process the answers of calendar programs.

    Only if the app has a mailbox.
    """
    if settings.IMAP_URL:
        with open_mailbox() as mailbox:
            calendar_answers.take_unread(mailbox, at=clock.now())

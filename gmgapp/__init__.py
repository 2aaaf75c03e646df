"""The project: settings, addresses, processes. Nothing of the domain."""

from gmgapp.celery import app as celery_app

__all__ = ["celery_app"]

"""The project: settings, addresses, processes. Nothing of the domain."""

# Web processes, too, send their tasks through the current app of Celery: it must be ours
import gmgapp.celery  # noqa: F401 - imported for what it does

"""The WSGI application."""

import os
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gmgapp.settings")
# gunicorn's own code: it stops, where it would start a worker that ended otherwise again and again
FAILED_TO_BOOT = 3

try:
    application = get_wsgi_application()
except SystemExit as refused:
    sys.stderr.write(f"{refused}\n")
    sys.exit(FAILED_TO_BOOT)

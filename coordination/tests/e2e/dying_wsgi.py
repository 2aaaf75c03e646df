"""The app, in a worker that dies after its transaction and before its answer, once, when a request asks for it."""

import os
import signal

from gmgapp.wsgi import application as app


def application(environ, start_response):
    answer = app(environ, start_response)
    if environ.get("HTTP_X_DIE"):
        os.kill(os.getpid(), signal.SIGKILL)
    return answer

"""When a session began, was last used, and is over."""

import re
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

BEGAN, LAST_USED = "session_began_at", "session_seen_at"  # seconds since 1970, in the session
NOTE_EVERY = 60  # seconds; a session is not written for each page
# in this order: Edge and Opera name Chrome too, and Chrome names Safari
BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS X": "Mac",
    "Linux": "Linux",
}


def begin(session: Any, at: datetime) -> None:
    """Note in a session that it began at `at`."""
    session[BEGAN] = session[LAST_USED] = int(at.timestamp())


def is_over(session: Any, at: datetime) -> bool:
    """Return whether a session has reached a limit.

    SESSION_DAYS, or SESSION_IDLE_HOURS without a request. The idle limit does not hold where the
    person chose to stay signed in.
    """
    now = at.timestamp()
    if now - session.get(BEGAN, now) >= timedelta(days=settings.SESSION_DAYS).total_seconds():
        return True
    idle = (
        now - session.get(LAST_USED, now)
        >= timedelta(hours=settings.SESSION_IDLE_HOURS).total_seconds()
    )
    # A session that ends with the browser is one without "stay signed in".
    return idle and bool(session.get_expire_at_browser_close())


def note_activity(session: Any, at: datetime) -> bool:
    """Note that a session is in use.

    Returns whether it wrote. At most once in NOTE_EVERY seconds, so that not every page writes.
    """
    now = int(at.timestamp())
    session.setdefault(BEGAN, now)
    # abs: a clock may have gone back.
    if abs(now - session.get(LAST_USED, 0)) < NOTE_EVERY:
        return False
    session[LAST_USED] = now
    return True


def device_of(user_agent: str) -> tuple[str, str]:
    """Return browser and system, such as ("Firefox", "Windows").

    "" for what the browser does not tell.
    """
    browser = next(
        (name for mark, name in BROWSERS.items() if re.search(rf"\b{mark}/", user_agent)), ""
    )
    system = next((name for mark, name in SYSTEMS.items() if mark in user_agent), "")
    return browser, system

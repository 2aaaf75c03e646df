"""Common parts of the pages for mails without sign-in.

A mail opens them.
"""

from allauth.core.internal import ratelimit

from coordination.core.http import HttpRequest
from coordination.members import attempts

# answers by link from one network address
LINK_RATE, LINK_SECONDS = "60/10m", 600


def count_answer(request: HttpRequest) -> None:
    """Count an answer by link.

    Raises TooManyAttempts above the rate of a network address.
    """
    address = ratelimit.get_ip(request)
    if not attempts.count(request, attempts.Attempt(), "answer_by_link", LINK_RATE, address):
        raise attempts.too_many_attempts(LINK_SECONDS)

"""Limits on guessing passwords and codes, which lock no owner out.

Attempts are counted per account and network address together, which stops a stranger after a few. A
looser limit per address stops one visitor who tries many accounts. A much looser limit per account,
over all addresses, slows strangers down and locks nobody. A device on which the owner has signed in
before carries a signed cookie and is counted by itself, whatever strangers do
(https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies).

The counters are allauth's, in the database. One attempt costs about ten short queries for each
rate, which takes less time than a password hash.
"""

import secrets
from dataclasses import dataclass
from typing import Any, cast

from allauth.core.internal import ratelimit
from allauth.core.internal.ratelimit import RateLimitUsage
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coordination.core.errors import TooManyAttempts

APP = "allauth.account"
SALT = "members.attempts.device"
HOUR_SECONDS = 3600
YEAR_SECONDS = 365 * 24 * HOUR_SECONDS
PATH = "/accounts/"


@dataclass(frozen=True, slots=True)
class Limits:
    """The rates of one act, as allauth writes them: amount/duration.

    Once `account` is used up, strangers get one attempt per `slow` seconds.
    """

    pair: str
    address: str
    account: str
    slow: int
    device: str


SIGN_IN, SECOND_FACTOR, RESET = "sign_in", "second_factor", "reset"


def limits_of(act: str) -> Limits:
    """Return the limits of an act.

    One address alone never reaches the limit of the account, and so cannot slow down others.
    """
    mails = settings.HOURLY_LIMITS["sign_in_mails"]
    return {
        SIGN_IN: Limits(pair="5/5m", address="20/m", account="100/h", slow=15, device="10/5m"),
        SECOND_FACTOR: Limits(
            pair="5/10m", address="20/m", account="40/h", slow=60, device="10/5m"
        ),
        # Each allowed attempt is a mail
        RESET: Limits(
            pair=f"{mails}/h",
            address=f"{10 * mails}/h",
            account=f"{4 * mails}/h",
            slow=300,
            device=f"{2 * mails}/h",
        ),
    }[act]


class Attempt:
    """One allowed attempt.

    `undo` removes it from the counters.
    """

    def __init__(self) -> None:
        self.usages: list[RateLimitUsage] = []

    def undo(self) -> None:
        for usage in self.usages:
            usage.rollback()


def count_attempt(request: HttpRequest, act: str, account: str) -> Attempt:
    """Count an attempt at the account (its e-mail address).

    Raises TooManyAttempts above a limit.
    """
    limits, account = limits_of(act), account.lower()
    attempt = Attempt()
    device = known_device(request, account)
    # A known device has its own counter, which strangers cannot use up.
    if device and count(request, attempt, f"{act}_device", limits.device, f"{account} {device}"):
        return attempt
    address = ratelimit.get_ip(request)
    for name, rate, key in (
        ("address", limits.address, address),
        ("pair", limits.pair, f"{account} {address}"),
    ):
        if not count(request, attempt, f"{act}_{name}", rate, key):
            raise too_many_attempts(ratelimit.parse_rate(rate).duration)
    if not count(request, attempt, f"{act}_account", limits.account, account):
        # Slowed down, not locked: the owner gets in within some minutes at most.
        slow = f"1/{limits.slow}s"
        if not count(request, attempt, f"{act}_slow", slow, account):
            raise too_many_attempts(limits.slow)
    return attempt


def count_hourly(request: HttpRequest, name: str, key: str) -> Attempt:
    """Count one act of `key` under HOURLY_LIMITS[name].

    Raises TooManyAttempts above it.
    """
    attempt = Attempt()
    if not count(request, attempt, name, f"{settings.HOURLY_LIMITS[name]}/h", key):
        raise too_many_attempts(HOUR_SECONDS)
    return attempt


def count(request: HttpRequest, attempt: Attempt, action: str, rate: str, key: str) -> bool:
    """Count under one rate and return whether it allows the attempt."""
    # `limit_get`: allauth counts no GET request otherwise
    usage = ratelimit.consume(
        request, app=APP, action=action, config={action: f"{rate}/key"}, key=key, limit_get=True
    )
    if usage:
        attempt.usages.append(usage)
    return usage is not None


def clear_counters(request: HttpRequest, act: str, account: str) -> None:
    """Clear the counters of strangers at an account.

    Its owner has set a new password, so their guesses were of no use.
    """
    limits = limits_of(act)
    for name, rate in (("account", limits.account), ("slow", f"1/{limits.slow}s")):
        action = f"{act}_{name}"
        ratelimit.clear(
            request, app=APP, action=action, config={action: f"{rate}/key"}, key=account.lower()
        )


def too_many_attempts(seconds: float) -> TooManyAttempts:
    minutes = round(seconds / 60)
    wait = (
        ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
        if minutes
        else _("some seconds")
    )
    return TooManyAttempts(
        _("Too many attempts. Wait %(wait)s, then try again.") % {"wait": wait},
        seconds=int(seconds),
    )


def fingerprint(account: str) -> str:
    """Return the value that stands for an account in its cookie.

    It does not tell whose account it is.
    """
    return salted_hmac(SALT, account.lower(), algorithm="sha256").hexdigest()


def cookie_name(account: str) -> str:
    return f"device_{fingerprint(account)[:16]}"


def known_device(request: HttpRequest, account: str) -> str:
    """Return the random name of a device of the owner, or ""."""
    try:
        payload = signing.loads(
            request.COOKIES.get(cookie_name(account), ""), salt=SALT, max_age=YEAR_SECONDS
        )
    except signing.BadSignature:
        return ""
    content = cast("dict[str, Any]", payload)
    return str(content["device"]) if content["account"] == fingerprint(account) else ""


def remember_device(request: HttpRequest, response: HttpResponse, account: str) -> None:
    """Give a device its cookie after a complete sign-in, for a year."""
    device = known_device(request, account) or secrets.token_urlsafe(16)
    # signed, not encrypted: whoever has the cookie can read it
    value = signing.dumps({"account": fingerprint(account), "device": device}, salt=SALT)
    response.set_cookie(
        cookie_name(account),
        value,
        max_age=YEAR_SECONDS,
        # no page but those of sign-in needs the cookie
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )

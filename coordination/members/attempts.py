"""Limits on guessing: they stop strangers, and lock no owner out of an account.

Attempts are counted per account and network address together: a stranger is stopped after a few. A
looser limit per address stops one visitor who tries many accounts. A much looser one per account,
over all addresses, slows strangers down and locks nobody. A device on which the owner has signed in
before carries a signed cookie and is counted by itself, whatever strangers do
(https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies).

The counters are allauth's, in the database. One attempt costs about ten short queries for each
rate, less than a password hash.
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

    Over `account`, strangers get one attempt per `slow` seconds.
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
    """One attempt that is allowed; `undo` takes it out of the counters, for one that succeeds."""

    def __init__(self) -> None:
        """Begin with nothing counted."""
        self.usages: list[RateLimitUsage] = []

    def undo(self) -> None:
        """Count it no more."""
        for usage in self.usages:
            usage.rollback()


def attempt(request: HttpRequest, act: str, account: str) -> Attempt:
    """Count an attempt at the account (its address of e-mail).

    Raise TooManyAttempts if there were too many.
    """
    limits, account = limits_of(act), account.lower()
    made = Attempt()
    device = known_device(request, account)
    if device and consume(request, made, f"{act}_device", limits.device, f"{account} {device}"):
        return made
    address = ratelimit.get_ip(request)
    for name, rate, key in (
        ("address", limits.address, address),
        ("pair", limits.pair, f"{account} {address}"),
    ):
        if not consume(request, made, f"{act}_{name}", rate, key):
            raise too_many(ratelimit.parse_rate(rate).duration)
    if not consume(request, made, f"{act}_account", limits.account, account):
        slow = f"1/{limits.slow}s"
        if not consume(request, made, f"{act}_slow", slow, account):
            raise too_many(limits.slow)
    return made


def count_hourly(request: HttpRequest, name: str, key: str) -> Attempt:
    """Count one act of `key` under HOURLY_LIMITS[name]; raise TooManyAttempts above it."""
    made = Attempt()
    if not consume(request, made, name, f"{settings.HOURLY_LIMITS[name]}/h", key):
        raise too_many(HOUR_SECONDS)
    return made


def consume(request: HttpRequest, made: Attempt, action: str, rate: str, key: str) -> bool:
    """Count under one rate; return whether it allows the attempt."""
    usage = ratelimit.consume(
        request, app=APP, action=action, config={action: f"{rate}/key"}, key=key, limit_get=True
    )
    if usage:
        made.usages.append(usage)
    return usage is not None


def forget(request: HttpRequest, act: str, account: str) -> None:
    """Forget what strangers tried at the account: its owner has set a new password."""
    limits = limits_of(act)
    for name, rate in (("account", limits.account), ("slow", f"1/{limits.slow}s")):
        action = f"{act}_{name}"
        ratelimit.clear(
            request, app=APP, action=action, config={action: f"{rate}/key"}, key=account.lower()
        )


def too_many(seconds: float) -> TooManyAttempts:
    """Return the error with the time to wait."""
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
    """Return what stands for an account in its cookie; it does not show whose it is."""
    return salted_hmac(SALT, account.lower(), algorithm="sha256").hexdigest()


def cookie_name(account: str) -> str:
    """Return the name of the cookie of an account."""
    return f"device_{fingerprint(account)[:16]}"


def known_device(request: HttpRequest, account: str) -> str:
    """Return the random name of a device that the account's owner used before, or ""."""
    try:
        said = signing.loads(
            request.COOKIES.get(cookie_name(account), ""), salt=SALT, max_age=YEAR_SECONDS
        )
    except signing.BadSignature:
        return ""
    known = cast("dict[str, Any]", said)
    return str(known["device"]) if known["account"] == fingerprint(account) else ""


def remember_device(request: HttpRequest, response: HttpResponse, account: str) -> None:
    """Give a device its cookie after a complete sign-in, for a year."""
    device = known_device(request, account) or secrets.token_urlsafe(16)
    # signed, not encrypted: whoever has the cookie can read it
    value = signing.dumps({"account": fingerprint(account), "device": device}, salt=SALT)
    response.set_cookie(
        cookie_name(account),
        value,
        max_age=YEAR_SECONDS,
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )

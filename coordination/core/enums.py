"""Closed lists that every domain shares."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Precision(TextChoices):
    """How exactly a historical date is known.

    A date known by its year is shown as the year.
    """

    DAY = "day", _("day")
    MONTH = "month", _("month")
    YEAR = "year", _("year")


class ProxyMismatch(TextChoices):
    """A sign-in whose proxies do not fit TRUSTED_PROXY_COUNT.

    It is stored as a heartbeat.
    """

    FORWARDED = "sign-in with a proxy", _("sign-in with a proxy")
    DIRECT = "sign-in without a proxy", _("sign-in without a proxy")

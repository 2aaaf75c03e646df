"""Closed lists that every domain shares."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Precision(TextChoices):
    """How exactly a historical date is known.

    A date known by its year is shown as the year.
    """

    DAY = "day", pgettext_lazy("precision of a date", "day")
    MONTH = "month", _("month")
    YEAR = "year", _("year")


class NewcomerEntry(TextChoices):
    """Where a newcomer enters the order of the chair.

    A newcomer is an agency that joined after others.
    """

    END = "end", _("after all who were members before it")
    ALPHABETICAL = "alphabetical", _("by the alphabet, with the name of the day on which it joined")
    BALANCE = "balance", _("by its balance, as all others")


class ChangeReason(TextChoices):
    """Why a record was changed.

    Each domain extends it. History stores the code and the values of a reason. Its label is the
    sentence that the code is worded with when it is read, with "%(name)s" for each value. Codes are
    unique in the product, since a domain may use those of another below it (see
    `history.register_reasons`).
    """


class CoreChange(ChangeReason):
    """Why history records a change that belongs to no domain."""

    REFERENCE_DATA = "reference_data", _("Reference data")
    LOADED_FROM_SOURCES = "loaded_from_sources", _("Loaded from published sources")
    GROUP_SET_UP = "group_set_up", _("Set up by a command")
    IMPORTED = "imported", _("Imported from %(file)s")


class ProxyMismatch(TextChoices):
    """A sign-in whose proxies do not fit TRUSTED_PROXY_COUNT.

    It is stored as a heartbeat.
    """

    FORWARDED = "sign-in with a proxy", _("sign-in with a proxy")
    DIRECT = "sign-in without a proxy", _("sign-in without a proxy")

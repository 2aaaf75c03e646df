"""Closed lists of the members domain."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Standing(TextChoices):
    """How an agency belongs: members take positions, observers attend and read."""

    MEMBER = "member", _("member")
    OBSERVER = "observer", _("observer")


class Role(TextChoices):
    """What a person is for an agency."""

    FOCAL_POINT = "focal_point", _("focal point")
    PRINCIPAL = "principal", _("principal")
    OFFICE = "office", _("principal’s office")

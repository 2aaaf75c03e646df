"""The secret part of the addresses of a person's calendar feeds."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coordination.core.models import record_history, validate_moment, within_bounds
from coordination.members.models.records import Person


class FeedToken(models.Model):
    """The secret by which calendars read a person's feeds.

    Only its hash is stored. A person has one at a time. A former one stays, revoked.
    """

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="feed_tokens", verbose_name=_("person")
    )
    token_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(_("made at"), validators=[validate_moment])
    revoked_at = models.DateTimeField(
        _("revoked at"), null=True, blank=True, validators=[validate_moment]
    )

    history: Any = record_history(excluded_fields=["token_sha256"])

    class Meta:
        verbose_name = _("secret of calendar feeds")
        verbose_name_plural = _("secrets of calendar feeds")
        ordering = ["-made_at", "-pk"]
        constraints = [
            within_bounds("members_feedtoken_days_in_bounds", moments=("made_at", "revoked_at")),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(revoked_at__isnull=True),
                name="members_feedtoken_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.made_at:%Y-%m-%d}"

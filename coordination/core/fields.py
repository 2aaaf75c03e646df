"""Form fields for hours of the wall clock.

An hour that clocks skip is refused. For an hour that comes twice the person chooses one.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import ValidationError
from django.utils import timezone as current
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from coordination.core import formatting, zones
from coordination.core.models import validate_day

# marks a parsed value that had no zone of its own
WALL = timezone(timedelta(), "wall clock")
WHICH = ("first", "second")
SUFFIX = "_which"  # the person chooses for the field "deadline" in "deadline_which"


class RepeatedHourMixin:
    """A widget that offers both readings of a repeated hour."""

    offered: Sequence[datetime] = ()
    which = ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Return the value, and remember which reading was chosen."""
        self.which = data.get(f"{name}{SUFFIX}", "")
        return super().value_from_datadict(data, files, name)  # type: ignore[misc]  # of the widget that this is mixed into

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Return the field, with both readings below it if there are two."""
        if isinstance(value, datetime):
            self.offer(
                current.localtime(value).replace(tzinfo=None) if current.is_aware(value) else value,
                current.get_current_timezone(),
            )
        field: SafeString = super().render(name, value, attrs, renderer)  # type: ignore[misc]  # the same
        return SafeString(
            field
            + renderer.render(
                "core/_readings.html", {"name": f"{name}{SUFFIX}", "readings": self.labels()}
            )
        )

    def offer(self, local: datetime, zone: tzinfo) -> None:
        """Offer both readings of a saved hour, the saved one chosen."""
        try:
            zones.moment_at(local, zone)
        except zones.HourRepeated as repeated:
            self.offered, self.which = repeated.readings, self.which or WHICH[local.fold]
        except zones.HourSkipped:  # never saved; a typed one has its error already
            return

    def labels(self) -> list[tuple[str, str, bool]]:
        """Return (value, label, is chosen) for each reading."""
        ordinals = (_("first"), _("second"))
        return [
            (
                key,
                f"{ordinal} {reading:%H:%M} ({zones.name_and_offset(reading)})",
                key == self.which,
            )
            for key, ordinal, reading in zip(WHICH, ordinals, self.offered, strict=False)
        ]


class MomentInput(RepeatedHourMixin, forms.DateTimeInput):
    """Day and hour in one field."""


class HourInput(RepeatedHourMixin, forms.TimeInput):
    """An hour whose day is in another field."""


class SplitMomentInput(RepeatedHourMixin, AdminSplitDateTime):
    """Day and hour in the two fields of the admin."""


def moment_meant(local: datetime, zone: tzinfo, widget: Any) -> datetime:
    """Return the moment that a person means by an hour.

    The widget then offers both readings of a repeated hour. Raises ValidationError for an hour that
    does not exist, and for a repeated one until the person has chosen.
    """
    try:
        return zones.moment_at(local, zone)
    except zones.HourSkipped as skipped:
        sentence = _(
            "%(hour)s does not exist on %(day)s: clocks go from %(before)s to %(after)s. "
            "Choose an hour before %(before)s, or from %(after)s on."
        )
        values = {
            "hour": f"{local:%H:%M}",
            "before": f"{skipped.before:%H:%M}",
            "after": f"{skipped.after:%H:%M}",
        }
        raise ValidationError(
            sentence % {**values, "day": formatting.plain_day(local.date())}, code="skipped"
        ) from None
    except zones.HourRepeated as repeated:
        widget.offered = repeated.readings
        if widget.which in WHICH:
            return repeated.readings[WHICH.index(widget.which)]
        sentence = _(
            "%(hour)s comes twice on %(day)s, since clocks go back. Choose which one you mean."
        )
        raise ValidationError(
            sentence % {"hour": f"{local:%H:%M}", "day": formatting.plain_day(local.date())},
            code="repeated",
        ) from None


class MomentField(forms.DateTimeField):
    """A moment, typed as day and hour in the reader's zone."""

    widget: Any = MomentInput

    def to_python(self, value: Any) -> Any:
        """Return an aware moment.

        Django's own parser would assume the reader's zone and fail on a skipped hour.
        """
        # With the reader's zone active, Django itself would refuse a skipped or repeated hour,
        # without a choice.
        with current.override(WALL):
            parsed = super().to_python(value)
        return in_zone(parsed, self.widget)


class SplitMomentField(forms.SplitDateTimeField):
    """A moment in the admin's two fields."""

    widget = SplitMomentInput

    def compress(self, data_list: Any) -> Any:
        """Return an aware moment."""
        with current.override(WALL):
            parsed = super().compress(data_list)
        return in_zone(parsed, self.widget)


class HourField(forms.TimeField):
    """An hour.

    Its form knows day and zone and calls `moment_meant`.
    """

    widget = HourInput


def in_zone(parsed: datetime | None, widget: Any) -> datetime | None:
    """Return what Django parsed as a moment in the reader's zone.

    A value that was typed with an offset is an aware moment already.
    """
    if parsed is None:
        return None
    # Days beyond the bounds cannot be moved to another zone.
    validate_day(parsed.date())
    if parsed.tzinfo is not WALL:
        return parsed
    return moment_meant(parsed.replace(tzinfo=None), current.get_current_timezone(), widget)

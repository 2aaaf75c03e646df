"""Form fields for hours of the wall clock.

One that does not exist is refused, one that comes twice is asked about.
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

# marks what Django has parsed and given no zone of its own
WALL = timezone(timedelta(), "wall clock")
WHICH = ("first", "second")
SUFFIX = "_which"  # beside the field "deadline" the reader chooses in "deadline_which"


class AsksWhich:
    """A widget for an hour that also offers the two readings of one that comes twice."""

    offered: Sequence[datetime] = ()
    which = ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Return the value; note which reading was chosen."""
        self.which = data.get(f"{name}{SUFFIX}", "")
        return super().value_from_datadict(data, files, name)  # type: ignore[misc]  # of the widget that this is mixed into

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Return the field, and below it both readings where there are two."""
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
        """Offer both readings of a saved hour that comes twice, the saved one chosen."""
        try:
            zones.moment_at(local, zone)
        except zones.HourRepeated as repeated:
            self.offered, self.which = repeated.readings, self.which or WHICH[local.fold]
        except zones.HourSkipped:  # what is saved never is; what was typed has its error
            return

    def labels(self) -> list[tuple[str, str, bool]]:
        """Return the value, the label and whether it is chosen, of each reading."""
        ordinals = (_("first"), _("second"))
        return [
            (
                key,
                f"{ordinal} {reading:%H:%M} ({zones.name_and_offset(reading)})",
                key == self.which,
            )
            for key, ordinal, reading in zip(WHICH, ordinals, self.offered, strict=False)
        ]


class MomentInput(AsksWhich, forms.DateTimeInput):
    """Day and hour in one field."""


class HourInput(AsksWhich, forms.TimeInput):
    """An hour whose day stands in another field."""


class SplitMomentInput(AsksWhich, AdminSplitDateTime):
    """Day and hour in the two fields of the admin."""


def moment_meant(local: datetime, zone: tzinfo, widget: Any) -> datetime:
    """Return the moment that a person means by an hour.

    Let the widget offer both readings of one that comes twice.

    Raises ValidationError for an hour that does not exist, and for one that comes twice until the
    person has chosen.
    """
    try:
        return zones.moment_at(local, zone)
    except zones.HourSkipped as skipped:
        words = _(
            "%(hour)s does not exist on %(day)s: clocks go from %(before)s to %(after)s. "
            "Choose an hour before %(before)s, or from %(after)s on."
        )
        values = {
            "hour": f"{local:%H:%M}",
            "before": f"{skipped.before:%H:%M}",
            "after": f"{skipped.after:%H:%M}",
        }
        raise ValidationError(
            words % {**values, "day": formatting.plain_day(local.date())}, code="skipped"
        ) from None
    except zones.HourRepeated as repeated:
        widget.offered = repeated.readings
        if widget.which in WHICH:
            return repeated.readings[WHICH.index(widget.which)]
        words = _(
            "%(hour)s comes twice on %(day)s, since clocks go back. Choose which one you mean."
        )
        raise ValidationError(
            words % {"hour": f"{local:%H:%M}", "day": formatting.plain_day(local.date())},
            code="repeated",
        ) from None


class MomentField(forms.DateTimeField):
    """A moment that is typed as day and hour in the reader's zone."""

    widget: Any = MomentInput

    def to_python(self, value: Any) -> Any:
        """Return an aware moment; Django's own parser, but for the zone."""
        with current.override(WALL):
            parsed = super().to_python(value)
        return in_zone(parsed, self.widget)


class SplitMomentField(forms.SplitDateTimeField):
    """The same in the two fields of the admin."""

    widget = SplitMomentInput

    def compress(self, data_list: Any) -> Any:
        """Return an aware moment."""
        with current.override(WALL):
            parsed = super().compress(data_list)
        return in_zone(parsed, self.widget)


class HourField(forms.TimeField):
    """An hour; its form knows the day and the zone, and calls `moment_meant`."""

    widget = HourInput


def in_zone(parsed: datetime | None, widget: Any) -> datetime | None:
    """Return what Django parsed as a moment in the reader's zone.

    One that was typed with an offset is one already.
    """
    if parsed is None or parsed.tzinfo is not WALL:
        return parsed
    return moment_meant(parsed.replace(tzinfo=None), current.get_current_timezone(), widget)

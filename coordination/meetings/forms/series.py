"""Forms of series of meetings."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coordination.core.fields import HourField, HourInput
from coordination.meetings.actions.series import MOST_MEETINGS, Repetition, SeriesHour
from coordination.meetings.enums import Repeats
from coordination.meetings.forms import MeetingForm
from coordination.meetings.models import MeetingSeries


class ConveningForm(MeetingForm):
    """A new meeting, or a series that begins with it."""

    repeats = forms.ChoiceField(
        label=_("Repeats"),
        required=False,
        choices=[("", _("once")), *Repeats.choices],
        help_text=_(
            "From the day above on, at the same hour on the clocks of the place; each date can be "
            "moved or cancelled alone."
        ),
    )
    repeats_until = forms.DateField(
        label=_("Repeats until"),
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
    )
    times = forms.IntegerField(
        label=_("Or number of meetings"), required=False, min_value=2, max_value=MOST_MEETINGS
    )

    field_order = (
        "title",
        "kind",
        "day",
        "begins",
        "ends",
        "last_day",
        "time_zone",
        "repeats",
        "repeats_until",
        "times",
    )

    def offer_no_series(self) -> None:
        """Leave out what makes a series: a poll asks about one meeting."""
        for name in ("repeats", "repeats_until", "times"):
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Require one end of a series, and none of a single meeting."""
        data = super().clean()
        ends = [name for name in ("repeats_until", "times") if data.get(name)]
        if data.get("repeats") and not ends and not {"repeats_until", "times"} & set(self.errors):
            self.add_error("repeats_until", _("Give the last day, or a number of meetings."))
        if data.get("repeats") and len(ends) > 1:
            self.add_error("times", _("Give the last day or a number of meetings, not both."))
        if ends and not data.get("repeats") and "repeats" not in self.errors:
            self.add_error("repeats", _("Say how the meeting repeats."))
        return data

    @property
    def repetition(self) -> Repetition | None:
        """Return how the meeting repeats, None for once."""
        data = self.cleaned_data
        if not data.get("repeats"):
            return None
        return Repetition(data["repeats"], data["repeats_until"], data["times"])


class SeriesHourForm(forms.Form):
    """The hour, place and link of the coming meetings of a series."""

    begins = HourField(label=_("Begins"), widget=HourInput({"type": "time"}, "%H:%M"))
    minutes = forms.IntegerField(
        label=_("Minutes"), required=False, min_value=5, max_value=14 * 24 * 60
    )
    place = forms.CharField(label=_("Place"), required=False, max_length=200)
    video_url = forms.URLField(label=_("Videoconference"), required=False, assume_scheme="https")
    version = forms.IntegerField(widget=forms.HiddenInput)

    @property
    def hour(self) -> SeriesHour:
        """Return the form's values as the input of an action."""
        data = self.cleaned_data
        return SeriesHour(data["begins"], data["minutes"], data["place"], data["video_url"])


class SeriesUntilForm(forms.Form):
    """Until when a series goes on."""

    repeats_until = forms.DateField(
        label=_("Repeats until"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


def form_values(series: MeetingSeries) -> dict[str, object]:
    """Return a series as the values of its forms."""
    return {
        "begins": series.begins,
        "minutes": series.minutes,
        "place": series.place,
        "video_url": series.video_url,
        "repeats_until": series.last_day,
        "version": series.version,
    }

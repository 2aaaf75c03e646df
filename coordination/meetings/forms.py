"""Forms of meetings."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from coordination.core.fields import HourField, HourInput, moment_meant
from coordination.core.forms import FieldNamesMixin
from coordination.core.models import validate_time_zone
from coordination.core.zones import zone_of
from coordination.meetings.actions.meetings import MeetingDetails
from coordination.meetings.enums import ActionState, MeetingKind
from coordination.members.models import Agency, Appointment

HOURS = ("begins", "ends")


class MeetingForm(FieldNamesMixin, forms.Form):
    """A meeting; its hours are typed in the zone of the place."""

    field_of: ClassVar = {"ends_at": "ends"}

    title = forms.CharField(label=_("Title"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=MeetingKind.choices)
    day = forms.DateField(label=_("Day"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    begins = HourField(label=_("Begins"), widget=HourInput({"type": "time"}, "%H:%M"))
    ends = HourField(label=_("Ends"), required=False, widget=HourInput({"type": "time"}, "%H:%M"))
    time_zone = forms.CharField(
        label=_("Time zone of these hours"), max_length=60, validators=[validate_time_zone]
    )
    place = forms.CharField(label=_("Place"), required=False, max_length=200)
    video_url = forms.URLField(label=_("Videoconference"), required=False, assume_scheme="https")
    agenda = forms.CharField(
        label=_("Agenda"),
        required=False,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("One item a line."),
        max_length=10000,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *arguments: Any, **names: Any) -> None:
        """Offer both readings of saved hours that come twice."""
        super().__init__(*arguments, **names)
        self.moments: dict[str, datetime] = {}  # begins and ends in UTC, once the form is clean
        saved = {"day": None, "time_zone": "", **self.initial}
        for name in HOURS:
            if saved["day"] and saved.get(name):
                widget: Any = self.fields[name].widget
                widget.offer(
                    datetime.combine(saved["day"], saved[name]), zone_of(saved["time_zone"])
                )

    def clean(self) -> dict[str, Any]:
        """Refuse impossible days, and hours that clocks skip or repeat."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("day") and not 1990 <= data["day"].year <= 2150:  # noqa: PLR2004 - years that people meet in
            self.add_error("day", _("This is not a day on which people meet."))
        for name in HOURS:
            if data.get("day") and data.get("time_zone") and data.get(name):
                self.set_moment(
                    name, datetime.combine(data["day"], data[name]), zone_of(data["time_zone"])
                )
        return data

    def set_moment(self, name: str, local: datetime, zone: ZoneInfo) -> None:
        """Store an hour's moment, or show its error."""
        try:
            self.moments[name] = moment_meant(local, zone, self.fields[name].widget).astimezone(UTC)
        except ValidationError as error:
            self.add_error(name, error)

    @property
    def invitation(self) -> MeetingDetails:
        """Return the form's values as the input of an action."""
        data = self.cleaned_data
        return MeetingDetails(
            data["title"],
            data["kind"],
            self.moments["begins"],
            self.moments.get("ends"),
            data["time_zone"],
            data["place"],
            data["video_url"],
            data["agenda"],
        )


class ActionForm(forms.Form):
    """The new state of an action item."""

    state = forms.ChoiceField(label=_("State"), choices=ActionState.choices)
    note = forms.CharField(
        label=_("Note"), required=False, widget=forms.Textarea({"rows": 2}), max_length=2000
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class NewActionItemForm(forms.Form):
    """What an agency takes on.

    The focal points are passed in, so that agencies and people are read once.
    """

    title = forms.CharField(label=_("What"), max_length=300)
    agency = forms.ChoiceField(label=_("Agency"))
    person = forms.ChoiceField(
        label=_("Person"),
        required=False,
        help_text=_("Without a name, the agency’s focal points share it."),
    )
    due_day = forms.DateField(label=_("Due"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))

    def __init__(
        self,
        *arguments: Any,
        agencies: Iterable[Agency],
        people: Iterable[Appointment],
        **names: Any,
    ) -> None:
        super().__init__(*arguments, **names)
        self.agencies = {str(agency.pk): agency for agency in agencies}
        self.people = {str(row.person_id): row for row in people}
        fields: Any = self.fields
        fields["agency"].choices = [
            ("", ""),
            *((key, agency.acronym) for key, agency in self.agencies.items()),
        ]
        fields["person"].choices = [
            ("", ""),
            *((key, f"{row.person} ({row.agency})") for key, row in self.people.items()),
        ]

    def clean(self) -> dict[str, Any]:
        """Replace keys by the agency and the person.

        The person must be one of the agency's focal points.
        """
        data: dict[str, Any] = super().clean() or self.cleaned_data
        data["agency"] = self.agencies.get(data.get("agency", ""))
        row = self.people.get(data.get("person", ""))
        data["person"] = row and row.person
        if row and data["agency"] and row.agency_id != data["agency"].pk:
            self.add_error("person", _("This person is not a focal point of that agency."))
        if data.get("due_day") and not 1990 <= data["due_day"].year <= 2150:  # noqa: PLR2004 - years that people work in
            self.add_error("due_day", _("This is not a day on which something is due."))
        return data


class OutcomeForm(forms.Form):
    """The outcome of a meeting."""

    outcome = forms.CharField(
        label=_("Outcome"), widget=forms.Textarea({"rows": 6}), max_length=20000
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

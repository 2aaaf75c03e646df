"""Forms of meetings."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from coordination.core.fields import HourField, HourInput, moment_meant
from coordination.core.forms import FieldNamesMixin
from coordination.core.models import validate_time_zone
from coordination.core.zones import zone_of
from coordination.meetings.actions.answers import GivenAnswer
from coordination.meetings.actions.meetings import MeetingDetails
from coordination.meetings.enums import ActionState, MeetingKind, Reply
from coordination.members.models import Agency, Appointment

HOURS = ("begins", "ends")
# an end with an earlier hour is on the next day, unless the meeting would be this long
OVER_MIDNIGHT = timedelta(hours=12)


def day_of_end(day: date, begins: time, ends: time) -> date:
    """Return the last day of a meeting from its hours. Pure.

    Used if only the hour of the end is given. From 23:00 to 00:30 is a meeting that ends after
    midnight. From 15:00 to 14:00 is an error.
    """
    next_day = datetime.combine(day + timedelta(days=1), ends)
    is_over_midnight = ends < begins and next_day - datetime.combine(day, begins) < OVER_MIDNIGHT
    return next_day.date() if is_over_midnight else day


def local_hours(values: Mapping[str, Any]) -> dict[str, datetime]:
    """Return begin and end on the clocks of the place. Pure.

    As far as `values` give them.
    """
    day, begins, ends = (values.get(name) for name in ("day", *HOURS))
    if not (day and begins):
        return {}
    hours = {"begins": datetime.combine(day, begins)}
    if ends:
        last_day = values.get("last_day") or day_of_end(day, begins, ends)
        hours["ends"] = datetime.combine(last_day, ends)
    return hours


class MeetingForm(FieldNamesMixin, forms.Form):
    """A meeting; its hours are typed in the zone of the place."""

    field_of: ClassVar = {"ends_at": "ends"}

    title = forms.CharField(label=_("Title"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=MeetingKind.choices)
    day = forms.DateField(label=_("Day"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    begins = HourField(label=_("Begins"), widget=HourInput({"type": "time"}, "%H:%M"))
    ends = HourField(
        label=_("Ends"),
        required=False,
        widget=HourInput({"type": "time"}, "%H:%M"),
        help_text=_("It may be after midnight."),
    )
    last_day = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        help_text=_("Only for a meeting of several days."),
    )
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
    # shown once it is asked for, see `ask_reason`
    hour_reason = forms.CharField(
        label=_("Why this hour"),
        required=False,
        widget=forms.HiddenInput,
        max_length=1000,
        help_text=_("All agencies read it on the page of the meeting."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *arguments: Any, **names: Any) -> None:
        """Offer both readings of saved hours that come twice."""
        super().__init__(*arguments, **names)
        if self["hour_reason"].value():
            self.ask_reason()
        self.moments: dict[str, datetime] = {}  # begins and ends in UTC, once the form is clean
        saved = {"time_zone": "", **self.initial}
        for name, local in local_hours(saved).items():
            widget: Any = self.fields[name].widget
            widget.offer(local, zone_of(saved["time_zone"]))

    def clean(self) -> dict[str, Any]:
        """Refuse impossible days, and hours that clocks skip or repeat."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ("day", "last_day"):
            if data.get(name) and not 1990 <= data[name].year <= 2150:  # noqa: PLR2004 - years that people meet in
                self.add_error(name, _("This is not a day on which people meet."))
        if data.get("last_day") and data.get("day") and data["last_day"] < data["day"]:
            self.add_error("last_day", _("The last day is before the first."))
        if data.get("last_day") and not data.get("ends") and "ends" not in self.errors:
            self.add_error("ends", _("Say at what hour of the last day it ends."))
        for name, local in local_hours(data).items():
            if data.get("time_zone"):
                self.set_moment(name, local, zone_of(data["time_zone"]))
        return data

    def ask_reason(self) -> None:
        """Show the field of the reason."""
        field: Any = self.fields["hour_reason"]
        field.widget = forms.Textarea({"rows": 3})
        field.needed_for_some = True  # its label does not say "(optional)"

    def add_error(self, field: str | None, error: Any) -> None:
        """Show the field of the reason where it is wrong or missing."""
        if field == "hour_reason":
            self.ask_reason()
        super().add_error(field, error)

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
            data["hour_reason"],
        )


class InvitationAnswerForm(forms.Form):
    """The answer of an invited person.

    `hours` are those that the page showed.
    """

    reply = forms.ChoiceField(
        label=_("Your answer"), choices=Reply.choices, widget=forms.RadioSelect
    )
    colleague = forms.CharField(
        label=_("Name and title of the colleague"),
        required=False,
        max_length=200,
        help_text=_("Only if a colleague goes instead."),
    )
    note = forms.CharField(
        label=_("Note to the chair"),
        required=False,
        max_length=500,
        help_text=_("For example why you cannot attend. All who read the meeting can read it."),
    )
    hours = forms.CharField(widget=forms.HiddenInput, max_length=80)

    @property
    def given(self) -> GivenAnswer:
        """Return the form's values as the input of an action."""
        return GivenAnswer(**self.cleaned_data)


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

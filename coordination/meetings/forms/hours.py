"""Forms of finding an hour: the question, and when an agency works."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coordination.meetings.actions.working_hours import HoursInput
from coordination.meetings.queries import holidays

SHORTEST, USUAL, LONGEST = 15, 60, 600  # minutes
MOST_DAYS = 31
FARTHEST = timedelta(days=730)
Choice = tuple[str, Any]


class HourForm(forms.Form):
    """The question: which days, how long, which seats matter."""

    minutes = forms.IntegerField(
        label=_("Minutes"), min_value=SHORTEST, max_value=LONGEST, initial=USUAL
    )
    first_day = forms.DateField(
        label=_("From"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    last_day = forms.DateField(label=_("To"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    seats = forms.MultipleChoiceField(
        label=_("Seats that matter"),
        required=False,
        widget=forms.CheckboxSelectMultiple({"class": "form__names"}),
        help_text=_("None chosen: all of them."),
    )

    def __init__(self, *arguments: Any, seats: list[Choice], today: date, **names: Any) -> None:
        """Offer the seats of today; no day before today is asked about."""
        super().__init__(*arguments, **names)
        self.today = today
        fields: Any = self.fields
        fields["seats"].choices = seats

    def clean(self) -> dict[str, Any]:
        """Refuse days that are past, in the wrong order, or too many."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = data.get("first_day"), data.get("last_day")
        if last and last < self.today:
            self.add_error("last_day", _("These days have passed."))
        if first and abs(first - self.today) > FARTHEST:
            self.add_error("first_day", _("Choose days within two years."))
        elif first and last and last < first:
            self.add_error("last_day", _("The last day is before the first."))
        elif first and last and (last - first).days >= MOST_DAYS:
            self.add_error(
                "last_day", _("At most %(days)s days are looked at.") % {"days": MOST_DAYS}
            )
        return data


class WorkingHoursForm(forms.Form):
    """When an agency works, and whose holidays it keeps."""

    begins = forms.TimeField(
        label=_("Work begins"), required=False, widget=forms.TimeInput({"type": "time"}, "%H:%M")
    )
    ends = forms.TimeField(
        label=_("Work ends"), required=False, widget=forms.TimeInput({"type": "time"}, "%H:%M")
    )
    country = forms.ChoiceField(label=_("Country whose holidays it keeps"), required=False)
    part = forms.CharField(
        label=_("Part of the country"),
        required=False,
        max_length=12,
        help_text=_(
            "Only where it has holidays of its own: the end of its code in ISO 3166-2, such as CA "
            "for California (US-CA)."
        ),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *arguments: Any, usual: str, usual_country: str, **names: Any) -> None:
        """Explain empty fields: the group's hours, the zone's country.

        The country is that of the time zone.
        """
        super().__init__(*arguments, **names)
        fields: Any = self.fields
        fields["begins"].help_text = _("Empty: the hours of the group, %(hours)s.") % {
            "hours": usual
        }
        fields["country"].choices = [
            ("", _("That of its time zone: %(country)s") % {"country": usual_country or "–"}),
            *holidays.country_choices(),
        ]

    def clean_part(self) -> str:
        """Return the part in capitals, as the codes are."""
        part: str = self.cleaned_data["part"]
        return part.upper()

    @property
    def hours(self) -> HoursInput:
        """Return the form's values as the input of an action."""
        data = self.cleaned_data
        return HoursInput(data["begins"], data["ends"], data["country"], data["part"])

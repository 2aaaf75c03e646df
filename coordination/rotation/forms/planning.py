"""Forms of planning ahead: what would change, and why not."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coordination.core.periods import FIRST_DAY, LAST_DAY
from coordination.rotation.queries.planning import MOST_TERMS, USUAL_TERMS
from coordination.rotation.queries.what_if import WhatIf

Choice = tuple[str, Any]
NOBODY = "-"


class WhatIfForm(forms.Form):
    """Read a plan's changes from its address.

    The number of terms, and each change as a text: "put=2027-07-01:unfpa" ("put=2027-07-01:"
    for nobody), "swap=2027-07-01:2028-01-01", "pause=unfpa:2027-07-01:2027-12-31",
    "reserve=2027-09-15:unfpa,who". What cannot be read is left out.
    """

    terms = forms.IntegerField(min_value=1, max_value=MOST_TERMS, required=False)

    @property
    def what_if(self) -> WhatIf:
        """Return the changes; call it on a form with data."""
        given: Any = self.data
        count = self.cleaned_data.get("terms") if self.is_valid() else None
        return WhatIf(
            count or USUAL_TERMS,
            tuple(each for text in given.getlist("put") for each in self._put(text)),
            tuple(each for text in given.getlist("swap") for each in self._swap(text)),
            tuple(each for text in given.getlist("pause") for each in self._pause(text)),
            tuple(each for text in given.getlist("reserve") for each in self._reserve(text)),
        )

    def _put(self, text: str) -> Iterable[tuple[date, str]]:
        first_day, _colon, slug = text.partition(":")
        return [(day, slug) for day in days_of(first_day)]

    def _swap(self, text: str) -> Iterable[tuple[date, date]]:
        days = days_of(*text.split(":"))
        return [(days[0], days[1])] if len(days) == len(("one", "other")) else []

    def _pause(self, text: str) -> Iterable[tuple[str, date, date]]:
        slug, _colon, rest = text.partition(":")
        days = days_of(*rest.split(":"))
        in_order = len(days) == len(("first", "last")) and days[0] <= days[1]
        return [(slug, days[0], days[1])] if in_order else []

    def _reserve(self, text: str) -> Iterable[tuple[date, tuple[str, ...]]]:
        day_text, _colon, slugs = text.partition(":")
        named = tuple(slug for slug in slugs.split(",") if slug)
        return [(day, named) for day in days_of(day_text)] if named else []


def days_of(*texts: str) -> list[date]:
    """Return the valid YYYY-MM-DD days; leave out the others."""
    days = []
    for text in texts:
        try:
            day = date.fromisoformat(text)
        except ValueError:
            continue
        if FIRST_DAY <= day <= LAST_DAY:
            days.append(day)
    return days


class PlanChangeForm(forms.Form):
    """A change of a plan from the offered options.

    `terms`, `agencies` and `events` are offered.
    """

    def __init__(
        self,
        *args: Any,
        terms: list[Choice],
        agencies: list[Choice],
        events: list[Choice],
        **kw: Any,
    ) -> None:
        super().__init__(*args, **kw)
        for name, choices in (
            ("term", terms),
            ("other_term", terms),
            ("agency", agencies),
            ("agencies", agencies),
            ("event", events),
        ):
            field: Any = self.fields.get(name)
            if field:
                field.choices = choices


class PutForm(PlanChangeForm):
    """Put an agency in a term, or leave it vacant."""

    name = "put"
    agency = forms.ChoiceField(label=_("Agency"))
    term = forms.ChoiceField(label=_("Term"))

    def __init__(self, *args: Any, agencies: list[Choice], **kwargs: Any) -> None:
        agencies = [*agencies, (NOBODY, _("nobody: leave it vacant"))]
        super().__init__(*args, agencies=agencies, **kwargs)

    @property
    def change(self) -> str:
        """Return the change as the address has it."""
        slug = self.cleaned_data["agency"]
        return f"{self.cleaned_data['term']}:{'' if slug == NOBODY else slug}"


class SwapForm(PlanChangeForm):
    """Let the agencies of two terms change places."""

    name = "swap"
    term = forms.ChoiceField(label=_("Term"))
    other_term = forms.ChoiceField(label=_("With the term"))

    def clean(self) -> dict[str, Any]:
        """Refuse a term beside itself."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("term") and data.get("term") == data.get("other_term"):
            self.add_error("other_term", _("Choose two different terms."))
        return data

    @property
    def change(self) -> str:
        """Return the change as the address has it."""
        return f"{self.cleaned_data['term']}:{self.cleaned_data['other_term']}"


class PauseForm(PlanChangeForm):
    """Let an agency pause for some days."""

    name = "pause"
    agency = forms.ChoiceField(label=_("Agency"))
    first_day = forms.DateField(label=_("First day"), widget=forms.DateInput({"type": "date"}))
    last_day = forms.DateField(label=_("Last day"), widget=forms.DateInput({"type": "date"}))

    def clean(self) -> dict[str, Any]:
        """Refuse a last day before the first."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("first_day") and data.get("last_day") and data["last_day"] < data["first_day"]:
            self.add_error("last_day", _("The last day is before the first."))
        return data

    @property
    def change(self) -> str:
        """Return the change as the address has it."""
        data = self.cleaned_data
        return f"{data['agency']}:{data['first_day'].isoformat()}:{data['last_day'].isoformat()}"


class ReserveForm(PlanChangeForm):
    """Reserve the chair to agencies on an event's day."""

    name = "reserve"
    event = forms.ChoiceField(label=_("Event"))
    agencies = forms.MultipleChoiceField(
        label=_("Only these agencies chair then"),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form__names"}),
    )

    @property
    def change(self) -> str:
        """Return the change as the address has it."""
        return f"{self.cleaned_data['event']}:{','.join(self.cleaned_data['agencies'])}"


class WhyNotForm(PlanChangeForm):
    """Ask why an agency is not planned for a term."""

    name = "why"
    agency = forms.ChoiceField(label=_("Agency"))
    term = forms.ChoiceField(label=_("Term"))

    @property
    def change(self) -> str:
        """Return the question as the address has it."""
        return f"{self.cleaned_data['agency']}:{self.cleaned_data['term']}"


CHANGE_FORMS: tuple[type[PutForm | SwapForm | PauseForm | ReserveForm | WhyNotForm], ...] = (
    PutForm,
    SwapForm,
    PauseForm,
    ReserveForm,
    WhyNotForm,
)

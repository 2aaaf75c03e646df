"""Forms of the chair about agencies that have not spoken."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination.members.models import Agency
from coordination.statements.forms import (
    LONGEST_REASON,
    AgencyChoiceForm,
    DeadlineField,
    text_area,
)


class WriteForm(forms.Form):
    """What the chair writes to the silent."""

    text = forms.CharField(
        label=gettext_lazy("What you ask"),
        help_text=gettext_lazy(
            "The mail adds the deadline in each reader’s zone, the link, and your name."
        ),
        max_length=LONGEST_REASON,
        widget=text_area(6, text=False),
    )


class CallForm(AgencyChoiceForm):
    """An approval given by telephone."""

    spoken_by = forms.CharField(
        label=gettext_lazy("Who spoke for the agency"),
        max_length=200,
        help_text=gettext_lazy("Name and title."),
    )
    spoken_at = DeadlineField(label=gettext_lazy("When"))
    heard_by = forms.CharField(
        label=gettext_lazy("Who heard it"), max_length=200, help_text=gettext_lazy("Name.")
    )
    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, agencies: Iterable[Agency], city: str, **kwargs: Any) -> None:
        """Offer the agencies, and name the zone."""
        super().__init__(*args, agencies=agencies, **kwargs)
        field: Any = self.fields["agency"]
        field.widget = forms.Select()
        field.choices = [("", _("Choose an agency")), *field.choices]
        field.initial = None
        self.fields["spoken_at"].help_text = _("In your time zone, %(city)s.") % {"city": city}

"""The form with which the chair plans a release."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination.statements.forms import DeadlineField


class ReleaseForm(forms.Form):
    """The moment of a release, in the reader's zone."""

    release_at = DeadlineField(label=gettext_lazy("Public from"))
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=10**6)

    def __init__(self, *args: Any, city: str, **kwargs: Any) -> None:
        """Name the zone of the moment."""
        super().__init__(*args, **kwargs)
        self.fields["release_at"].help_text = _(
            "In your time zone, %(city)s; everybody sees it in their own."
        ) % {"city": city}

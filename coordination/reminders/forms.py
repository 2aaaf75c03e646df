"""The form of mail preferences."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from coordination.core.due import Source
from coordination.reminders.enums import Frequency


class PreferencesForm(forms.Form):
    """One choice per kind of reminder."""

    def __init__(
        self, data: Mapping[str, Any] | None, *, chosen: Sequence[tuple[Source, str]]
    ) -> None:
        """Create a field for each kind.

        A kind that needs a decision cannot be changed.
        """
        super().__init__(data)
        for source, frequency in chosen:
            self.fields[source.kind] = forms.ChoiceField(
                label=str(source.label),
                choices=Frequency.choices,
                initial=frequency,
                disabled=not source.can_be_off,
                widget=forms.RadioSelect,
            )

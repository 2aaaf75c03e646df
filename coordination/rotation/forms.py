"""Forms of the rotation."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from coordination.core.forms import FieldNamesMixin
from coordination.members.models import Agency
from coordination.rotation.actions.terms import TermProposal
from coordination.rotation.enums import ItemState, TermKind


class TermForm(FieldNamesMixin, forms.Form):
    """A term: its agencies, first and last day, kind, theme.

    It offers as many agencies as may chair together (`most`).
    """

    field_of: ClassVar = {"agencies": "first_agency"}

    first_agency = forms.ModelChoiceField(Agency.objects.all(), label=_("Chair"))
    second_agency = forms.ModelChoiceField(
        Agency.objects.all(), label=_("Jointly with"), required=False
    )
    more_agencies = forms.ModelMultipleChoiceField(
        Agency.objects.all(), label=_("And with"), required=False
    )
    first_day = forms.DateField(label=_("First day"), widget=forms.DateInput({"type": "date"}))
    last_day = forms.DateField(label=_("Last day"), widget=forms.DateInput({"type": "date"}))
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=TermKind.choices,
        help_text=_("A caretaker bridges a vacancy and is marked as such."),
    )
    theme = forms.CharField(label=_("Theme"), required=False, max_length=200)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, most: int = 2, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, name in enumerate(("second_agency", "more_agencies"), 2):
            if most < number:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("first_agency") and len(set(self.agencies)) < len(self.agencies):
            name = "second_agency" if "second_agency" in data else "more_agencies"
            self.add_error(name, _("A joint chair needs two different agencies."))
        return data

    @property
    def agencies(self) -> list[Agency]:
        data = self.cleaned_data
        first_two = (data.get("first_agency"), data.get("second_agency"))
        return [*filter(None, first_two), *data.get("more_agencies", ())]

    @property
    def proposal(self) -> TermProposal:
        """Return the form's values as the input of an action."""
        data = self.cleaned_data
        return TermProposal(data["first_day"], data["last_day"], data["kind"], data["theme"])


class HandoverItemForm(forms.Form):
    """The new state of an item of the checklist."""

    state = forms.ChoiceField(choices=ItemState.choices)
    note = forms.CharField(
        label=_("Note"), required=False, widget=forms.Textarea({"rows": 2}), max_length=2000
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

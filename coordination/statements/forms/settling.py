"""Forms to settle, decline and arrange for the next draft."""

from django import forms
from django.utils.translation import gettext_lazy

from coordination.statements.forms import LONGEST_BLOCK, LONGEST_REASON, text_area


class ArrangeForm(forms.Form):
    """An act on a paragraph of the next draft, with shown versions."""

    UP, DOWN, JOIN, RESET = "up", "down", "join", "reset"

    act = forms.ChoiceField(
        choices=[(UP, UP), (DOWN, DOWN), (JOIN, JOIN), (RESET, RESET)], widget=forms.HiddenInput
    )
    order = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**6)
    settlement = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**6)


class DeclineForm(forms.Form):
    """The reason for declining an amendment."""

    reason = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("The agency reads it with the next draft."),
        max_length=LONGEST_REASON,
        widget=text_area(3, text=False),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=10**6)


class AdaptForm(forms.Form):
    """The chair's own text for a paragraph."""

    text = forms.CharField(
        label=gettext_lazy("The paragraph as it should read"),
        help_text=gettext_lazy("An empty line begins a new paragraph."),
        max_length=LONGEST_BLOCK,
        widget=text_area(8),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        required=False,
        help_text=gettext_lazy(
            "The agencies whose amendments this replaces read it with the next draft."
        ),
        max_length=LONGEST_REASON,
        widget=text_area(3, text=False),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**6, initial=0)

"""What the chair does with a paragraph in the next draft."""

from django import forms


class ArrangeForm(forms.Form):
    """What to do with a paragraph in the next draft, and the versions that the page showed."""

    UP, DOWN, JOIN, RESET = "up", "down", "join", "reset"

    act = forms.ChoiceField(
        choices=[(UP, UP), (DOWN, DOWN), (JOIN, JOIN), (RESET, RESET)], widget=forms.HiddenInput
    )
    order = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**6)
    settlement = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**6)

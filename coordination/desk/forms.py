"""Forms of the desk."""

from django import forms
from django.utils.translation import gettext_lazy


class EraseForm(forms.Form):
    """The shown version of a person, and a confirmation of reading.

    The page showed what is erased.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    sure = forms.BooleanField(
        label=gettext_lazy("I have read what goes, and that it cannot be undone")
    )

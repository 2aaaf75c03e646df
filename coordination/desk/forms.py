"""Forms of the desk."""

from django import forms
from django.utils.translation import gettext_lazy


class EraseForm(forms.Form):
    """The version of the person that the page showed, and that it was read."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    sure = forms.BooleanField(
        label=gettext_lazy("I have read what goes, and that it cannot be undone")
    )

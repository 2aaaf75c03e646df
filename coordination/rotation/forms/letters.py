"""Forms of what an agency gave by letter."""

from dataclasses import replace
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from coordination.rotation.actions.candidatures import AnswerInput
from coordination.rotation.actions.votes import Ballot
from coordination.rotation.forms.selections import DAY, CandidatureForm, offer_options
from coordination.rotation.models import VoteOption
from coordination.rotation.models.letters import AgencyLetter


class AgencyLetterForm(forms.Form):
    """The letter of an agency, with the version of its record."""

    document = forms.CharField(
        label=_("Letter"),
        max_length=300,
        help_text=_("Its title or web address, and who signed it."),
    )
    letter_day = forms.DateField(label=_("Day of the letter"), widget=forms.DateInput(DAY))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @property
    def letter(self) -> AgencyLetter:
        """Return the form's letter as the input of an action."""
        return AgencyLetter(self.cleaned_data["document"], self.cleaned_data["letter_day"])


class CandidatureLetterForm(AgencyLetterForm, CandidatureForm):
    """What an agency answered to a call by letter."""

    field_order = (
        "document",
        "letter_day",
        "answer",
        "decline_reason",
        "words",
        "preferred",
        "priorities",
        "team",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        # the address names the agency, and the chair's team writes about it
        del fields["agency"]
        fields["answer"].choices = [
            (each.value, capfirst(each.label)) for each in kwargs["answers"]
        ]
        fields["words"].label = _("In its words")
        fields["wishes_next"].label = _("It wishes the term after this selection")

    @property
    def answer_input(self) -> AnswerInput:
        """Return the form's values as the input of an action."""
        return replace(super().answer_input, letter=self.letter)


class BallotLetterForm(AgencyLetterForm):
    """The vote that an agency gave by letter."""

    choice = forms.ModelChoiceField(
        VoteOption.objects.none(), label=_("Choice"), widget=forms.RadioSelect, empty_label=None
    )
    field_order = ("document", "letter_day", "choice")

    def __init__(self, *args: Any, options: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_options(self, options)

    @property
    def ballot(self) -> Ballot:
        """Return the form's values as the input of an action."""
        data = self.cleaned_data
        return Ballot(data["choice"], data["version"] or 0, self.letter)

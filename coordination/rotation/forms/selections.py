"""Forms for a selection's dates, answers, votes and decision."""

from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.core import formatting
from coordination.core.periods import Period
from coordination.members.models import Agency
from coordination.rotation.actions.candidatures import AnswerInput, PrincipalInput
from coordination.rotation.actions.decisions import ChairDecision
from coordination.rotation.actions.selections import LONGEST_RUN, SelectionDates, SelectionPlan
from coordination.rotation.enums import (
    Answer,
    DecisionMethod,
    DeclineReason,
    PrincipalView,
    VoteState,
)
from coordination.rotation.models import SelectionTerm, SelectionVote, VoteOption

DAY = {"type": "date"}
MOST_WORDS = 2000


def need_for_some(fields: Any, *names: str) -> None:
    """Mark conditional fields, so that labels omit "(optional)"."""
    for name in names:
        fields[name].needed_for_some = True


def words_field(label: Any, *, rows: int = 2, help_text: Any = "") -> forms.CharField:
    """Return an optional field for a few sentences."""
    return forms.CharField(
        label=label,
        required=False,
        max_length=MOST_WORDS,
        help_text=help_text,
        widget=forms.Textarea({"rows": rows}),
    )


class SelectionDatesForm(forms.Form):
    """The last day of each stage of a selection."""

    call_until = forms.DateField(label=_("Agencies answer by"), widget=forms.DateInput(DAY))
    consultation_until = forms.DateField(label=_("Consultation to"), widget=forms.DateInput(DAY))
    decision_until = forms.DateField(
        label=_("Decision by"),
        widget=forms.DateInput(DAY),
        help_text=_("If this day passes without a decision, the selection goes to the principals."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @property
    def dates(self) -> SelectionDates:
        """Return the form's values as the input of an action."""
        data = self.cleaned_data
        return SelectionDates(
            data["call_until"], data["consultation_until"], data["decision_until"]
        )


class SelectionForm(SelectionDatesForm):
    """A new selection: the days to fill, and its dates."""

    first_day = forms.DateField(label=_("First day to fill"), widget=forms.DateInput(DAY))
    last_day = forms.DateField(label=_("Last day of the term"), widget=forms.DateInput(DAY))
    number = forms.IntegerField(
        label=_("Number of terms"),
        min_value=1,
        max_value=LONGEST_RUN,
        initial=1,
        help_text=_("More than one: the later terms follow, each of the usual length."),
    )
    field_order = ("first_day", "last_day", "number")

    @property
    def plan(self) -> SelectionPlan:
        """Return the form's values as the input of an action."""
        data = self.cleaned_data
        period = Period(data["first_day"], data["last_day"])
        return SelectionPlan(period, data["number"], self.dates)


class CloseForm(forms.Form):
    """Why a selection is closed without a chair."""

    words = forms.CharField(
        label=_("Why it is closed"), max_length=MOST_WORDS, widget=forms.Textarea({"rows": 2})
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class CandidatureForm(forms.Form):
    """An agency's answer to a call, and its unavailable days."""

    agency = forms.ModelChoiceField(Agency.objects.none(), label=_("You answer for"))
    answer = forms.ChoiceField(label=_("Answer"), widget=forms.RadioSelect)
    decline_reason = forms.ChoiceField(
        label=_("If it declines, why"),
        choices=[("", "–"), *DeclineReason.choices],
        required=False,
    )
    words = words_field(
        _("In your words"), help_text=_("All agencies read it. Needed for “another reason”.")
    )
    preferred = forms.ModelChoiceField(
        SelectionTerm.objects.none(),
        label=_("Stands for"),
        required=False,
        empty_label=_("any of the terms"),
    )
    priorities = words_field(_("Priorities, if it chairs"), rows=3)
    team = words_field(_("Team that it would name"))
    wishes_next = forms.BooleanField(
        label=_("Our agency wishes the term after this selection"), required=False
    )
    away_first = forms.DateField(
        label=_("Not available from"), required=False, widget=forms.DateInput(DAY)
    )
    away_last = forms.DateField(
        label=_("Not available to"), required=False, widget=forms.DateInput(DAY)
    )
    away_reason = forms.CharField(label=_("Why not then"), required=False, max_length=300)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, agencies: Any, terms: Any, answers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        only_choice(self, "agency", agencies)
        fields: Any = self.fields
        need_for_some(fields, "decline_reason", "words")
        fields["answer"].choices = [(each.value, answer_label(each)) for each in answers]
        fields["preferred"].queryset = terms
        if len(terms) < 2:  # noqa: PLR2004 - one term is no choice
            del fields["preferred"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if bool(data.get("away_first")) != bool(data.get("away_last")):
            missing = "away_last" if data.get("away_first") else "away_first"
            self.add_error(missing, _("Give both days, or neither."))
        return data

    @property
    def answer_input(self) -> AnswerInput:
        """Return the form's values as the input of an action."""
        data = self.cleaned_data
        away = Period(data["away_first"], data["away_last"]) if data["away_first"] else None
        return AnswerInput(
            data["answer"],
            data["decline_reason"],
            data["words"],
            data["priorities"],
            data["team"],
            data.get("preferred"),
            data["wishes_next"],
            away,
            data["away_reason"],
        )


def answer_label(answer: Answer) -> Any:
    """Return an answer in the agency's own words."""
    labels = {
        Answer.STANDS: _("Our agency stands"),
        Answer.DECLINES: _("Our agency declines"),
        Answer.NOT_YET: _("We cannot say yet"),
        Answer.WITHDRAWN: _("Our agency stands no longer"),
    }
    return labels[answer]


def offer(form: forms.Form, name: str, agencies: Collection[Agency]) -> None:
    """Offer these loaded agencies in a field, without another query."""
    field: Any = form.fields[name]
    field.queryset = Agency.objects.filter(pk__in=[agency.pk for agency in agencies])
    field.choices = [(agency.pk, agency.acronym) for agency in agencies]


def only_choice(form: forms.Form, name: str, agencies: Sequence[Agency]) -> None:
    """Offer these agencies; of a single one nobody is asked."""
    offer(form, name, agencies)
    if len(agencies) == 1:
        form.fields[name].initial, form.fields[name].widget = agencies[0].pk, forms.HiddenInput()


class PrincipalForm(forms.Form):
    """What a principal answers to an escalated selection."""

    agency = forms.ModelChoiceField(Agency.objects.none(), label=_("You answer for"))
    view = forms.ChoiceField(
        label=_("Your principal"), choices=PrincipalView.choices, widget=forms.RadioSelect
    )
    supported = forms.ModelChoiceField(
        Agency.objects.none(), label=_("Which agency"), required=False, empty_label="–"
    )
    words = words_field(
        _("In their words"), help_text=_("All agencies read it. Needed for “something else”.")
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, agencies: Any, standing: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        only_choice(self, "agency", agencies)
        fields: Any = self.fields
        offer(self, "supported", standing)
        fields["supported"].choices = [("", "–"), *fields["supported"].choices]
        fields["view"].choices = [
            (PrincipalView.SUPPORTS.value, _("supports the agency chosen below")),
            *PrincipalView.choices[1:],
        ]
        if not standing:
            # one answer is no choice: the principal says in words what bridges the days
            fields["view"].choices = [(PrincipalView.OTHER.value, PrincipalView.OTHER.label)]
            fields["view"].widget = forms.HiddenInput()
            self.initial["view"] = PrincipalView.OTHER.value
            fields["words"].label = _("What your principal proposes")
            fields["words"].help_text = _("All agencies read it.")
            fields["words"].required = True
            del fields["supported"]
        else:
            need_for_some(fields, "supported", "words")

    @property
    def principal_input(self) -> PrincipalInput:
        """Return the form's values as the input of an action."""
        data = self.cleaned_data
        return PrincipalInput(data["view"], data.get("supported"), data["words"])


class VoteForm(forms.Form):
    """How a vote is held."""

    how = forms.ChoiceField(
        label=_("How agencies vote"),
        choices=[
            ("open", _("Openly: everybody sees who chose what")),
            ("secret", _("In secret: nobody can read a choice back, not even in the records")),
        ],
        initial="open",
        widget=forms.RadioSelect,
    )
    quorum = forms.IntegerField(
        label=_("Quorum, in votes"),
        min_value=1,
        help_text=_("With fewer votes nothing is decided. An abstention counts."),
    )
    until = forms.DateField(label=_("Votes by"), widget=forms.DateInput(DAY))


class ShownVoteForm(forms.Form):
    """The state and version that a vote's page showed."""

    state = forms.ChoiceField(label=pgettext_lazy("of a vote", "State"), choices=VoteState.choices)
    version = forms.IntegerField(widget=forms.HiddenInput)


class BallotForm(forms.Form):
    """An agency's vote, with the version of its previous one.

    `nonce` is random on each page. The token of a form is stored with a digest of the form, from
    which a choice could be guessed without it.
    """

    agency = forms.ModelChoiceField(Agency.objects.none(), label=_("You vote for"))
    choice = forms.ModelChoiceField(
        VoteOption.objects.none(), label=_("Choice"), widget=forms.RadioSelect, empty_label=None
    )
    nonce = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, agencies: Any, options: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        only_choice(self, "agency", agencies)
        offer_options(self, options)


def offer_options(form: forms.Form, options: Sequence[VoteOption]) -> None:
    """Offer the choices of a vote, in their order."""
    field: Any = form.fields["choice"]
    field.queryset = VoteOption.objects.filter(pk__in=[option.pk for option in options])
    field.choices = [
        (option.pk, str(option.agency) if option.agency else _("Abstain")) for option in options
    ]


class ChairDecisionForm(forms.Form):
    """The decision on a term: what, how, and proof."""

    outcome = forms.ChoiceField(label=_("Outcome"), widget=forms.RadioSelect)
    agencies = forms.ModelMultipleChoiceField(
        Agency.objects.none(),
        label=_("Who chairs"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form__names"}),
        help_text=_("For a chair of those that stand, or a caretaker; several chair jointly."),
    )
    method = forms.ChoiceField(
        label=_("Decided by"), choices=DecisionMethod.choices, widget=forms.RadioSelect
    )
    consulted = forms.ModelMultipleChoiceField(
        Agency.objects.none(),
        label=_("Consulted"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form__names"}),
        help_text=_("Needed for a consensus."),
    )
    vote = forms.ModelChoiceField(
        SelectionVote.objects.none(),
        label=_("Vote"),
        required=False,
        empty_label="–",
        help_text=_("Needed for a vote; only closed votes can be chosen."),
    )
    document = forms.CharField(
        label=_("Document"),
        required=False,
        max_length=300,
        help_text=_("Needed for senior officials: title, date, and where it is kept."),
    )
    words = words_field(_("Words of the decision"), help_text=_("The record keeps them."))
    limits = words_field(
        _("Limits of the powers"),
        help_text=_(
            "For a caretaker, an extension or a troika: what it is asked not to do. The app shows "
            "these words and does not enforce them."
        ),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, outcomes: Any, members: Any, chairs: Any, votes: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        need_for_some(fields, "vote", "document")
        fields["outcome"].choices = [(each.value, each.label) for each in outcomes]
        offer(self, "agencies", chairs)
        offer(self, "consulted", members)
        fields["vote"].queryset = votes
        fields["vote"].label_from_instance = lambda vote: formatting.plain_day(
            vote.closed_at.date()
        )
        if not votes:
            del fields["vote"]
            fields["method"].choices = [
                choice for choice in DecisionMethod.choices if choice[0] != DecisionMethod.VOTE
            ]
        if len(outcomes) == 1:
            fields["outcome"].widget = forms.HiddenInput()
            fields["outcome"].initial = outcomes[0].value
            del fields["limits"]

    @property
    def decision(self) -> ChairDecision:
        """Return the form's values as the input of an action."""
        data = self.cleaned_data
        return ChairDecision(
            data["outcome"],
            data["method"],
            list(data["agencies"]),
            list(data["consulted"]),
            data.get("vote"),
            data["document"],
            data["words"],
            data.get("limits", ""),
        )

"""Forms of the rotation."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from coordination.core.forms import FieldNamesMixin
from coordination.members.models import Agency
from coordination.rotation.actions.corrections import Correction
from coordination.rotation.actions.recording import GroupDecision
from coordination.rotation.actions.terms import TermProposal
from coordination.rotation.enums import ItemState, TermKind
from coordination.rotation.models import ChairTerm
from coordination.rotation.queries.chair import chairing_agencies
from coordination.rotation.queries.vacancies import turns_after


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


class ThemeForm(forms.Form):
    """The theme of a confirmed term.

    Everything else in it changes by a decision of the group.
    """

    theme = forms.CharField(label=_("Theme"), required=False, max_length=200)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, term: ChairTerm, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.term = term

    @property
    def agencies(self) -> list[Agency]:
        """Return the agencies of the term, as they are."""
        return list(chairing_agencies(self.term))

    @property
    def proposal(self) -> TermProposal:
        """Return the term with the theme of the form."""
        term = self.term
        return TermProposal(term.first_day, term.last_day, term.kind, self.cleaned_data["theme"])


class CorrectionForm(TermForm):
    """A correction of a term on record, with its source.

    `spoken_for` are the agencies that the person acts for; an administrator may also speak as one.
    """

    source = forms.CharField(
        label=_("Source"),
        max_length=300,
        help_text=_("What says so: a page, minutes, a letter, with its date."),
    )
    reason = forms.CharField(label=_("Why"), required=False, max_length=300)
    proposed_for = forms.ModelChoiceField(
        Agency.objects.none(), label=_("You speak for"), required=False
    )

    def __init__(
        self, *args: Any, spoken_for: Any, is_administrator: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offer_to_speak_for(self, "proposed_for", spoken_for, is_administrator=is_administrator)

    @property
    def correction(self) -> Correction:
        """Return the form's values as the input of an action."""
        data = self.cleaned_data
        return Correction(
            self.agencies, self.proposal, data["source"], data["reason"], data["proposed_for"]
        )


class AgreeForm(forms.Form):
    """For whom a person agrees to a correction."""

    agreed_for = forms.ModelChoiceField(
        Agency.objects.none(), label=_("You speak for"), required=False
    )

    def __init__(
        self, *args: Any, spoken_for: Any, is_administrator: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offer_to_speak_for(self, "agreed_for", spoken_for, is_administrator=is_administrator)


def offer_to_speak_for(
    form: forms.Form, name: str, agencies: Any, *, is_administrator: bool
) -> None:
    """Offer the agencies for which the person may speak.

    An administrator needs none.
    """
    field: Any = form.fields[name]
    field.queryset = agencies
    field.empty_label = _("the administrators of the record") if is_administrator else None
    field.required = not is_administrator
    if not is_administrator and len(agencies) == 1:
        form.initial[name] = agencies[0]


class HandoverItemForm(forms.Form):
    """The new state of an item of the checklist."""

    state = forms.ChoiceField(choices=ItemState.choices)
    note = forms.CharField(
        label=_("Note"), required=False, widget=forms.Textarea({"rows": 2}), max_length=2000
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class ChangeForm(FieldNamesMixin, forms.Form):
    """The changes of an operation.

    Operations without a choice have no field. `subject` is the term, or the vacant days, that
    the operation is about. `begun` says whether it runs already: who chairs then changes from a
    day on.
    """

    def __init__(self, *args: Any, subject: Any, begun: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subject = subject
        if "from_day" in self.fields:
            if begun:
                self.fields["from_day"].required = True
            else:
                del self.fields["from_day"]


class LastDayForm(ChangeForm):
    """The new last day of a term."""

    last_day = forms.DateField(label=_("Last day"), widget=forms.DateInput({"type": "date"}))


class UntilForm(ChangeForm):
    """The day until which a vacancy is acknowledged."""

    until = forms.DateField(
        label=_("Until"),
        widget=forms.DateInput({"type": "date"}),
        help_text=_("No reminder of the vacancy is sent until then."),
    )


class ChairsForm(ChangeForm):
    """The agencies that chair in a term or a vacancy."""

    agencies = forms.ModelMultipleChoiceField(
        Agency.objects.all(),
        label=_("Chair"),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form__names"}),
    )
    from_day = forms.DateField(
        label=_("From"),
        widget=forms.DateInput({"type": "date"}),
        required=False,
        help_text=_("The term has begun: its past days stay as they are."),
    )


class CaretakerForm(ChairsForm):
    """A caretaker, and the days that it bridges."""

    first_day = forms.DateField(label=_("First day"), widget=forms.DateInput({"type": "date"}))
    last_day = forms.DateField(label=_("Last day"), widget=forms.DateInput({"type": "date"}))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = data.get("first_day"), data.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day is before the first."))
        return data


class CedeForm(ChangeForm):
    """Which agency gives its turn to which."""

    giver = forms.ModelChoiceField(Agency.objects.none(), label=_("Gives the turn"))
    taker = forms.ModelChoiceField(Agency.objects.all(), label=_("Takes it"))
    from_day = ChairsForm.base_fields["from_day"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        giver: Any = self.fields["giver"]
        giver.queryset = Agency.objects.filter(pk__in=self.subject.agencies.all())
        giver.empty_label = None


class LaterTermForm(ChangeForm):
    """The later turn that is pulled forward."""

    term = forms.TypedChoiceField(label=_("Turn to pull forward"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_terms(self.fields["term"], turns_after(self.subject))


def offer_terms(field: Any, terms: list[ChairTerm]) -> None:
    """Offer loaded terms by their address, named with their agencies; the chosen one is theirs."""
    field.coerce = {term.slug: term for term in terms}.__getitem__
    field.choices = [
        (term.slug, f"{' + '.join(str(agency) for agency in chairing_agencies(term))}, {term}")
        for term in terms
    ]


class DecisionForm(forms.Form):
    """Who decided an operation; `base` are the seen terms."""

    decision = forms.CharField(
        label=_("Who decided, when and how"),
        max_length=300,
        help_text=_("Such as “Meeting of 3 May 2027, by consensus”."),
    )
    document = forms.CharField(
        label=_("Document"),
        max_length=300,
        required=False,
        help_text=_("Its title or web address: minutes, a letter."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)
    base = forms.CharField(widget=forms.HiddenInput, required=False)

    @property
    def decided(self) -> GroupDecision:
        """Return the form's values as the input of an action."""
        return GroupDecision(**self.cleaned_data)


class ConfirmationForm(DecisionForm):
    """Who confirmed a term, as far as known."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decision"].required = False


class OfferForm(forms.Form):
    """The other term of an exchange, the agency, and the deadline."""

    other = forms.TypedChoiceField(label=_("Exchange with"))
    offered_for = forms.ModelChoiceField(
        Agency.objects.none(), label=_("You speak for"), empty_label=None
    )
    lapses_on = forms.DateField(
        label=_("Last day of the offer"),
        widget=forms.DateInput({"type": "date"}),
        help_text=_("The offer lapses at the end of this day."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)

    def __init__(
        self, *args: Any, others: list[ChairTerm], spoken_for: list[Agency], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offer_terms(self.fields["other"], others)
        offered_for: Any = self.fields["offered_for"]
        offered_for.queryset = Agency.objects.filter(pk__in=[agency.pk for agency in spoken_for])


class AnswerForm(forms.Form):
    """An agency's answer to an offer, with a reason."""

    agency = forms.ModelChoiceField(Agency.objects.all(), required=False)
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

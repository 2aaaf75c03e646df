"""Forms of the rotation."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from coordination.core.forms import FieldNamesMixin
from coordination.members.enums import ActingLevel
from coordination.members.models import Agency
from coordination.rotation.actions.corrections import Correction
from coordination.rotation.actions.lessons import LessonInput
from coordination.rotation.actions.state_of_play import JudgementInput, PlaceInput, PromiseInput
from coordination.rotation.actions.terms import TermProposal
from coordination.rotation.enums import (
    ItemState,
    LessonKind,
    MatterOutlook,
    PromiseState,
    TermKind,
)


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


class CorrectionForm(TermForm):
    """What is right about a term on record: its source, and for whom the person speaks.

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
    """Offer the agencies for which the person may speak; an administrator needs none."""
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


class TextForm(forms.Form):
    """A text that one chair writes for the next: it carries the version that the writer saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @property
    def seen(self) -> int:
        """Return the version that the page showed; 0 for a text that there was not."""
        return self.cleaned_data["version"] or 0


class SummaryForm(TextForm):
    """What the next chair must know first."""

    summary = forms.CharField(
        label=_("What the next chair must know first"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("A few sentences. The page adds the facts of each matter by itself."),
    )


class JudgementForm(TextForm):
    """The chair's line on one matter."""

    outlook = forms.ChoiceField(
        label=_("Outlook"), choices=MatterOutlook.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(label=_("What the next chair must know"), max_length=300)
    condition = forms.CharField(
        label=_("If"),
        required=False,
        max_length=200,
        help_text=_("For example: one agency stays silent"),
    )
    response = forms.CharField(
        label=_("Then"),
        required=False,
        max_length=200,
        help_text=_("For example: call its principal."),
    )

    @property
    def judgement(self) -> JudgementInput:
        """Return the form's values as the input of an action."""
        data = self.cleaned_data
        return JudgementInput(data["outlook"], data["words"], data["condition"], data["response"])


class PromiseForm(TextForm):
    """A promise that the record does not have."""

    what = forms.CharField(label=_("What was promised"), max_length=300)
    to_whom = forms.CharField(label=_("To whom"), max_length=200)
    due_day = forms.DateField(
        label=_("By when"),
        required=False,
        widget=forms.DateInput({"type": "date"}),
        help_text=_("Empty: no day was named."),
    )

    @property
    def promise(self) -> PromiseInput:
        """Return the form's values as the input of an action."""
        data = self.cleaned_data
        return PromiseInput(data["what"], data["to_whom"], data["due_day"])


class SettlePromiseForm(TextForm):
    """What became of a promise."""

    state = forms.ChoiceField(
        label=_("What became of it"),
        choices=[(state.value, state.label) for state in (PromiseState.KEPT, PromiseState.DROPPED)],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=300)


class PlaceForm(TextForm):
    """A place or key, and who holds it."""

    what = forms.CharField(
        label=_("What"),
        max_length=200,
        help_text=_("For example: mailing list of the focal points"),
    )
    where = forms.CharField(label=_("Where it is"), required=False, max_length=300)
    agency = forms.ModelChoiceField(Agency.objects.all(), label=_("Agency that keeps it"))
    holder = forms.CharField(
        label=_("Who holds it"),
        max_length=200,
        help_text=_(
            "A name, never a secret: no password, no PIN. Everybody in the group reads this."
        ),
    )

    @property
    def place(self) -> PlaceInput:
        """Return the form's values as the input of an action."""
        data = self.cleaned_data
        return PlaceInput(data["what"], data["where"], data["agency"], data["holder"])


class LessonForm(TextForm):
    """A lesson of the term."""

    kind = forms.ChoiceField(
        label=_("Question"), choices=LessonKind.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(label=_("Lesson"), max_length=2000, widget=forms.Textarea({"rows": 4}))

    @property
    def lesson(self) -> LessonInput:
        """Return the form's values as the input of an action."""
        return LessonInput(self.cleaned_data["kind"], self.cleaned_data["text"])


class SignForm(forms.Form):
    """At what level a person signs; `levels` are those that they have."""

    level = forms.ChoiceField(label=_("You act as"), widget=forms.RadioSelect)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, levels: tuple[ActingLevel, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["level"]
        field.choices = [(level.value, level.label) for level in levels]
        field.initial = levels[0].value if levels else None


class RefuseToSignForm(SignForm):
    """Why a side does not sign."""

    reason = forms.CharField(
        label=_("Why you do not sign"), max_length=1000, widget=forms.Textarea({"rows": 3})
    )

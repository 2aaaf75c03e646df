"""Forms for a handover's texts and signatures."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coordination.members.enums import ActingLevel
from coordination.members.models import Agency
from coordination.rotation.actions.lessons import LessonInput
from coordination.rotation.actions.state_of_play import JudgementInput, PlaceInput, PromiseInput
from coordination.rotation.enums import LessonKind, MatterOutlook, PromiseState


class TextForm(forms.Form):
    """A text for the next chair.

    It carries the version that the writer saw.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @property
    def seen(self) -> int:
        """Return the version that the page showed, or 0 for none."""
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
    """The signing level; `levels` are the person's own."""

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

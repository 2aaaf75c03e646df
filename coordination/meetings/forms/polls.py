"""Forms of polls on hours."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coordination.core import formatting
from coordination.core.fields import MomentField, MomentInput
from coordination.meetings.actions.polls import PollInput
from coordination.meetings.enums import SlotAnswer
from coordination.meetings.models import PollAnswer, PollSlot


class PollForm(forms.Form):
    """The question of a poll.

    The hours come with the address of the page.
    """

    title = forms.CharField(label=_("Which meeting"), max_length=200)
    closes_at = MomentField(
        label=_("Answers until"),
        widget=MomentInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    note = forms.CharField(
        label=_("A word to the agencies"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *arguments: Any, starts: Sequence[datetime], minutes: int, city: str, **names: Any
    ) -> None:
        """Take the hours that the page shows.

        `city` names the zone of the reader.
        """
        super().__init__(*arguments, **names)
        self.starts, self.minutes = starts, minutes
        self.fields["closes_at"].help_text = _("In your time zone, %(city)s.") % {"city": city}

    @property
    def asked(self) -> PollInput:
        """Return the form's values as the input of an action."""
        data = self.cleaned_data
        return PollInput(data["title"], self.minutes, self.starts, data["closes_at"], data["note"])


class PollAnswerForm(forms.Form):
    """An agency's answers: one field for each hour.

    Worded in the zone of the reader.
    """

    def __init__(
        self,
        data: Any = None,
        *,
        slots: Sequence[PollSlot],
        given: Mapping[int, PollAnswer],
        words: Mapping[int, str],
        prefix: str = "",
    ) -> None:
        super().__init__(data, prefix=prefix)
        self.slots = slots
        for slot in slots:
            answer = given.get(slot.pk)
            self.fields[f"slot_{slot.pk}"] = forms.ChoiceField(
                label=words[slot.pk],
                choices=SlotAnswer.choices,
                widget=forms.RadioSelect({"class": "form__names"}),
                initial=answer and answer.answer,
            )

    @property
    def answers(self) -> dict[int, SlotAnswer]:
        """Return the answers by key of the slot."""
        return {slot.pk: SlotAnswer(self.cleaned_data[f"slot_{slot.pk}"]) for slot in self.slots}


def slot_words(slot: PollSlot, zone: Any, city: str) -> str:
    """Return a slot's hour: "Wed 2 Dec 2026, 09:00 New York"."""
    return f"{formatting.moment(slot.starts_at, zone)} {city}"

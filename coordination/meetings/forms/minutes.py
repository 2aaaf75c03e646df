"""Forms of minutes and their corrections."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coordination.core import formatting
from coordination.core.fields import MomentField, MomentInput
from coordination.meetings.actions.corrections import ProposedCorrection
from coordination.meetings.actions.minutes import ParagraphInput
from coordination.meetings.enums import CorrectionKind, ParagraphKind
from coordination.meetings.models import AgendaItem, Meeting, MinutesParagraph
from coordination.members.models import Agency

LONGEST = 5000


def text_field(label: Any, *, rows: int = 4, **more: Any) -> forms.CharField:
    """Return a field of a paragraph's text."""
    return forms.CharField(
        label=label, widget=forms.Textarea({"rows": rows}), max_length=LONGEST, **more
    )


class ParagraphForm(forms.Form):
    """One paragraph of minutes.

    `item` is the agenda item under which a new one stands.
    """

    text = text_field(_("Text"), required=False)
    kind = forms.ChoiceField(
        label=_("Records"),
        choices=ParagraphKind.choices,
        initial=ParagraphKind.INFORMATION,
        widget=forms.RadioSelect,
    )
    owners = forms.MultipleChoiceField(
        label=_("Agencies"),
        required=False,
        widget=forms.CheckboxSelectMultiple({"class": "form__names"}),
        help_text=_(
            "Of an action: each gets an action item of its own. Or those that were not there for "
            "this agenda item."
        ),
    )
    due_day = forms.DateField(
        label=_("Due"),
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        help_text=_("For an action only."),
    )
    item = forms.IntegerField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *arguments: Any,
        agencies: Iterable[Agency],
        agenda: Sequence[AgendaItem],
        **names: Any,
    ) -> None:
        super().__init__(*arguments, **names)
        self.agencies = {str(agency.pk): agency for agency in agencies}
        self.agenda = {item.pk: item for item in agenda}
        fields: Any = self.fields
        fields["text"].needed_for_some = True  # its label does not say "(optional)"
        fields["owners"].choices = [(key, agency.acronym) for key, agency in self.agencies.items()]

    def clean_due_day(self) -> date | None:
        """Refuse years in which nobody works."""
        day: date | None = self.cleaned_data["due_day"]
        if day and not 1990 <= day.year <= 2150:  # noqa: PLR2004 - years that people work in
            raise forms.ValidationError(_("This is not a day on which something is due."))
        return day

    @property
    def written(self) -> ParagraphInput:
        """Return the form's values as the input of an action."""
        data = self.cleaned_data
        owners = tuple(self.agencies[key] for key in data["owners"])
        return ParagraphInput(data["text"], data["kind"], owners, data["due_day"])

    @property
    def agenda_item(self) -> AgendaItem | None:
        """Return the agenda item of a new paragraph.

        None if it is not on this agenda.
        """
        return self.agenda.get(self.cleaned_data["item"] or 0)


def paragraph_values(paragraph: MinutesParagraph) -> dict[str, object]:
    """Return a paragraph as the values of its form."""
    return {
        "text": paragraph.text,
        "kind": paragraph.kind,
        "owners": [str(agency.pk) for agency in paragraph.owners.all()],
        "due_day": paragraph.due_day,
        "version": paragraph.version,
    }


class ShownVersionForm(forms.Form):
    """What a button carries: the version that its page showed."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class CirculateForm(ShownVersionForm):
    """Until when agencies may propose corrections."""

    corrections_until = MomentField(
        label=_("Corrections until"),
        widget=MomentInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(self, *arguments: Any, city: str, **names: Any) -> None:
        super().__init__(*arguments, **names)
        self.fields["corrections_until"].help_text = _("In your time zone, %(city)s.") % {
            "city": city
        }


class AdoptForm(ShownVersionForm):
    """At which later meeting the minutes were adopted."""

    meeting = forms.ChoiceField(label=_("Adopted at"))

    def __init__(self, *arguments: Any, meetings: Iterable[Meeting], **names: Any) -> None:
        super().__init__(*arguments, **names)
        self.meetings = {str(meeting.pk): meeting for meeting in meetings}
        fields: Any = self.fields
        fields["meeting"].choices = [
            (key, f"{meeting.title}, {formatting.plain_day(meeting.day)}")
            for key, meeting in self.meetings.items()
        ]

    @property
    def chosen(self) -> Meeting:
        """Return the meeting that adopted the minutes."""
        return self.meetings[self.cleaned_data["meeting"]]


class MinutesCorrectionForm(forms.Form):
    """What an agency proposes to change."""

    kind = forms.ChoiceField(
        label=_("What you propose"),
        choices=CorrectionKind.choices,
        initial=CorrectionKind.CHANGE,
        widget=forms.RadioSelect,
    )
    text = text_field(
        _("Proposed text"),
        required=False,
        help_text=_("The whole paragraph as it shall read, or the new paragraph."),
    )
    reason = text_field(_("Reason"), rows=2, required=False)
    agency = forms.ChoiceField(label=_("For which agency"))

    def __init__(self, *arguments: Any, agencies: Sequence[Agency], **names: Any) -> None:
        super().__init__(*arguments, **names)
        self.agencies = {str(agency.pk): agency for agency in agencies}
        fields: Any = self.fields
        fields["agency"].choices = [(key, agency.acronym) for key, agency in self.agencies.items()]
        if len(self.agencies) == 1:
            fields["agency"].widget = forms.HiddenInput()
            fields["agency"].initial = next(iter(self.agencies))

    @property
    def agency_chosen(self) -> Agency:
        """Return the agency for which it is proposed."""
        return self.agencies[self.cleaned_data["agency"]]

    @property
    def proposed(self) -> ProposedCorrection:
        """Return the form's values as the input of an action."""
        data = self.cleaned_data
        return ProposedCorrection(data["kind"], data["text"], data["reason"])


class DecideForm(ShownVersionForm):
    """How the chair decides a correction.

    `version` is that of the paragraph.
    """

    text = text_field(_("How it shall read"), required=False)
    answer = text_field(
        _("Answer to the agency"),
        rows=2,
        required=False,
        help_text=_("Needed where you decline. All who read the minutes can read it."),
    )

    def __init__(self, *arguments: Any, **names: Any) -> None:
        super().__init__(*arguments, **names)
        for name in ("text", "answer"):
            field: Any = self.fields[name]
            field.needed_for_some = True  # its label does not say "(optional)"


class CorrigendumForm(forms.Form):
    """How a paragraph of adopted minutes reads, and why."""

    text = text_field(_("The paragraph reads"))
    reason = text_field(_("Reason"), rows=2)

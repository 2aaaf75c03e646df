"""Forms of the agenda, its papers, and what agencies propose for it."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _

from coordination.core import formatting
from coordination.core.uploads import checked
from coordination.meetings.actions.agenda import AgendaEntry
from coordination.meetings.actions.papers import PaperInput
from coordination.meetings.actions.proposals import ProposedItem
from coordination.meetings.models import AgendaItem, AgendaProposal, Meeting, MeetingDocument
from coordination.meetings.queries.agenda import Paper
from coordination.members.models import Agency

MOST_MINUTES = 600
# the parts of the app whose pages an item may be about
LINKED = {"engagement", "meetings", "members", "rotation", "statements"}


def path_in_app(address: str) -> str:
    """Return the path of an address of this app.

    Raises ValidationError for any other.
    """
    refusal = forms.ValidationError(
        _("This is not the address of a page of this site, such as a statement or a draft.")
    )
    site = urlsplit(settings.SITE_URL)
    try:
        parts = urlsplit(address)
        page = resolve(parts.path)
    except (ValueError, Resolver404) as error:
        raise refusal from error
    is_ours = parts.netloc in {"", site.netloc}
    if not is_ours or not LINKED.intersection(page.namespaces):
        raise refusal
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return f"{parts.path}{fragment}"


class AgendaVersionForm(forms.Form):
    """The version that a button carried."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class AgendaItemForm(forms.Form):
    """An agenda item."""

    title = forms.CharField(label=_("Title"), max_length=200)
    minutes = forms.IntegerField(
        label=_("Minutes"), required=False, min_value=1, max_value=MOST_MINUTES
    )
    lead = forms.ChoiceField(
        label=_("Agency that leads"),
        required=False,
        help_text=_("Its focal points may add papers."),
    )
    detail = forms.CharField(
        label=_("Detail"), required=False, widget=forms.Textarea({"rows": 3}), max_length=5000
    )
    link = forms.CharField(
        label=_("Page that it is about"),
        required=False,
        max_length=300,
        help_text=_("Paste the address of a statement, draft or selection of this site."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *arguments: Any, agencies: Iterable[Agency], **names: Any) -> None:
        super().__init__(*arguments, **names)
        self.agencies = {str(agency.pk): agency for agency in agencies}
        fields: Any = self.fields
        fields["lead"].choices = [
            ("", ""),
            *((key, agency.acronym) for key, agency in self.agencies.items()),
        ]

    def clean_link(self) -> str:
        """Return the path of a page of this app."""
        link: str = self.cleaned_data["link"]
        return path_in_app(link) if link else ""

    @property
    def entry(self) -> AgendaEntry:
        """Return the form's values as the input of an action."""
        data = self.cleaned_data
        lead = self.agencies.get(data["lead"])
        return AgendaEntry(data["title"], data["detail"], lead, data["minutes"], data["link"])


def item_values(item: AgendaItem) -> dict[str, object]:
    """Return an agenda item as the values of its form."""
    return {
        "title": item.title,
        "minutes": item.minutes,
        "lead": item.lead_id,
        "detail": item.detail,
        "link": item.link,
        "version": item.version,
    }


class PaperForm(forms.Form):
    """A version of a paper: a file or a link.

    The file is checked and gets a random name.
    """

    title = forms.CharField(label=_("Title"), max_length=200)
    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("PDF, Word, Excel, PowerPoint or a picture, up to 20 MB."),
    )
    link = forms.URLField(label=_("Or link"), required=False, assume_scheme="https")

    def clean_file(self) -> Any:
        """Refuse a file that we do not store."""
        file = self.cleaned_data.get("file")
        return checked(file) if file else None

    def clean(self) -> dict[str, Any]:
        """Ask for a file or a link."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.has_source(data) and not self.errors:
            self.add_error("file", _("Give a file or a link."))
        return data

    def has_source(self, data: Mapping[str, Any]) -> bool:
        """Return whether the values say where the paper is: in one place."""
        if data.get("file") and data.get("link"):
            self.add_error("link", _("Give a file or a link, not both."))
        return bool(data.get("file") or data.get("link"))

    @property
    def paper(self) -> PaperInput:
        """Return the form's values as the input of an action."""
        data = self.cleaned_data
        return PaperInput(data["title"], data["file"], data["link"])


class ItemPaperForm(PaperForm):
    """A new or an existing paper for an agenda item.

    An existing one is a paper of the meeting.
    """

    existing = forms.ChoiceField(label=_("A paper of this meeting"), required=False)

    field_order = ("existing", "title", "file", "link")

    def __init__(self, *arguments: Any, papers: Iterable[Paper], **names: Any) -> None:
        super().__init__(*arguments, **names)
        self.newest = {str(paper.newest.pk): paper.newest for paper in papers}
        fields: Any = self.fields
        fields["existing"].choices = [
            ("", _("a new paper, below")),
            *((key, document.title) for key, document in self.newest.items()),
        ]
        if not self.newest:
            del fields["existing"]
        fields["title"].required = False

    def clean(self) -> dict[str, Any]:
        """Ask for a title where the paper is new."""
        data = super().clean()
        if not data.get("existing") and not data.get("title") and "title" not in self.errors:
            self.add_error("title", _("Give the new paper a title."))
        return data

    def has_source(self, data: Mapping[str, Any]) -> bool:
        """Return whether the values name the place of the paper: the meeting, or an item."""
        return bool(data.get("existing")) or super().has_source(data)

    @property
    def chosen(self) -> MeetingDocument | None:
        """Return the paper of the meeting that was chosen, if any."""
        return self.newest.get(self.cleaned_data.get("existing", ""))


class ProposalForm(forms.Form):
    """What an agency proposes for an agenda."""

    agency = forms.ChoiceField(label=_("For"))
    title = forms.CharField(label=_("What to discuss"), max_length=200)
    why = forms.CharField(
        label=_("Why"), required=False, widget=forms.Textarea({"rows": 3}), max_length=5000
    )
    minutes = forms.IntegerField(
        label=_("Minutes wanted"), required=False, min_value=1, max_value=MOST_MINUTES
    )
    meeting = forms.ChoiceField(label=_("For which meeting"), required=False)

    def __init__(
        self,
        *arguments: Any,
        agencies: Iterable[Agency],
        meetings: Iterable[Meeting],
        **names: Any,
    ) -> None:
        super().__init__(*arguments, **names)
        self.agencies = {str(agency.pk): agency for agency in agencies}
        self.meetings = {str(meeting.pk): meeting for meeting in meetings}
        fields: Any = self.fields
        fields["agency"].choices = [(key, each.acronym) for key, each in self.agencies.items()]
        fields["meeting"].choices = [
            ("", _("any meeting to come")),
            *meeting_choices(self.meetings),
        ]

    @property
    def item(self) -> ProposedItem:
        """Return the form's values as the input of an action."""
        data = self.cleaned_data
        meeting = self.meetings.get(data["meeting"])
        return ProposedItem(data["title"], data["why"], data["minutes"], meeting)


class TakeProposalForm(forms.Form):
    """The meeting on whose agenda a proposal comes."""

    meeting = forms.ChoiceField(label=_("On the agenda of"))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *arguments: Any, meetings: Iterable[Meeting], **names: Any) -> None:
        super().__init__(*arguments, **names)
        self.meetings = {str(meeting.pk): meeting for meeting in meetings}
        fields: Any = self.fields
        fields["meeting"].choices = meeting_choices(self.meetings)

    @property
    def chosen(self) -> Meeting:
        """Return the meeting that was chosen."""
        return self.meetings[self.cleaned_data["meeting"]]


class DeclineProposalForm(forms.Form):
    """Why a proposal is declined."""

    reason = forms.CharField(
        label=_("Why it is declined"),
        widget=forms.Textarea({"rows": 2}),
        max_length=2000,
        help_text=_("The agency reads it."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


def meeting_choices(meetings: Mapping[str, Meeting]) -> list[tuple[str, str]]:
    """Return the choices of some meetings, each with its day."""
    return [
        (key, f"{formatting.plain_day(meeting.day)}: {meeting.title}")
        for key, meeting in meetings.items()
    ]


def proposal_values(proposal: AgendaProposal) -> dict[str, object]:
    """Return a proposal as the values of its forms."""
    return {
        "meeting": proposal.meeting_id or "",
        "reason": proposal.reason,
        "version": proposal.version,
    }

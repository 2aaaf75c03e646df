"""Forms of Word files that come back."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination.core.uploads import checked
from coordination.members.models import Agency
from coordination.statements.actions.word_inputs import Kept, SentFile
from coordination.statements.forms import LONGEST_REASON, AgencyChoiceForm, VersionForm, text_area

WORD_TYPES = ".docx,application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def checked_word(file: Any) -> SentFile:
    """Rename an upload; raise ValidationError unless it is a safe .docx.

    The name is random.
    """
    name = str(file.name)
    if not name.lower().endswith(".docx"):
        raise forms.ValidationError(
            _("Send a Word file (.docx). In Word, choose “Save as”, then “Word document”.")
        )
    return SentFile(checked(file), name)


class WordFileField(forms.FileField):
    """A .docx, checked."""

    widget = forms.FileInput(attrs={"accept": WORD_TYPES})

    def clean(self, data: Any, initial: Any = None) -> SentFile | None:
        """Return the checked file with its name, None without one."""
        file = super().clean(data, initial)
        return checked_word(file) if file else None


class SendWordForm(AgencyChoiceForm):
    """A Word file with changes to a draft."""

    file = WordFileField(
        label=gettext_lazy("Word file"),
        help_text=gettext_lazy(
            "A .docx of at most 20 MB. You see its changes before anything is proposed."
        ),
    )

    field_order = ("file", "agency")


class NewTextForm(forms.Form):
    """A Word file whose text begins a draft."""

    file = WordFileField(label=gettext_lazy("Word file"))


class AuthorsForm(VersionForm):
    """For which agency each author of a file writes."""

    def __init__(
        self, *args: Any, authors: Iterable[Any], agencies: Iterable[Agency], **kwargs: Any
    ) -> None:
        """Add a field for each author of the review."""
        super().__init__(*args, **kwargs)
        self.names: dict[str, str] = {}
        self.agencies = {str(agency.pk): agency for agency in agencies}
        choices = [("", _("Leave the changes out"))]
        choices += [(key, agency.acronym) for key, agency in self.agencies.items()]
        for number, author in enumerate(authors):
            field: Any = forms.ChoiceField(
                label=author.name or _("Without a name"),
                choices=choices,
                required=False,
                initial=str(author.agency.pk) if author.agency else "",
            )
            field.needed_for_some = True  # its label does not say "(optional)"
            self.names[f"author-{number}"] = author.name
            self.fields[f"author-{number}"] = field

    def chosen(self) -> dict[str, Agency | None]:
        """Return the agency of each author."""
        return {
            name: self.agencies.get(self.cleaned_data[field]) for field, name in self.names.items()
        }


class ReviewForm(VersionForm):
    """Which changes of a file are proposed, and why."""

    reason = forms.CharField(
        label=gettext_lazy("Reason for all that have none of their own"),
        required=False,
        max_length=LONGEST_REASON,
        widget=text_area(2, text=False),
    )

    def __init__(self, *args: Any, items: Iterable[Any], **kwargs: Any) -> None:
        """Add a box and a reason for each item of the review."""
        super().__init__(*args, **kwargs)
        self.ids = [item.id for item in items]
        for item in items:
            self.fields[f"keep-{item.id}"] = forms.BooleanField(
                required=False, initial=item.kept_at_first
            )
            reason: Any = forms.CharField(
                required=False,
                label=gettext_lazy("Reason"),
                initial=item.reason,
                max_length=LONGEST_REASON,
                widget=text_area(1, text=False),
            )
            reason.needed_for_some = True  # what is kept needs one
            self.fields[f"reason-{item.id}"] = reason

    def kept(self) -> Kept:
        """Return what is kept, with the reasons."""
        data = self.cleaned_data
        return Kept(
            [id_ for id_ in self.ids if data[f"keep-{id_}"]],
            {id_: data[f"reason-{id_}"] for id_ in self.ids},
            data["reason"],
        )

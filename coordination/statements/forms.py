"""Forms of the statements domain: they read and clean; the actions save."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination.core.fields import MomentField, MomentInput
from coordination.core.uploads import checked
from coordination.meetings.models import Meeting
from coordination.members.models import Agency
from coordination.statements.enums import (
    AmendmentKind,
    BlockKind,
    PlannedStep,
    PositionKind,
    StatementLanguage,
    StatementState,
)
from coordination.statements.queries import labels

LONGEST_TEXT, LONGEST_BLOCK, LONGEST_REASON = 200_000, 20_000, 2_000
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
SERIF = "form__input form__input--text"


def text_area(rows: int, *, text: bool = True) -> forms.Textarea:
    """Return a text area.

    With `text` it is for the statement's own words: set in the serif font, in the direction of
    their script.
    """
    return forms.Textarea(
        attrs={"rows": rows, "class": SERIF, "dir": "auto"}
        if text
        else {"rows": rows, "class": "form__input"}
    )


def in_language(form: forms.Form, language: str) -> None:
    """Mark the areas for a statement's words as being in its language."""
    for field in form.fields.values():
        if field.widget.attrs.get("class") == SERIF:
            field.widget.attrs["lang"] = language


class DeadlineField(MomentField):
    """A deadline in the reader's zone, to the minute."""

    widget: Any = MomentInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    default_validators = [
        MinValueValidator(EARLIEST, gettext_lazy("Choose a moment after 1999.")),
        MaxValueValidator(LATEST, gettext_lazy("Choose a moment before 2100.")),
    ]


def participants_field() -> "forms.ModelMultipleChoiceField[Agency]":
    """Return the field that says which agencies are in; `offer` fills it."""
    return forms.ModelMultipleChoiceField(
        label=gettext_lazy("Agencies that are in"),
        queryset=Agency.objects.none(),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form__names"}),
        help_text=gettext_lazy(
            "With all members chosen, those who join later are in too. Others read along, and are "
            "not asked."
        ),
        error_messages={"required": gettext_lazy("Choose at least one agency.")},
    )


def offer(field: Any, agencies: QuerySet[Agency], *, chosen: Iterable[Agency]) -> None:
    """Let the field offer the agencies by acronym, with some of them chosen."""
    field.queryset = agencies
    field.initial = [agency.pk for agency in chosen]


class ListForm(forms.Form):
    """Which statements."""

    q = forms.CharField(label=gettext_lazy("Title or symbol"), required=False, max_length=80)


class StartForm(forms.Form):
    """A new statement."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    text = forms.CharField(
        label=gettext_lazy("Text"),
        help_text=gettext_lazy(
            "Paste it; a blank line between paragraphs. What is title, heading or paragraph is "
            "recognised, and you can correct it. "
            "Without a text the statement begins with its title alone."
        ),
        required=False,
        max_length=LONGEST_TEXT,
        widget=text_area(14),
    )
    occasion = forms.CharField(
        label=gettext_lazy("Occasion"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("An event or a day, such as: International Migrants Day."),
    )
    meeting = forms.ModelChoiceField(
        label=gettext_lazy("For the meeting"),
        required=False,
        queryset=Meeting.objects.none(),
        empty_label=gettext_lazy("none"),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=StatementLanguage.choices,
        initial=StatementLanguage.ENGLISH,
    )
    agencies = participants_field()

    def __init__(self, *args: Any, now: datetime, members: QuerySet[Agency], **kwargs: Any) -> None:
        """Offer the meetings still to come, and the members.

        All members are in unless the chair says otherwise.
        """
        super().__init__(*args, **kwargs)
        offer(self.fields["agencies"], members, chosen=members)
        ahead = Meeting.objects.filter(starts_at__gt=now).order_by("starts_at")
        self.fields["meeting"].queryset = ahead  # type: ignore[attr-defined]  # a ModelChoiceField


class NewBlockForm(forms.Form):
    """A new paragraph of a draft in preparation."""

    text = forms.CharField(
        label=gettext_lazy("Text"), max_length=LONGEST_BLOCK, widget=text_area(6)
    )
    kind = forms.ChoiceField(label=gettext_lazy("This is a"), choices=BlockKind.choices)


class BlockForm(NewBlockForm):
    """A paragraph of a draft in preparation."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=10**6)


class PasteForm(forms.Form):
    """Another text for a draft in preparation."""

    text = forms.CharField(
        label=gettext_lazy("Text"), max_length=LONGEST_TEXT, widget=text_area(16)
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=10**6)


class ParticipantsForm(forms.Form):
    """Which agencies are in."""

    agencies = participants_field()
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=10**6)

    def __init__(
        self, *args: Any, members: QuerySet[Agency], chosen: Iterable[Agency], **kwargs: Any
    ) -> None:
        """Offer the members."""
        super().__init__(*args, **kwargs)
        offer(self.fields["agencies"], members, chosen=chosen)


class DeadlineForm(forms.Form):
    """A deadline, to the minute, in the reader's zone."""

    deadline = DeadlineField(label=gettext_lazy("Deadline"))

    def __init__(self, *args: Any, city: str, **kwargs: Any) -> None:
        """Name the zone in which the deadline is meant."""
        super().__init__(*args, **kwargs)
        self.fields["deadline"].help_text = _(
            "In your time zone, %(city)s; everybody sees it in their own."
        ) % {"city": city}


class IssueForm(DeadlineForm):
    """The next draft: for what, and until when."""

    to = forms.ChoiceField(
        label=gettext_lazy("The agencies are asked"),
        choices=[
            (StatementState.CLEARANCE.value, gettext_lazy("to approve it or object to it")),
            (StatementState.AMENDMENTS.value, gettext_lazy("to amend it once more")),
        ],
        widget=forms.RadioSelect,
        initial=StatementState.CLEARANCE.value,
    )

    field_order = ("to", "deadline")

    def __init__(self, *args: Any, first: PlannedStep, **kwargs: Any) -> None:
        """Name the step that would open, and whether silence approves in it."""
        super().__init__(*args, **kwargs)
        words = (
            _("to approve it or object to it: %(step)s, silence approves")
            if first.silence
            else _("to approve it or object to it: %(step)s")
        )
        field: Any = self.fields["to"]
        field.choices = [
            (StatementState.CLEARANCE.value, words % {"step": first.level.label}),
            *field.choices[1:],
        ]


class ExtendForm(DeadlineForm):
    """A later deadline, and why."""

    reason = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("A sentence; all agencies read it."),
        max_length=LONGEST_REASON,
        widget=text_area(3, text=False),
    )


class AgencyChoiceForm(forms.Form):
    """A form that speaks for one of the agencies for which the reader may act."""

    agency = forms.TypedChoiceField(label=gettext_lazy("For"), coerce=int)

    def __init__(self, *args: Any, agencies: Iterable[Agency], **kwargs: Any) -> None:
        """Offer the agencies; the only one is not asked for."""
        super().__init__(*args, **kwargs)
        found = list(agencies)
        field: Any = self.fields["agency"]
        field.choices = [(agency.pk, agency.acronym) for agency in found]
        self.agencies = {agency.pk: agency for agency in found}
        if len(found) == 1:
            field.widget = forms.HiddenInput()
            field.initial = found[0].pk

    def clean_agency(self) -> Agency:
        """Return the agency."""
        return self.agencies[self.cleaned_data["agency"]]


class AmendForm(AgencyChoiceForm):
    """What an agency proposes for a paragraph, and why."""

    proposed_text = forms.CharField(
        label=gettext_lazy("The paragraph as it should read"),
        help_text=gettext_lazy(
            "Change the words that should change; the page shows the difference."
        ),
        max_length=LONGEST_BLOCK,
        widget=text_area(5),
    )
    rationale = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("A sentence; the chair and the other agencies read it."),
        max_length=LONGEST_REASON,
        widget=text_area(3, text=False),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**6, initial=0)
    renews = forms.IntegerField(widget=forms.HiddenInput, min_value=1, required=False)
    prepared = forms.IntegerField(widget=forms.HiddenInput, min_value=1, required=False)

    def __init__(self, *args: Any, keeping: bool = False, **kwargs: Any) -> None:
        """Ask for no reason yet where colleagues only keep it (`keeping`)."""
        super().__init__(*args, **kwargs)
        self.fields["rationale"].required = not keeping


class InsertForm(AmendForm):
    """A new paragraph that an agency proposes, what it is, and why."""

    block_kind = forms.ChoiceField(
        label=gettext_lazy("It is a"),
        choices=[("", gettext_lazy("paragraph like the one before it")), *BlockKind.choices],
        required=False,
    )

    field_order = ("agency", "proposed_text", "block_kind", "rationale")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Name the text what it is here."""
        super().__init__(*args, **kwargs)
        self.fields["proposed_text"].label = _("The new paragraph")
        self.fields["proposed_text"].help_text = ""


class DeleteForm(AmendForm):
    """That a paragraph goes, and why."""

    proposed_text = None  # type: ignore[assignment]  # how Django takes a field away


AMEND_FORMS: dict[AmendmentKind, type[AmendForm]] = {
    AmendmentKind.REPLACE: AmendForm,
    AmendmentKind.INSERT: InsertForm,
    AmendmentKind.DELETE: DeleteForm,
}


class DeclineForm(forms.Form):
    """Why an amendment is declined."""

    reason = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("The agency reads it with the next draft."),
        max_length=LONGEST_REASON,
        widget=text_area(3, text=False),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=10**6)


class AdaptForm(forms.Form):
    """The chair's own text for a paragraph."""

    text = forms.CharField(
        label=gettext_lazy("The paragraph as it shall read"),
        max_length=LONGEST_BLOCK,
        widget=text_area(8),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        required=False,
        help_text=gettext_lazy(
            "The agencies whose amendments this replaces read it with the next draft."
        ),
        max_length=LONGEST_REASON,
        widget=text_area(3, text=False),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**6, initial=0)


class VersionForm(forms.Form):
    """The version that the page showed."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=10**6)


ANSWERS = [
    (PositionKind.APPROVE.value, gettext_lazy("Approve")),
    (PositionKind.RESERVE.value, gettext_lazy("Approve with reservation")),
    (PositionKind.OBJECT.value, gettext_lazy("Object")),
    (PositionKind.NOT_JOIN.value, gettext_lazy("Do not join")),
]


class ParagraphsField(forms.MultipleChoiceField):
    """Paragraphs by number.

    The action knows the text and checks whether it has them.
    """

    widget = forms.CheckboxSelectMultiple(attrs={"class": "form__numbers"})

    def valid_value(self, value: Any) -> bool:
        """Take any number for now.

        The page may be of an older draft, and then that is what the answer must say.
        """
        return True


class PositionForm(AgencyChoiceForm):
    """What an agency holds of the text whose hash the page carried."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Position"), choices=ANSWERS, widget=forms.RadioSelect
    )
    about = ParagraphsField(
        label=gettext_lazy("About which paragraphs"),
        required=False,
        help_text=gettext_lazy(
            "For a reservation or an objection; none means the text as a whole."
        ),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        help_text=gettext_lazy("Needed for a reservation or an objection; all agencies read it."),
        max_length=LONGEST_REASON,
        widget=text_area(3, text=False),
    )
    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)
    step = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    version = forms.IntegerField(
        widget=forms.HiddenInput, min_value=0, max_value=10**6, initial=0, required=False
    )

    def __init__(self, *args: Any, paragraphs: Iterable[str], **kwargs: Any) -> None:
        """Offer the paragraphs of the text by their numbers."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["about"]
        field.choices = [(number, labels.label_in_words(number)) for number in paragraphs]


class LetterForm(PositionForm):
    """A position that came by letter."""

    letter = forms.FileField(
        label=gettext_lazy("The letter"),
        help_text=gettext_lazy("PDF, Word or a picture; all agencies can open it."),
    )
    signed_by = forms.CharField(
        label=gettext_lazy("Signed by"),
        max_length=200,
        help_text=gettext_lazy("Name and title, as under the letter."),
    )

    field_order = ("agency", "kind", "about", "reason", "letter", "signed_by")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Let the chair choose the agency.

        None is selected at first, because it would be taken by mistake.
        """
        super().__init__(*args, **kwargs)
        field: Any = self.fields["agency"]
        field.choices = [("", _("Choose an agency")), *field.choices]

    def clean_letter(self) -> Any:
        """Refuse a file that is too large or of a type that we do not keep."""
        return checked(self.cleaned_data["letter"])


class CommentForm(AgencyChoiceForm):
    """What an agency says about a paragraph or an amendment."""

    text = forms.CharField(
        label=gettext_lazy("Comment"),
        help_text=gettext_lazy("All agencies read it. “@WHO” tells WHO by e-mail."),
        max_length=LONGEST_REASON,
        widget=text_area(3, text=False),
    )
    about = forms.CharField(widget=forms.HiddenInput, max_length=20)


class OccasionForm(forms.Form):
    """Where an adopted statement is spoken."""

    event = forms.CharField(label=gettext_lazy("Event"), max_length=200)
    place = forms.CharField(label=gettext_lazy("Place"), max_length=120, required=False)
    day = forms.DateField(
        label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    speaker = forms.CharField(
        label=gettext_lazy("By whom"), max_length=200, help_text=gettext_lazy("Name and title.")
    )
    on_behalf_of = forms.CharField(label=gettext_lazy("On behalf of"), max_length=200)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**6, initial=0)


class DeliveredForm(forms.Form):
    """That a statement was spoken, and in which words."""

    text = forms.CharField(
        label=gettext_lazy("As delivered"),
        required=False,
        help_text=gettext_lazy(
            "Where the words differed from the adopted text; the adopted text itself stays as it "
            "is."
        ),
        max_length=LONGEST_TEXT,
        widget=text_area(10),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=10**6)


class ReasonForm(forms.Form):
    """Why the chair does what cannot be undone."""

    reason = forms.CharField(
        label=gettext_lazy("Why"), max_length=LONGEST_REASON, widget=text_area(3, text=False)
    )

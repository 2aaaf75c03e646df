"""Forms of the statements domain."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coordination.core.fields import MomentField, MomentInput
from coordination.core.languages import name_of
from coordination.core.uploads import checked
from coordination.meetings.models import Meeting
from coordination.members.models import Agency
from coordination.statements.enums import (
    AmendmentKind,
    BlockKind,
    PlannedStep,
    PositionKind,
    StatementState,
)
from coordination.statements.queries import labels

LONGEST_TEXT, LONGEST_BLOCK, LONGEST_REASON = 200_000, 20_000, 2_000
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
SERIF = "form__input form__input--text"


def text_area(rows: int, *, text: bool = True) -> forms.Textarea:
    """Return a text area.

    `text` marks one for the words of a statement: in the serif font, and in the direction of their
    script.
    """
    return forms.Textarea(
        attrs={"rows": rows, "class": SERIF, "dir": "auto"}
        if text
        else {"rows": rows, "class": "form__input"}
    )


def set_text_language(form: forms.Form, language: str) -> None:
    """Set the language of a form's text areas for a statement's words."""
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


def kinds_field() -> forms.CharField:
    """Return the hidden field of pasted paragraphs' chosen kinds."""
    return forms.CharField(widget=forms.HiddenInput, required=False, max_length=LONGEST_TEXT)


def participants_field() -> "forms.ModelMultipleChoiceField[Agency]":
    """Return the field for participating agencies (see `offer_agencies`)."""
    return forms.ModelMultipleChoiceField(
        label=gettext_lazy("Agencies that are in"),
        queryset=Agency.objects.none(),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form__names"}),
        help_text=gettext_lazy(
            "With all members chosen, those that join later are in too. The others can read the "
            "statement, but are not asked."
        ),
        error_messages={"required": gettext_lazy("Choose at least one agency.")},
    )


def offer_agencies(field: Any, agencies: QuerySet[Agency], *, chosen: Iterable[Agency]) -> None:
    """Offer agencies in a field, with some of them chosen."""
    field.queryset = agencies
    field.initial = [agency.pk for agency in chosen]


class ListForm(forms.Form):
    """The search in the list of statements."""

    q = forms.CharField(label=gettext_lazy("Title or symbol"), required=False, max_length=80)


class StartForm(forms.Form):
    """A new statement."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    text = forms.CharField(
        label=gettext_lazy("Text"),
        help_text=gettext_lazy(
            "Paste it from Word, a PDF or a page. Titles, headings, paragraphs and their numbering "
            "are recognised, and you correct that on the next page. Without a text the statement "
            "begins with its title alone."
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
    language = forms.ChoiceField(label=gettext_lazy("Language"))
    agencies = participants_field()
    kinds = kinds_field()

    def __init__(
        self,
        *args: Any,
        now: datetime,
        members: QuerySet[Agency],
        languages: Sequence[str],
        **kwargs: Any,
    ) -> None:
        """Offer upcoming meetings, the group's languages and the members.

        All members are chosen at first.
        """
        super().__init__(*args, **kwargs)
        language = self.fields["language"]
        if isinstance(language, forms.ChoiceField):
            language.choices = [(code, name_of(code)) for code in languages]
            language.initial = languages[0]
        offer_agencies(self.fields["agencies"], members, chosen=members)
        upcoming = Meeting.objects.filter(starts_at__gt=now).order_by("starts_at")
        self.fields["meeting"].queryset = upcoming  # type: ignore[attr-defined]  # a ModelChoiceField


class NewBlockForm(forms.Form):
    """A new paragraph before circulation."""

    text = forms.CharField(
        label=gettext_lazy("Text"), max_length=LONGEST_BLOCK, widget=text_area(6)
    )
    kind = forms.ChoiceField(label=gettext_lazy("This is a"), choices=BlockKind.choices)


class BlockForm(NewBlockForm):
    """A paragraph before circulation."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=10**6)


class PasteForm(forms.Form):
    """A new text for a whole draft before circulation."""

    text = forms.CharField(
        label=gettext_lazy("Text"), max_length=LONGEST_TEXT, widget=text_area(16)
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=10**6)
    kinds = kinds_field()


class ParticipantsForm(forms.Form):
    """The participating agencies of a statement."""

    agencies = participants_field()
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=10**6)

    def __init__(
        self, *args: Any, members: QuerySet[Agency], chosen: Iterable[Agency], **kwargs: Any
    ) -> None:
        """Offer the members."""
        super().__init__(*args, **kwargs)
        offer_agencies(self.fields["agencies"], members, chosen=chosen)


class DeadlineForm(forms.Form):
    """A deadline, to the minute, in the reader's zone.

    `short_reason` is there where less time than the group's least needs a reason.
    """

    deadline = DeadlineField(label=gettext_lazy("Deadline"))
    short_reason = forms.CharField(
        required=False, max_length=LONGEST_REASON, widget=text_area(2, text=False)
    )

    def __init__(self, *args: Any, city: str, least_hours: int = 0, **kwargs: Any) -> None:
        """Set the zone and the least time of the deadline.

        `least_hours` is 0 where there is no least time.
        """
        super().__init__(*args, **kwargs)
        field = self.fields["deadline"]
        field.help_text = _("In your time zone, %(city)s; everybody sees it in their own.") % {
            "city": city
        }
        # what the page says about a weekend or a night, before the deadline is set
        field.widget.attrs |= {
            "hx-get": "",
            "hx-trigger": "change",
            "hx-target": "#deadline-hints",
        }
        if not least_hours:
            del self.fields["short_reason"]
            return
        self.fields["short_reason"].label = ngettext(
            "Why less than %(hours)s hour", "Why less than %(hours)s hours", least_hours
        ) % {"hours": least_hours}
        self.fields["short_reason"].help_text = _(
            "Only for a shorter time: all focal points read it, with your name."
        )


class IssueForm(DeadlineForm):
    """The purpose and deadline of the next draft."""

    to = forms.ChoiceField(
        label=gettext_lazy("The agencies are asked"),
        choices=[
            (StatementState.CLEARANCE.value, gettext_lazy("to approve it or object to it")),
            (StatementState.AMENDMENTS.value, gettext_lazy("to amend it once more")),
        ],
        widget=forms.RadioSelect,
        initial=StatementState.CLEARANCE.value,
    )

    field_order = ("to", "deadline", "short_reason")

    def __init__(self, *args: Any, first: PlannedStep, **kwargs: Any) -> None:
        """Name the step `first` that would open, and its silence."""
        super().__init__(*args, **kwargs)
        label = (
            _("to approve it or object to it: %(step)s, silence approves")
            if first.silence
            else _("to approve it or object to it: %(step)s")
        )
        field: Any = self.fields["to"]
        field.choices = [
            (StatementState.CLEARANCE.value, label % {"step": first.level.label}),
            *field.choices[1:],
        ]


class ExtendForm(DeadlineForm):
    """A later deadline and its reason."""

    field_order = ("deadline", "reason", "short_reason")

    reason = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("A sentence; all agencies read it."),
        max_length=LONGEST_REASON,
        widget=text_area(3, text=False),
    )


class AgencyChoiceForm(forms.Form):
    """A form on behalf of one of the reader's agencies."""

    agency = forms.TypedChoiceField(label=gettext_lazy("For"), coerce=int)

    def __init__(self, *args: Any, agencies: Iterable[Agency], **kwargs: Any) -> None:
        """Offer the agencies; hide a single choice."""
        super().__init__(*args, **kwargs)
        choices = list(agencies)
        field: Any = self.fields["agency"]
        field.choices = [(agency.pk, agency.acronym) for agency in choices]
        self.agencies = {agency.pk: agency for agency in choices}
        if len(choices) == 1:
            field.widget = forms.HiddenInput()
            field.initial = choices[0].pk

    def clean_agency(self) -> Agency:
        """Return the agency."""
        return self.agencies[self.cleaned_data["agency"]]


class AmendForm(AgencyChoiceForm):
    """A replacement for a paragraph, with a reason."""

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
        """Make the reason optional for a prepared amendment (`keeping`)."""
        super().__init__(*args, **kwargs)
        self.fields["rationale"].required = not keeping

    @property
    def origin(self) -> str:
        """Return the browser key of this form's unsaved words.

        "-prepared-4" or "".
        """
        if prepared := self["prepared"].value():
            return f"-prepared-{prepared}"
        if renews := self["renews"].value():
            return f"-returned-{renews}"
        return ""


class InsertForm(AmendForm):
    """A proposal for a new paragraph."""

    block_kind = forms.ChoiceField(
        label=gettext_lazy("It is a"),
        choices=[("", gettext_lazy("paragraph like the one before it")), *BlockKind.choices],
        required=False,
    )

    field_order = ("agency", "proposed_text", "block_kind", "rationale")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Change the label and help text of the proposed text."""
        super().__init__(*args, **kwargs)
        self.fields["proposed_text"].label = _("The new paragraph")
        self.fields["proposed_text"].help_text = ""


class DeleteForm(AmendForm):
    """A proposal to delete a paragraph."""

    proposed_text = None  # type: ignore[assignment]  # how Django takes a field away


AMEND_FORMS: dict[AmendmentKind, type[AmendForm]] = {
    AmendmentKind.REPLACE: AmendForm,
    AmendmentKind.INSERT: InsertForm,
    AmendmentKind.DELETE: DeleteForm,
}


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
    """Paragraphs by number, which the action checks."""

    widget = forms.CheckboxSelectMultiple(attrs={"class": "form__numbers"})

    def valid_value(self, value: Any) -> bool:
        """Accept any number."""
        # On a page of an older draft the person must read that, not that a number is wrong.
        return True


class PositionForm(AgencyChoiceForm):
    """An agency's position on the text that the page showed."""

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
        """Offer the paragraphs by their numbers."""
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
        """Let the chair choose the agency; none is preselected."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["agency"]
        field.choices = [("", _("Choose an agency")), *field.choices]

    def clean_letter(self) -> Any:
        """Refuse a file of a wrong size or type."""
        return checked(self.cleaned_data["letter"])


class CommentForm(AgencyChoiceForm):
    """A comment on a paragraph or an amendment."""

    text = forms.CharField(
        label=gettext_lazy("Comment"),
        help_text=gettext_lazy("All agencies read it. “@WHO” tells WHO by e-mail."),
        max_length=LONGEST_REASON,
        widget=text_area(3, text=False),
    )
    about = forms.CharField(widget=forms.HiddenInput, max_length=20)


class DeliveryForm(forms.Form):
    """The details of a delivery."""

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
    """The words in which a statement was delivered."""

    text = forms.CharField(
        label=gettext_lazy("As delivered"),
        required=False,
        help_text=gettext_lazy(
            "The spoken words, if they differed from the adopted text. The adopted text does not "
            "change."
        ),
        max_length=LONGEST_TEXT,
        widget=text_area(10),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=10**6)


class ReasonForm(forms.Form):
    """The reason for something that cannot be undone."""

    reason = forms.CharField(
        label=gettext_lazy("Why"), max_length=LONGEST_REASON, widget=text_area(3, text=False)
    )

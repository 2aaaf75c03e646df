"""What an agency gave by letter, and the chair's team recorded."""

from dataclasses import dataclass
from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coordination.core import history
from coordination.core.enums import ChangeReason
from coordination.core.models import validate_day
from coordination.members.models import Person


class LetterChange(ChangeReason):
    """Why history records what the chair's team took from a letter."""

    STANDS = "letter_stands", _("Recorded by letter (%(letter)s) that the agency stands")
    DECLINES = "letter_declines", _("Recorded by letter (%(letter)s) that the agency declines")
    NOT_YET = "letter_not_yet", _("Recorded by letter (%(letter)s) that the agency cannot say yet")
    WITHDRAWN = (
        "letter_withdrawn",
        _("Recorded by letter (%(letter)s) that the agency stands no longer"),
    )
    VOTE = "letter_vote", _("Recorded the vote of the agency by letter (%(letter)s)")
    CONSENT = (
        "letter_consent",
        _("Recorded by letter (%(letter)s) that an agency agreed to the exchange"),
    )


@dataclass(frozen=True, slots=True)
class AgencyLetter:
    """A letter of an agency: its title or address, and its day."""

    document: str
    day: date


class ByLetter(models.Model):
    """An answer that may have come by letter.

    The letter's title or address, and its day. Whoever recorded it stands as the one who gave
    it; both fields are empty where the agency answered on its own page.
    """

    letter = models.CharField(_("letter"), max_length=300, blank=True)
    letter_day = models.DateField(
        _("day of the letter"), null=True, blank=True, validators=[validate_day]
    )

    class Meta:
        abstract = True

    def keep_letter(self, letter: AgencyLetter | None) -> None:
        """Set the letter, or None where the agency answered itself."""
        self.letter = letter.document.strip() if letter else ""
        self.letter_day = letter.day if letter else None

    def sign(self, own: ChangeReason, by_letter: LetterChange, *, by: Person) -> None:
        """Sign history: for the agency, or for the team with its letter."""
        if self.letter:
            history.sign(self, by=by, reason=by_letter, values={"letter": self.letter})
        else:
            history.sign(self, by=by, reason=own)


def letter_has_day(name: str) -> models.CheckConstraint:
    """Return the constraint that title and day of a letter go together."""
    return models.CheckConstraint(
        condition=Q(letter="", letter_day__isnull=True)
        | ~Q(letter="") & Q(letter_day__isnull=False),
        name=name,
        violation_error_message=_("A letter has a title and a day."),
    )

"""The words of an agency's mandate.

Statements count how often they occur.
"""

import re
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core import history, permissions, versions
from coordination.core.permissions import On
from coordination.core.queries import day_in_group
from coordination.members.actions.appointments import lock_agency
from coordination.members.enums import MembersChange
from coordination.members.errors import TermNotCounted
from coordination.members.models import Agency, Person

MOST_TERMS, LONGEST_TERM, SHORTEST_STEM = 60, 60, 3
STEM = re.compile(r"(?P<stem>[^\W_]*)\*")
ENDS_ITS_WORD = re.compile(r"\*(?![^\W_*]|\*)")


def cleaned_terms(terms: Iterable[str]) -> list[str]:
    """Return terms as they are stored.

    One space between words; each term once, in the case in which it came first. Raises
    TermNotCounted.
    """
    term_by_key: dict[str, str] = {}
    for term in terms:
        cleaned = " ".join(term.split())
        if cleaned:
            refuse_uncounted(cleaned)
            term_by_key.setdefault(cleaned.casefold(), cleaned)
    if len(term_by_key) > MOST_TERMS:
        raise TermNotCounted(
            _("At most %(most)s terms are counted; these are %(count)s.")
            % {"most": MOST_TERMS, "count": len(term_by_key)},
            field="terms",
        )
    return list(term_by_key.values())


def refuse_uncounted(term: str) -> None:
    """Raise TermNotCounted for a term that cannot be counted.

    It has no letter, is too long, or its “*” stands for almost any word.
    """
    if len(term) > LONGEST_TERM:
        raise TermNotCounted(
            _("“%(term)s …” is too long for a term; give each a line of its own.")
            % {"term": term[:30]},
            field="terms",
        )
    if not any(character.isalnum() for character in term):
        raise TermNotCounted(
            _("“%(term)s” has no letter; it would never be found.") % {"term": term},
            field="terms",
        )
    stems = STEM.findall(term)
    # A short stem would match words of every text.
    if any(len(stem) < SHORTEST_STEM for stem in stems) or len(
        ENDS_ITS_WORD.findall(term)
    ) != term.count("*"):
        raise TermNotCounted(
            _(
                "In “%(term)s”: “*” stands for any ending, and needs at least %(least)s letters "
                "before it and none after."
            )
            % {"term": term, "least": SHORTEST_STEM},
            field="terms",
        )


@transaction.atomic
def edit_mandate(
    agency: Agency, terms: Iterable[str], *, version: int, by: Person, at: datetime
) -> Agency:
    """Change the words of an agency's mandate.

    Terms are whole words in any case, with “*” for any ending; none if it is not counted. Raises
    NotAllowed, TermNotCounted, and Stale when a colleague saved meanwhile.
    """
    agency = lock_agency(agency)
    permissions.require(by, "members.edit_mandate", On(day_in_group(at), agency))
    versions.claim(agency, version)
    agency.mandate_terms = cleaned_terms(terms)
    history.sign(agency, by=by, reason=MembersChange.MANDATE_WORDS)
    agency.save(update_fields=["mandate_terms"])
    return agency

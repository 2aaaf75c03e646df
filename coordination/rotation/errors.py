"""Rules of the rotation that an act can break."""

from coordination.core.errors import RuleBroken


class TermsOverlap(RuleBroken):
    """Another term already covers some of the days."""


class NobodyChairs(RuleBroken):
    """A term needs an agency; each must be a member on its first and on its last day."""


class TooManyChairs(RuleBroken):
    """One agency chairs, or two jointly."""


class TermNotProposed(RuleBroken):
    """Only a proposal can be confirmed or withdrawn."""


class NoteNeeded(RuleBroken):
    """What does not apply needs a word on why."""


class ItemStands(RuleBroken):
    """From where the item stands this does not follow.

    What is settled is opened again first, and what is open is open.
    """


class AlreadySigned(RuleBroken):
    """This side has signed."""

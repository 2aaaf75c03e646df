"""Closed lists of the statements domain, and the life of a statement as one table."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class StatementState(TextChoices):
    """Where a statement is in its life."""

    DRAFTING = "drafting", _("drafting")
    AMENDMENTS = "amendments", _("amendments open")
    CONSOLIDATION = "consolidation", _("consolidation")
    CLEARANCE = "clearance", _("clearance")
    ADOPTED = "adopted", _("adopted")
    WITHDRAWN = "withdrawn", _("withdrawn")


TRANSITIONS: dict[StatementState, frozenset[StatementState]] = {
    StatementState.DRAFTING: frozenset({StatementState.AMENDMENTS, StatementState.WITHDRAWN}),
    StatementState.AMENDMENTS: frozenset({StatementState.CONSOLIDATION, StatementState.WITHDRAWN}),
    StatementState.CONSOLIDATION: frozenset({StatementState.AMENDMENTS, StatementState.CLEARANCE, StatementState.WITHDRAWN}),
    StatementState.CLEARANCE: frozenset({StatementState.CONSOLIDATION, StatementState.ADOPTED, StatementState.WITHDRAWN}),
    StatementState.ADOPTED: frozenset(),
    StatementState.WITHDRAWN: frozenset(),
}


class BlockKind(TextChoices):
    """What a block of a statement is."""

    TITLE = "title", _("title")
    HEADING = "heading", _("heading")
    PREAMBULAR = "preambular", _("preambular paragraph")
    OPERATIVE = "operative", _("operative paragraph")
    BODY = "body", _("paragraph")


class AmendmentState(TextChoices):
    """What became of an amendment; none ever disappears."""

    OPEN = "open", _("open")
    TAKEN = "taken", _("taken")
    ADAPTED = "adapted", _("adapted")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")


class StepLevel(TextChoices):
    """Who speaks for an agency in a step of clearance."""

    WORKING_LEVEL = "working_level", _("working-level clearance")
    PRINCIPALS = "principals", _("principals’ approval")


class PositionKind(TextChoices):
    """What an agency says to one exact text."""

    APPROVE = "approve", _("approves")
    RESERVE = "reserve", _("approves with reservation")
    OBJECT = "object", _("objects")
    NOT_JOIN = "not_join", _("does not join")

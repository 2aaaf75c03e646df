"""The models of statements, listed here for Django."""

from coordination.statements.models.amendments import (
    Amendment,
    Comment,
    CoSponsor,
    DismissedMention,
    ParagraphOrder,
    PreparedAmendment,
    Settlement,
)
from coordination.statements.models.clearance import (
    ClearanceStep,
    LetterToSilent,
    Position,
    PreparedPosition,
    StepTemplate,
)
from coordination.statements.models.statements import (
    Block,
    Delivery,
    Draft,
    PersonReading,
    Reading,
    Signatory,
    Statement,
)
from coordination.statements.models.word import WordAuthor, WordFile

__all__ = [
    "Amendment",
    "Block",
    "ClearanceStep",
    "CoSponsor",
    "Comment",
    "Delivery",
    "DismissedMention",
    "Draft",
    "LetterToSilent",
    "ParagraphOrder",
    "PersonReading",
    "Position",
    "PreparedAmendment",
    "PreparedPosition",
    "Reading",
    "Settlement",
    "Signatory",
    "Statement",
    "StepTemplate",
    "WordAuthor",
    "WordFile",
]

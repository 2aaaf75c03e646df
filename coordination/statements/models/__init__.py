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
from coordination.statements.models.languages import LanguageVersion
from coordination.statements.models.manifests import (
    Manifest,
    ManifestEnvelope,
    ManifestFile,
    SigningKey,
    TimeStamp,
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
    "LanguageVersion",
    "LetterToSilent",
    "Manifest",
    "ManifestEnvelope",
    "ManifestFile",
    "ParagraphOrder",
    "PersonReading",
    "Position",
    "PreparedAmendment",
    "PreparedPosition",
    "Reading",
    "Settlement",
    "Signatory",
    "SigningKey",
    "Statement",
    "StepTemplate",
    "TimeStamp",
    "WordAuthor",
    "WordFile",
]

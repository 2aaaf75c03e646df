"""The models of the rotation, listed here for Django."""

from coordination.rotation.models.handovers import (
    ChecklistTemplateItem,
    DeclinedSignature,
    Handover,
    HandoverItem,
)
from coordination.rotation.models.lessons import Lesson
from coordination.rotation.models.operations import (
    OperationConsent,
    OperationTerm,
    OwedTurn,
    TermOperation,
)
from coordination.rotation.models.state_of_play import (
    KeptPlace,
    MatterJudgement,
    OutsidePromise,
    StateOfPlay,
)
from coordination.rotation.models.terms import ChairTerm, TermAgency, TermCorrection

__all__ = [
    "ChairTerm",
    "ChecklistTemplateItem",
    "DeclinedSignature",
    "Handover",
    "HandoverItem",
    "KeptPlace",
    "Lesson",
    "MatterJudgement",
    "OperationConsent",
    "OperationTerm",
    "OutsidePromise",
    "OwedTurn",
    "StateOfPlay",
    "TermAgency",
    "TermCorrection",
    "TermOperation",
]

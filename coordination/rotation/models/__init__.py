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
from coordination.rotation.models.selection import (
    Candidature,
    Escalation,
    PrincipalAnswer,
    Selection,
    SelectionDecision,
    SelectionTerm,
    Unavailability,
)
from coordination.rotation.models.state_of_play import (
    KeptPlace,
    MatterJudgement,
    OutsidePromise,
    StateOfPlay,
)
from coordination.rotation.models.terms import ChairTerm, TermAgency, TermCorrection
from coordination.rotation.models.votes import OpenVote, SecretVoter, SelectionVote, VoteOption

__all__ = [
    "Candidature",
    "ChairTerm",
    "ChecklistTemplateItem",
    "DeclinedSignature",
    "Escalation",
    "Handover",
    "HandoverItem",
    "KeptPlace",
    "Lesson",
    "MatterJudgement",
    "OpenVote",
    "OperationConsent",
    "OperationTerm",
    "OutsidePromise",
    "OwedTurn",
    "PrincipalAnswer",
    "SecretVoter",
    "Selection",
    "SelectionDecision",
    "SelectionTerm",
    "SelectionVote",
    "StateOfPlay",
    "TermAgency",
    "TermCorrection",
    "TermOperation",
    "Unavailability",
    "VoteOption",
]

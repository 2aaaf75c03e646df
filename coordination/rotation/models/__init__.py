"""The models of the rotation, listed here for Django."""

from coordination.rotation.models.handovers import ChecklistTemplateItem, Handover, HandoverItem
from coordination.rotation.models.operations import (
    OperationConsent,
    OperationTerm,
    OwedTurn,
    TermOperation,
)
from coordination.rotation.models.terms import ChairTerm, TermAgency, TermCorrection

__all__ = [
    "ChairTerm",
    "ChecklistTemplateItem",
    "Handover",
    "HandoverItem",
    "OperationConsent",
    "OperationTerm",
    "OwedTurn",
    "TermAgency",
    "TermCorrection",
    "TermOperation",
]

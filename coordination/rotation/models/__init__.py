"""The models of the rotation, listed here for Django."""

from coordination.rotation.models.handovers import ChecklistTemplateItem, Handover, HandoverItem
from coordination.rotation.models.selection import (
    Candidature,
    Escalation,
    PrincipalAnswer,
    Selection,
    SelectionDecision,
    SelectionTerm,
    Unavailability,
)
from coordination.rotation.models.terms import ChairTerm, TermAgency, TermCorrection
from coordination.rotation.models.votes import OpenVote, SecretVoter, SelectionVote, VoteOption

__all__ = [
    "Candidature",
    "ChairTerm",
    "ChecklistTemplateItem",
    "Escalation",
    "Handover",
    "HandoverItem",
    "OpenVote",
    "PrincipalAnswer",
    "SecretVoter",
    "Selection",
    "SelectionDecision",
    "SelectionTerm",
    "SelectionVote",
    "TermAgency",
    "TermCorrection",
    "Unavailability",
    "VoteOption",
]

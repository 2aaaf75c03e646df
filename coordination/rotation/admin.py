"""The rotation in the admin.

The workflow owns terms and handovers, so they are read-only. The checklist template is edited here.
"""

from typing import Any

from django.contrib import admin
from django.db.models import F, Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination.core import formatting
from coordination.core.admin import ReadOnly, RecordAdmin, UndeletableInline
from coordination.core.periods import gaps
from coordination.rotation.enums import TermState
from coordination.rotation.models import (
    Candidature,
    ChairTerm,
    ChecklistTemplateItem,
    DeclinedSignature,
    Escalation,
    Handover,
    HandoverItem,
    KeptPlace,
    Lesson,
    MatterJudgement,
    OpenVote,
    OperationConsent,
    OperationTerm,
    OutsidePromise,
    OwedTurn,
    PrincipalAnswer,
    SecretVoter,
    Selection,
    SelectionTerm,
    SelectionVote,
    StateOfPlay,
    TermAgency,
    TermCorrection,
    TermOperation,
    Unavailability,
)
from coordination.rotation.queries import chair
from coordination.rotation.queries.chair import Sitting
from coordination.rotation.queries.decision_words import decision_words


class TermAgencyInline(ReadOnly, UndeletableInline):
    """The agencies of a term."""

    model = TermAgency


def sitting_text(sitting: Sitting) -> str:
    """Return "FAO, IOM", with a last day that differs from the term's."""
    names = formatting.list_of(agency.acronym for agency in sitting.agencies)
    if sitting.last_day == sitting.term.last_day:
        return names
    return _("%(names)s until %(last)s") % {"names": names, "last": sitting.last_day}


@admin.register(ChairTerm)
class ChairTermAdmin(ReadOnly, RecordAdmin):
    """Show chair terms and their vacant days."""

    list_display = ("slug", "first_day", "last_day", "kind", "state", "chairing", "theme")
    list_filter = ("state", "kind")
    search_fields = ("slug", "theme", "chairs__agency__acronym", "note")
    date_hierarchy = "first_day"
    inlines = (TermAgencyInline,)

    def get_queryset(self, request: Any) -> QuerySet[ChairTerm]:
        """Load the terms with their agencies' days of membership."""
        rows = Prefetch("chairs", queryset=chair.chairing_rows(), to_attr="chairing_rows")
        terms: QuerySet[ChairTerm] = super().get_queryset(request)
        return terms.prefetch_related(rows)

    @admin.display(description=gettext_lazy("chairs"))
    def chairing(self, term: Any) -> str:
        """Return who chairs on which days of the term.

        Nobody on the others.
        """
        sittings = chair.sittings_of(term.chairing_rows)
        shown = [sitting_text(sitting) for sitting in sittings]
        if term.state == TermState.CONFIRMED:
            days = [sitting.period for sitting in sittings]
            shown += [
                _("nobody from %(first)s to %(last)s") % {"first": gap.first, "last": gap.last}
                for gap in gaps(days, term.first_day, term.last_day)
            ]
        return "; ".join(shown)


@admin.register(TermCorrection)
class TermCorrectionAdmin(ReadOnly, RecordAdmin):
    """Show corrections read-only.

    Their page makes and agrees to them.
    """

    list_display = (
        "term",
        "first_day",
        "last_day",
        "source",
        "proposed_by",
        "proposed_for",
        "agreed_for",
        "applied_at",
    )
    list_select_related = ("term", "proposed_by", "proposed_for", "agreed_for")
    list_filter = (("applied_at", admin.EmptyFieldListFilter),)
    search_fields = ("term__slug", "source", "reason")


@admin.register(ChecklistTemplateItem)
class ChecklistTemplateItemAdmin(RecordAdmin):
    """The template of each new handover's items."""

    list_display = ("title", "side", "due_offset_days", "position", "page", "active")
    list_filter = ("side", "active")
    search_fields = ("title", "detail", "key")


class HandoverItemInline(ReadOnly, UndeletableInline):
    """The items of a handover."""

    model = HandoverItem


@admin.register(Handover)
class HandoverAdmin(ReadOnly, RecordAdmin):
    """Handovers."""

    list_display = ("incoming_term", "created_at", "outgoing_signed_at", "incoming_signed_at")
    list_select_related = ("incoming_term",)
    list_filter = (
        ("outgoing_signed_at", admin.EmptyFieldListFilter),
        ("incoming_signed_at", admin.EmptyFieldListFilter),
    )
    search_fields = ("incoming_term__slug",)
    inlines = (HandoverItemInline,)


@admin.register(HandoverItem)
class HandoverItemAdmin(ReadOnly, RecordAdmin):
    """Handover items, with their history."""

    list_display = ("title", "handover", "side", "due_day", "state")
    list_select_related = ("handover__incoming_term",)
    list_filter = ("state", "side")
    search_fields = ("title",)


class OperationTermInline(ReadOnly, UndeletableInline):
    """The terms of an operation."""

    model = OperationTerm


class OperationConsentInline(ReadOnly, UndeletableInline):
    """The consents to an offer."""

    model = OperationConsent


@admin.register(TermOperation)
class TermOperationAdmin(ReadOnly, RecordAdmin):
    """Operations on terms, read-only; their pages make and decide them."""

    list_display = (
        "kind",
        "state",
        "made_at",
        "made_by",
        "who_decided",
        "decided_at",
        "offered_for",
    )
    list_select_related = ("made_by", "offered_for")
    list_filter = ("kind", "state")
    search_fields = ("decision", "document", "reason", "terms__term__slug")
    date_hierarchy = "made_at"
    inlines = (OperationTermInline, OperationConsentInline)
    readonly_fields = ("who_decided",)

    @admin.display(description=gettext_lazy("who decided"), ordering="decision")
    def who_decided(self, operation: TermOperation) -> str:
        """Return who decided, or how a selection did."""
        return decision_words(operation)


@admin.register(OwedTurn)
class OwedTurnAdmin(ReadOnly, RecordAdmin):
    """Turns that are owed, and the terms that settled them."""

    list_display = ("agency", "operation", "settled_by")
    list_select_related = ("agency", "operation", "settled_by")
    list_filter = (("settled_by", admin.EmptyFieldListFilter),)
    search_fields = ("agency__acronym", "settled_by__slug")


@admin.register(DeclinedSignature)
class DeclinedSignatureAdmin(ReadOnly, RecordAdmin):
    """Refusals to sign a handover."""

    list_display = ("handover", "side", "level", "declined_by", "declined_at")
    list_select_related = ("handover__incoming_term", "declined_by")
    list_filter = ("side", "level")
    search_fields = ("reason",)


@admin.register(StateOfPlay)
class StateOfPlayAdmin(ReadOnly, RecordAdmin):
    """Show summaries of states of play.

    The page of the term writes them.
    """

    list_display = ("term", "written_by", "written_at", "filed_by", "filed_at")
    list_select_related = ("term", "written_by", "filed_by")
    list_filter = ("filed_level", ("filed_at", admin.EmptyFieldListFilter))
    search_fields = ("summary", "term__slug")


@admin.register(MatterJudgement)
class MatterJudgementAdmin(ReadOnly, RecordAdmin):
    """Lines of chairs on open matters."""

    list_display = ("words", "term", "kind", "outlook", "judged_by", "judged_at")
    list_select_related = ("term", "judged_by")
    list_filter = ("outlook", "kind")
    search_fields = ("words", "condition", "response")


@admin.register(OutsidePromise)
class OutsidePromiseAdmin(ReadOnly, RecordAdmin):
    """Promises outside the record."""

    list_display = ("what", "to_whom", "due_day", "state", "term")
    ordering = (F("due_day").asc(nulls_last=True), "pk")
    list_select_related = ("term",)
    list_filter = ("state",)
    search_fields = ("what", "to_whom")


@admin.register(KeptPlace)
class KeptPlaceAdmin(ReadOnly, RecordAdmin):
    """Places and keys, and who holds them."""

    list_display = ("what", "where", "agency", "holder", "ended_at")
    list_select_related = ("agency",)
    list_filter = (("ended_at", admin.EmptyFieldListFilter),)
    search_fields = ("what", "where", "holder")


@admin.register(Lesson)
class LessonAdmin(ReadOnly, RecordAdmin):
    """Lessons of terms."""

    list_display = ("__str__", "term", "kind", "written_by", "withdrawn_at")
    list_select_related = ("term", "written_by")
    list_filter = ("kind", ("withdrawn_at", admin.EmptyFieldListFilter))
    search_fields = ("text",)


class SelectionTermInline(ReadOnly, UndeletableInline):
    """The terms that a selection fills."""

    model = SelectionTerm


class CandidatureInline(ReadOnly, UndeletableInline):
    """What agencies answered."""

    model = Candidature


class EscalationInline(ReadOnly, UndeletableInline):
    """When it went to the principals."""

    model = Escalation


class PrincipalAnswerInline(ReadOnly, UndeletableInline):
    """What the principals answered."""

    model = PrincipalAnswer


@admin.register(Selection)
class SelectionAdmin(ReadOnly, RecordAdmin):
    """Selections, read-only; their pages change them."""

    list_display = ("slug", "state", "call_until", "decision_until", "opened_by", "closed_at")
    list_select_related = ("opened_by",)
    list_filter = ("state",)
    search_fields = ("slug", "closing_words")
    inlines = (SelectionTermInline, CandidatureInline, EscalationInline, PrincipalAnswerInline)


@admin.register(Unavailability)
class UnavailabilityAdmin(ReadOnly, RecordAdmin):
    """Show unavailable days read-only.

    The agency's own page notes them.
    """

    list_display = ("agency", "first_day", "last_day", "reason", "noted_by", "withdrawn_at")
    list_select_related = ("agency", "noted_by")
    list_filter = (("withdrawn_at", admin.EmptyFieldListFilter),)
    search_fields = ("agency__acronym", "reason")


class OpenVoteInline(ReadOnly, UndeletableInline):
    """Open votes."""

    model = OpenVote


class SecretVoterInline(ReadOnly, UndeletableInline):
    """Show who voted in secret, without choice or count."""

    model = SecretVoter


@admin.register(SelectionVote)
class SelectionVoteAdmin(ReadOnly, RecordAdmin):
    """Show votes read-only.

    The page of a vote shows the result once it is closed.
    """

    list_display = ("term", "state", "is_secret", "quorum", "until", "opened_by", "closed_at")
    list_select_related = ("term", "opened_by")
    list_filter = ("state", "is_secret")
    search_fields = ("term__selection__slug",)
    inlines = (OpenVoteInline, SecretVoterInline)

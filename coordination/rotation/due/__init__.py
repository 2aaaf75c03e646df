"""The mails that the rotation sends."""

from django.utils.translation import gettext_lazy as _

from coordination.core.due import Source, register
from coordination.rotation.due import (
    confirmed,
    handovers,
    operations,
    selections,
    shortages,
    signatures,
    vacancies,
)

register(
    Source(
        kind="rotation.handover",
        label=_("Handover of the chair"),
        can_be_off=False,
        find=handovers.handover_reminders,
        changed=_("The handover is complete, or the term was changed."),
    )
)
register(
    Source(
        kind="rotation.item_overdue",
        label=_("Late items of a handover"),
        can_be_off=True,
        find=handovers.overdue_items,
        changed=_("The item is settled, or it has another due day."),
    )
)
register(
    Source(
        kind="rotation.signature",
        label=_("A signature under a handover is void, or declined"),
        can_be_off=False,
        find=signatures.signature_news,
        find_since=signatures.signature_news,
        changed=_("The side has signed, or nothing is handed over any more."),
    )
)
register(
    Source(
        kind="rotation.vacancy",
        label=_("Nobody chairs"),
        can_be_off=True,
        find=vacancies.vacancy_warnings,
        changed=_("A term covers these days now, or the vacancy begins on another day."),
    )
)
register(
    Source(
        kind="rotation.confirmed",
        label=_("A term is confirmed"),
        can_be_off=True,
        find=confirmed.confirmations,
        find_since=confirmed.confirmations,
        changed=_("The term is not confirmed any more."),
    )
)
register(
    Source(
        kind="rotation.operation",
        label=_("A turn of your agency moves"),
        can_be_off=False,
        find=operations.turns_moved,
        find_since=operations.turns_moved,
    )
)
register(
    Source(
        kind="rotation.offer",
        label=_("An exchange is offered to your agency"),
        can_be_off=False,
        find=operations.offers_waiting,
        changed=_("The offer was answered, has ended, or its terms moved."),
    )
)
register(
    Source(
        kind="rotation.offer_ended",
        label=_("An offered exchange ended"),
        can_be_off=True,
        find=operations.offers_ended,
        find_since=operations.offers_ended,
    )
)
for kind, label, find, changed in (
    (
        "rotation.stand",
        _("Whether your agency stands for the chair"),
        selections.calls,
        _("The agency has answered, or the selection has other dates or is over."),
    ),
    (
        "rotation.vote",
        _("A vote on the chair"),
        selections.votes,
        _("The agency has voted, or the vote is closed."),
    ),
    (
        "rotation.decide",
        _("The decision on the chair"),
        selections.decisions,
        _("It is decided, or the selection has other dates."),
    ),
    (
        "rotation.escalation",
        _("A selection that the principals decide"),
        selections.escalations,
        _("It is decided, has another deadline, or the principal has answered."),
    ),
):
    register(Source(kind=kind, label=label, can_be_off=False, find=find, changed=changed))
register(
    Source(
        kind="rotation.agency_short",
        label=_("An agency has too few or too many focal points (to the chair’s team)"),
        can_be_off=True,
        find=shortages.agencies_short,
        changed=_("The agency has as many focal points as expected, or the days changed."),
    )
)

"""The mails that the rotation sends."""

from django.utils.translation import gettext_lazy as _

from coordination.core.due import Source, register
from coordination.rotation.due import confirmed, handovers, selections, vacancies

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

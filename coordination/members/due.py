"""Which mails of the members domain are due to whom.

They are invitations, shortages of focal points, and changes of addresses and second factors.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from coordination.core import queries as core_queries
from coordination.core.clock import day_at
from coordination.core.due import Due, Source, register
from coordination.members import rules
from coordination.members.models import AddressChange, FactorReset, Person
from coordination.members.queries import confirmations, people, recipients
from coordination.members.queries import shortages as queries
from coordination.members.queries.confirmations import RosterLink
from coordination.members.queries.invitations import open_invitations, token_of

OLD_CHANGE = timedelta(days=8)  # longer than a request to reset a second factor stays open


def invitations(moment: datetime) -> Iterator[Due]:
    """Yield the mail with the link of each open invitation."""
    for invitation in open_invitations(moment).filter(invited_at__lte=moment, person__isnull=False):
        url = reverse("members:accept", args=[token_of(invitation.nonce)])
        yield Due(
            kind="members.invitation",
            subject=f"invitation:{invitation.pk}",
            stage="invited",
            # never 0: the filter leaves out old invitations without a person
            person_id=invitation.person_id or 0,
            at=invitation.invited_at,
            url=url,
            context={"invitation": invitation, "agency": invitation.agency},
            until=invitation.expires_at,
        )


def shortages(moment: datetime) -> Iterator[Due]:
    """Yield mails to agencies with too few or too many focal points.

    They go to its focal points, without any to its principal's office, on the occasions that
    `shortages.occasion` names. `rotation.agency_short` tells the chair.
    """
    group = core_queries.group()
    for wrong in queries.wrong_numbers(day_at(moment, group.zone), group):
        occasion = queries.occasion(wrong.flag, group, moment)
        if occasion is None:
            continue
        for appointment in recipients.once_per_person(wrong.readers):
            yield Due(
                kind="members.focal_points_short",
                subject=f"agency:{wrong.agency.pk}",
                stage=occasion.stage,
                person_id=appointment.person_id,
                at=occasion.at,
                url=reverse("members:agency", args=[wrong.agency.slug]) + "#focal-points",
                context={"agency": wrong.agency, "flag": wrong.flag, "headline": wrong.headline},
            )


def roster_checks(moment: datetime) -> Iterator[Due]:
    """Yield the question whether an agency's people are recorded correctly.

    It is asked twice a year. It goes to who is in office for each agency that has not confirmed
    since the round began, with reminders after 7, 14 and 30 days. The link of a mail is its
    person's own.
    """
    group = core_queries.group()
    day = day_at(moment, group.zone)
    began = confirmations.round_on(day)
    # no zone is a day ahead of or behind the group's by more than this
    if day > began + timedelta(days=confirmations.STAGES[-1] + 8):
        return
    agencies = list(confirmations.unconfirmed(day, group.zone))
    for row in confirmations.who_is_asked(agencies, day):
        stage = confirmations.stage_of(began, row.person.zone or group.zone, moment)
        if stage:
            link = RosterLink(row.agency_id, row.person_id, began)
            yield Due(
                kind="members.roster_check",
                subject=f"agency:{row.agency_id}",
                stage=f"{began.isoformat()} {stage.days}d",
                person_id=row.person_id,
                part=str(row.agency_id),
                at=stage.at,
                url=link.path,
                context={"agency": row.agency, "is_reminder": stage.days > 0, "began": began},
            )


def address_changes(moment: datetime, since: datetime | None = None) -> Iterator[Due]:
    """Yield the notices of each change of a sign-in address.

    They go to the old address, if there is one, and to the person's colleagues. The first address
    counts as a change.
    """
    changes = AddressChange.objects.filter(
        changed_at__gt=(since or moment) - OLD_CHANGE, changed_at__lte=moment
    )
    zone = core_queries.group().zone
    for change in changes.select_related("person", "changed_by"):
        colleagues = people.colleagues_to_tell(change.person, day_at(change.changed_at, zone))
        context = {
            "change": change,
            "old": people.masked_address(change.old),
            "new": people.masked_address(change.new),
            "whom": _whom_to_tell(change, colleagues),
        }
        # The parts of one occasion share all but recipient and address.
        notice = partial(
            Due,
            kind="members.address_changed",
            subject=f"address:{change.pk}",
            stage="changed",
            at=change.changed_at,
            context=context,
        )
        if change.old:
            yield notice(
                person_id=change.person_id,
                part="old",
                address=change.old,
                url=reverse("members:directory"),
            )
        for colleague in colleagues:
            yield notice(person_id=colleague.pk, url=reverse("members:directory"))


def _whom_to_tell(change: AddressChange, colleagues: list[Person]) -> list[str]:
    """Return the names of people who can help.

    The address may have been changed by a thief. Colleagues come first, then administrators, never
    the author of the change.
    """
    helpers = {
        person.pk: str(person)
        for person in (*colleagues, *people.administrators())
        if person.pk not in {change.person_id, change.changed_by_id}
    }
    return list(helpers.values())


def factor_resets(moment: datetime, since: datetime | None = None) -> Iterator[Due]:
    """Yield the mails about each reset of a second factor.

    They go to the person and to those who may confirm, and to colleagues once it is done.
    """
    zone = core_queries.group().zone
    after = (since or moment) - OLD_CHANGE
    resets = FactorReset.objects.filter(
        Q(asked_at__gt=after) | Q(confirmed_at__gt=after),
        asked_at__lte=moment,
        withdrawn_at__isnull=True,
    )
    for reset in resets.select_related("person", "asked_by", "confirmed_by"):
        if reset.confirmed_at:
            others = people.colleagues_to_tell(reset.person, day_at(reset.confirmed_at, zone))
        else:
            others = [
                administrator
                for administrator in rules.who_can_reset_factor(reset.person, day_at(moment, zone))
                if administrator.pk != reset.asked_by_id
            ]
        for person in [reset.person, *others]:
            is_own = person.pk == reset.person_id
            page = (
                "mfa_index"
                if is_own
                else "admin:members_factorreset_changelist"
                if person.is_staff
                else "members:directory"
            )
            yield Due(
                kind="members.factor_reset",
                subject=f"reset:{reset.pk}",
                stage="confirmed" if reset.confirmed_at else "asked",
                person_id=person.pk,
                at=reset.confirmed_at or reset.asked_at,
                url=reverse(page),
                context={"reset": reset, "own": is_own},
            )


register(
    Source(
        kind="members.invitation",
        label=_("Invitations to me"),
        can_be_off=False,
        find=invitations,
        changed=_("The invitation was accepted or withdrawn."),
    )
)
register(
    Source(
        kind="members.focal_points_short",
        label=_("My agency has too few or too many focal points"),
        can_be_off=True,
        find=shortages,
        changed=_("The agency has as many focal points as expected, or the days changed."),
    )
)
register(
    Source(
        kind="members.address_changed",
        label=_("Changes of sign-in addresses"),
        can_be_off=False,
        find=address_changes,
        find_since=address_changes,
    )
)
register(
    Source(
        kind="members.factor_reset",
        label=_("Resets of second factors"),
        can_be_off=False,
        find=factor_resets,
        find_since=factor_resets,
        changed=_("The request was confirmed or withdrawn."),
    )
)
register(
    Source(
        kind="members.roster_check",
        label=_("Whether my agency’s people are as recorded"),
        can_be_off=False,
        find=roster_checks,
        changed=_("The agency has confirmed who its people are."),
    )
)

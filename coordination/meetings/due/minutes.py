"""Which mails about minutes, their corrections and action items are due."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from coordination.core import due
from coordination.core import queries as core_queries
from coordination.core.due import Due, morning_of
from coordination.core.queries import day_in_group
from coordination.meetings import queries
from coordination.meetings.enums import CorrectionState, MinutesState
from coordination.meetings.models import Minutes, MinutesCorrection
from coordination.members.enums import Role
from coordination.members.models import Agency, Appointment
from coordination.members.queries import recipients
from coordination.members.queries.agencies import members_on

REMINDED_BEFORE = timedelta(days=1)
# for so long a decision about a correction is news
RECENT = timedelta(days=14)
# days before the due day of an action item
ITEM_AHEAD = (7, 0)
DECIDED = (CorrectionState.TAKEN, CorrectionState.ADAPTED, CorrectionState.DECLINED)


def circulated_minutes(at: datetime) -> Iterator[Due]:
    """Yield a mail about circulated minutes, and a reminder.

    The reminder comes a day before the deadline. They go to the focal points of the members. An
    agency that has proposed a correction has read the minutes, so it is not reminded.
    """
    circulated = list(
        Minutes.objects.filter(
            state=MinutesState.CIRCULATED, circulated_at__lte=at, corrections_until__gt=at
        ).select_related("meeting")
    )
    if not circulated:
        return
    day = day_in_group(at)
    people = list(recipients.reachable_appointments(members_on(day), day, Role.FOCAL_POINT))
    corrected = set(
        MinutesCorrection.objects.filter(paragraph__minutes__in=circulated).values_list(
            "paragraph__minutes_id", "agency_id"
        )
    )
    for minutes in circulated:
        assert minutes.circulated_at
        assert minutes.corrections_until
        reminded_at = minutes.corrections_until - REMINDED_BEFORE
        is_reminder = minutes.circulated_at < reminded_at <= at
        have_read = {agency for pk, agency in corrected if is_reminder and pk == minutes.pk}
        remaining = [row for row in people if row.agency_id not in have_read]
        for row in recipients.once_per_person(remaining):
            yield Due(
                kind="meetings.minutes",
                subject=str(minutes.pk),
                stage="1d" if is_reminder else "circulated",
                person_id=row.person_id,
                at=reminded_at if is_reminder else minutes.circulated_at,
                url=reverse("meetings:minutes", args=[minutes.meeting.slug]),
                context={"minutes": minutes, "is_reminder": is_reminder},
                until=minutes.corrections_until,
            )


def decided_corrections(at: datetime, since: datetime | None = None) -> Iterator[Due]:
    """Yield a mail about each correction that the chair has decided.

    It goes to the author. Once the author has left it goes to all focal points of the agency.
    """
    decided = list(
        MinutesCorrection.objects.filter(
            state__in=DECIDED, decided_at__lte=at, decided_at__gt=(since or at) - RECENT
        ).select_related("agency", "paragraph__minutes__meeting")
    )
    people = recipients.appointments_by_agency(
        {correction.agency_id for correction in decided}, day_in_group(at), Role.FOCAL_POINT
    )
    for correction in decided:
        assert correction.decided_at
        page = reverse("meetings:minutes", args=[correction.paragraph.minutes.meeting.slug])
        for row in owners_of(correction.agency, correction.author_id, people):
            yield Due(
                kind="meetings.correction",
                subject=str(correction.pk),
                stage="decided",
                person_id=row.person_id,
                at=correction.decided_at,
                url=f"{page}#correction-{correction.pk}",
                context={"correction": correction},
            )


def due_items(at: datetime) -> Iterator[Due]:
    """Yield reminders of action items.

    Seven days before their due day, and on its morning. They go to the person who took the item on.
    Once that person has left, or where there is none, they go to all focal points of the agency.
    """
    group, day = core_queries.group(), day_in_group(at)
    ahead = day + timedelta(days=ITEM_AHEAD[0])
    items = list(queries.open_items().filter(due_day__gte=day, due_day__lte=ahead))
    people = recipients.appointments_by_agency(
        {item.agency_id for item in items}, day, Role.FOCAL_POINT
    )
    for item in items:
        days = min(days for days in ITEM_AHEAD if (item.due_day - day).days <= days)
        for row in owners_of(item.agency, item.person_id, people):
            zone = row.person.zone or group.zone
            moment = morning_of(item.due_day - timedelta(days=days), zone)
            if moment <= at:
                yield Due(
                    kind="meetings.item_due",
                    subject=str(item.pk),
                    stage=f"{days}d",
                    person_id=row.person_id,
                    at=moment,
                    url=queries.address_of(item),
                    context={"item": item, "is_today": days == 0},
                    until=morning_of(item.due_day + timedelta(days=1), zone),
                )


def owners_of(
    agency: Agency, person_id: int | None, people: dict[int, list[Appointment]]
) -> list[Appointment]:
    """Return the appointments that own an item for the agency. Pure.

    One person's, else those of all its focal points.
    """
    of_agency = people.get(agency.pk, [])
    own = [row for row in of_agency if row.person_id == person_id]
    return own or recipients.once_per_person(of_agency)


due.register(
    due.Source(
        kind="meetings.minutes",
        label=_("Circulated minutes"),
        can_be_off=True,
        find=circulated_minutes,
        changed=_("The time for corrections is over, or the agency proposed a correction."),
    )
)
due.register(
    due.Source(
        kind="meetings.correction",
        label=_("What became of corrections of minutes"),
        can_be_off=True,
        find=decided_corrections,
        find_since=decided_corrections,
        changed=_("The person left, and others of the agency are told."),
    )
)
due.register(
    due.Source(
        kind="meetings.item_due",
        label=_("Action items that are due"),
        can_be_off=True,
        find=due_items,
        changed=_("The action item is settled, or it has another due day."),
    )
)

"""Derive mails about voided and declined signatures of a handover."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from coordination.core import queries
from coordination.core.clock import day_at
from coordination.core.due import Due
from coordination.core.models import Group
from coordination.members.models import Person
from coordination.rotation.due.stages import acronyms_of, reachable_team
from coordination.rotation.models import DeclinedSignature, Handover
from coordination.rotation.queries import chair, handovers
from coordination.rotation.queries.signatures import VOID

SIGNATURE_IS_NEWS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class SignatureNews:
    """A declined or voided signature: which side, when, by whom."""

    handover: Handover
    side: str
    at: datetime
    stage: str
    by: Person | None
    declined: DeclinedSignature | None = None


def signature_news(at: datetime, since: datetime | None = None) -> Iterator[Due]:
    """Yield declined and voided signatures to both teams of a handover.

    The newest of each side counts, and none once the side has signed. Who did it gets no mail.
    """
    group = queries.group()
    after = (since or at) - SIGNATURE_IS_NEWS
    for news in newest_of_each_side([*declined_after(after, at), *voided_after(after, at)]):
        yield from dues_of(news, group)


def declined_after(after: datetime, at: datetime) -> Iterator[SignatureNews]:
    """Yield the signatures that a side declined; one query."""
    rows = DeclinedSignature.objects.filter(declined_at__gt=after, declined_at__lte=at)
    for row in rows.select_related("handover__incoming_term", "declined_by"):
        yield SignatureNews(
            row.handover, row.side, row.declined_at, f"declined-{row.pk}", row.declined_by, row
        )


def voided_after(after: datetime, at: datetime) -> Iterator[SignatureNews]:
    """Yield the signatures that an edit voided, from history.

    Two queries.
    """
    entries: list[Any] = list(
        Handover.history.filter(
            history_date__gt=after,
            history_date__lte=at,
            history_change_reason__in=[code for codes in VOID.values() for code in codes],
        ).select_related("history_user")
    )
    by_key = handovers.handovers().in_bulk({entry.id for entry in entries})
    for entry in entries:
        [side] = [side for side, codes in VOID.items() if entry.history_change_reason in codes]
        yield SignatureNews(
            by_key[entry.id],
            side,
            entry.history_date,
            f"void-{entry.history_id}",
            entry.history_user,
        )


def newest_of_each_side(news: list[SignatureNews]) -> list[SignatureNews]:
    """Return each unsigned side's newest news.

    Not signed since. Pure.
    """
    newest: dict[tuple[int, str], SignatureNews] = {}
    for each in sorted(news, key=lambda each: each.at):
        signed = {
            "outgoing": each.handover.outgoing_signed_at,
            "incoming": each.handover.incoming_signed_at,
        }
        if each.handover.set_aside_at is None and signed[each.side] is None:
            newest[each.handover.pk, each.side] = each
    return list(newest.values())


def dues_of(news: SignatureNews, group: Group) -> Iterator[Due]:
    """Yield one piece of news, once, to each person of both teams."""
    day = day_at(news.at, group.zone)
    both = handovers.sides(news.handover, day, group)
    [own] = [side for side in both if side.key == news.side]
    asked = {person.pk for person in reachable_team(own.answering, day)}
    everyone = reachable_team([agency for side in both for agency in side.answering], day)
    for person in everyone:
        if person == news.by:
            continue
        yield Due(
            kind="rotation.signature",
            subject=f"handover:{news.handover.pk}",
            stage=news.stage,
            person_id=person.pk,
            at=news.at,
            url=reverse("rotation:handover", args=[news.handover.incoming_term.slug])
            + "#signatures",
            until=news.at + SIGNATURE_IS_NEWS,
            context={
                "agencies": acronyms_of(own.agencies),
                "incoming": acronyms_of(chair.chairing_agencies(news.handover.incoming_term)),
                "first_day": news.handover.incoming_term.first_day,
                "declined": news.declined,
                "by": news.by,
                "is_asked": person.pk in asked,
            },
        )

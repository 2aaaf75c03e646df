"""Hours of meetings, as pages and mails show them."""

from datetime import datetime
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils import formats
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from coordination.core import formatting, zones
from coordination.core.templatetags.core import active_zone, badge
from coordination.meetings.enums import Reply, SlotAnswer
from coordination.meetings.models import (
    HourPoll,
    Meeting,
    MeetingAnswer,
    MinutesCorrection,
    PollAnswer,
)
from coordination.meetings.queries import Move, trend
from coordination.meetings.queries.hours import CityHour, key_of
from coordination.meetings.queries.roll import RollCount, represented_sentence
from coordination.members.models import Person

register = template.Library()


@register.filter
def until(ends: datetime, begins: datetime) -> str:
    """Return a meeting's end: "16:15", or "Thu 3 Dec, 00:30", in the reader's zone.

    The day is named where it is not that of the beginning.
    """
    return formatting.end_of(begins, ends, active_zone())


@register.simple_tag
def hour_there(meeting: Meeting) -> str:
    """Return a meeting's end at its place in the form of `until`."""
    assert meeting.ends_at
    return formatting.end_of(meeting.starts_at, meeting.ends_at, meeting.zone)


@register.simple_tag(takes_context=True)
def hours(context: template.Context, meeting: Any) -> str:
    """Return a meeting's hours at its place, then the reader's.

    Both name their city. "Wed 2 Dec 2026, 15:00–16:15 Geneva (09:00–10:15 your time, New York)".
    `meeting` is a meeting or a record of its history.
    """
    group = context["group"]
    return hours_text(meeting, group.time_zone, group.zone_city)


def hours_text(meeting: Any, group_zone: str, group_city: str) -> str:
    """Return the hours of a meeting at its place, then the reader's."""
    own_zone = active_zone()
    return formatting.both_spans(
        (meeting.starts_at, meeting.ends_at),
        zones.zone_of(meeting.time_zone),
        city_in(meeting.time_zone, group_zone, group_city),
        own_zone,
        city_in(own_zone.key, group_zone, group_city),
    )


def hours_on_record(meeting: Any) -> str:
    """Return the hours of a record in the admin.

    The day alone where only that is known.
    """
    if meeting.known_by_day:
        return formatting.known_day(meeting.day, meeting.first_precision)
    return hours_text(meeting, meeting.group_zone, meeting.group_city)


@register.simple_tag(takes_context=True)
def move_sentences(context: template.Context, move: Move) -> list[str]:
    """Return sentences on a moved meeting's hours, place and link.

    Each says from where to where it moved, or that it is as before.
    """
    rows = {
        "hour": (_("Hours"), hours(context, move.before), hours(context, move.after)),
        "place": (_("Place"), move.before.place, move.after.place),
        "link": (_("Videoconference"), move.before.video_url, move.after.video_url),
    }
    return [
        move_sentence(*row, is_changed=name in move.changed)
        for name, row in rows.items()
        if row[1] or row[2]
    ]


def move_sentence(what: str, before: str, after: str, *, is_changed: bool) -> str:
    """Return the sentence on one part of a moved meeting.

    "" is a part that is not named.
    """
    values = {"what": what, "before": before, "after": after}
    if not is_changed:
        return _("%(what)s as before: %(after)s") % values
    if before and after:
        return _("%(what)s: moved from %(before)s to %(after)s") % values
    if after:
        return _("%(what)s: %(after)s (none was named before)") % values
    return _("%(what)s: no longer %(before)s; none is named now") % values


@register.simple_tag
def answer_sentence(answer: MeetingAnswer) -> str:
    """Return what the reader answered, as a sentence to them."""
    return {
        Reply.ACCEPTED: _("You answered: I will attend."),
        Reply.TENTATIVE: _("You answered: perhaps."),
        Reply.DECLINED: _("You answered: I cannot attend."),
        Reply.DELEGATED: _("You answered: %(name)s goes instead.") % {"name": answer.colleague},
    }[Reply(answer.reply)]


@register.simple_tag
def seat_line(person: Person, answer: MeetingAnswer | None) -> str:
    """Return what a focal point answered, for a table."""
    names = {"name": person.name, "colleague": answer.colleague if answer else ""}
    if answer is None:
        return _("%(name)s: no answer yet") % names
    return {
        Reply.ACCEPTED: _("%(name)s: will attend"),
        Reply.TENTATIVE: _("%(name)s: perhaps"),
        Reply.DECLINED: _("%(name)s: cannot attend"),
        Reply.DELEGATED: _("%(name)s: %(colleague)s goes instead"),
    }[Reply(answer.reply)] % names


@register.simple_tag(takes_context=True)
def own_hour(context: template.Context, at: datetime) -> str:
    """Return the reader's hour: "Wed 2 Dec 2026, 09:00 New York", for a subject."""
    zone, group = active_zone(), context["group"]
    city = city_in(zone.key, group.time_zone, group.zone_city)
    return f"{formatting.moment(at, zone)} {city}"


def city_in(zone_name: str, group_zone: str, group_city: str) -> str:
    """Return the city to name beside hours in a zone.

    The group may name its own.
    """
    return group_city if zone_name == group_zone else zones.city_of(zone_name)


# tone and icon of each answer about an hour
ANSWERS = {
    SlotAnswer.YES: ("settled", "check"),
    SlotAnswer.IF_NEED_BE: ("waits", "clock"),
    SlotAnswer.NO: ("blocks", "minus"),
}


@register.simple_tag
def convene_address(poll: HourPoll, starts_at: datetime) -> str:
    """Return the address to convene a meeting from a poll.

    It opens the form with an hour of the poll.
    """
    query = {"starts": key_of(starts_at), "minutes": poll.minutes, "poll": poll.pk}
    return f"{reverse('meetings:convene')}?{urlencode(query)}"


@register.simple_tag
def slot_answer(answer: PollAnswer | None) -> SafeString | str:
    """Return the badge of an agency's answer about an hour."""
    if answer is None:
        return _("no answer yet")
    return badge(answer.get_answer_display(), *ANSWERS[SlotAnswer(answer.answer)])


@register.simple_tag
def hours_outside(city: CityHour) -> SafeString | str:
    """Return the badge of a city that sits outside: minutes, and why."""
    assert city.local
    minutes = _("%(minutes)s min out") % {"minutes": city.local.outside}
    return badge(f"{minutes}, {city.why}" if city.why else minutes, "waits", "moon")


@register.simple_tag(takes_context=True)
def decide_form_of(context: template.Context, correction: MinutesCorrection) -> Any:
    """Return the form with which the reader decides a correction, or None.

    It is the one that was sent where that has errors.
    """
    if context.get("deciding") == correction.pk:
        return context["decided_form"]
    return context["decide_forms"].get(correction.pk)


@register.simple_tag
def represented_line(count: RollCount) -> str:
    """Return how many members were represented, or that nothing is on record."""
    if not count.is_kept:
        return _("Nothing is on record of the attendance.")
    return represented_sentence(count)


@register.filter
def share_text(share: Fraction) -> str:
    """Return a share in the reader's language: "18.75 %"."""
    number = trend.percent(share)
    places = next(n for n in (0, 1, 2) if round(number, n) == number)
    shown = formats.number_format(number, decimal_pos=places)
    return _("%(number)s %%") % {"number": shown}

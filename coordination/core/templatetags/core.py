"""Tags and filters of every page; built in."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.template.defaultfilters import linebreaksbr
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from coordination.core import formatting
from coordination.core.icons import ICONS
from coordination.core.submissions import FIELD
from coordination.textkit.segmentation import Segment

register = template.Library()
SVG = '<svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">{}</svg>'


@register.simple_tag
def icon(name: str) -> SafeString:
    """Return one of our icons.

    It is hidden from screen readers, so a word must stand beside it.
    """
    return format_html(SVG, SafeString(ICONS[name]))


@register.filter
def list_of(items: Iterable[object]) -> str:
    """Return "UNESCO, UNHCR and WHO" in the page's language."""
    return formatting.list_of(items)


@register.simple_tag
def days(first: date, last: date, style: str = "j M Y") -> str:
    """Return "1 Jul 2026 to 31 Dec 2026" in the page's language."""
    return formatting.days(first, last, style)


@register.simple_tag
def form_token() -> SafeString:
    """Return the hidden field with a new one-time token.

    See core.submissions.
    """
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, uuid.uuid4())


@register.simple_tag
def permanent_link(path: str) -> SafeString:
    """Return the link in the foot that leads to a page again."""
    return format_html('<a href="{}">{}</a>', path, _("Permanent link: %(path)s") % {"path": path})


@register.simple_tag
def one_version(segments: Iterable[Segment], kind: str) -> SafeString | str:
    """Return one of two versions, what the other one lacks marked.

    `kind` is "delete" for the version that the segments begin with, "insert" for the other.
    """
    tag = "ins" if kind == "insert" else "del"
    pieces = [
        format_html(f"<{tag}>{{}}</{tag}>", linebreaksbr(segment.text))
        if segment.kind == kind
        else linebreaksbr(conditional_escape(segment.text))
        for segment in segments
        if segment.kind in {"keep", kind}
    ]
    return SafeString("".join(pieces)) or "–"


@register.simple_tag
def badge(text: str, tone: str = "plain", icon: str = "", strong: str = "") -> SafeString:
    """Return a state as a word with its icon.

    Pages with hundreds of badges use this tag, which is cheaper than the component `c-badge`.
    """
    # Escaped before the cache, so that the key is what is shown.
    return _badge(conditional_escape(text), tone, icon, bool(strong))


@lru_cache(maxsize=1024)
def _badge(text: SafeString, tone: str, icon: str, strong: bool) -> SafeString:  # noqa: FBT001 - positions are the key of the cache
    classes = format_html("badge--{}{}", tone, SafeString(" badge--strong" if strong else ""))
    icon_svg = format_html(SVG, SafeString(ICONS[icon])) if icon else ""
    return format_html('<span class="badge {}">{}{}</span>', classes, icon_svg, text)


def active_zone() -> ZoneInfo:
    """Return the reader's zone, which the middleware activated."""
    return ZoneInfo(timezone.get_current_timezone_name())


@register.simple_tag(takes_context=True)
def moment(
    context: template.Context, at: datetime | None, zone: ZoneInfo | None = None
) -> SafeString | str:
    """Return a moment within a sentence as a time element.

    Such as "Fri 27 Nov, 11:00" or "today, 17:00". It is shown in `zone`, or else in the reader's
    zone.
    """
    if at is None:
        return ""
    shown_zone = zone or active_zone()
    return time_element(at, shown_zone, formatting.moment(at, shown_zone, context.get("now")))


@register.simple_tag(takes_context=True)
def moment_alone(
    context: template.Context, at: datetime, zone: ZoneInfo | None = None
) -> SafeString:
    """Return a moment at the start of a line as a time element.

    Also at the start of a sentence. Such as "Today, 17:00".
    """
    shown_zone = zone or active_zone()
    return time_element(at, shown_zone, formatting.moment_alone(at, shown_zone, context.get("now")))


def time_element(at: datetime, zone: ZoneInfo, text: str) -> SafeString:
    """Return `text` as a time element of the moment, in `zone`."""
    return format_html(
        '<time datetime="{}">{}</time>', at.astimezone(zone).isoformat(timespec="minutes"), text
    )


@register.simple_tag(takes_context=True)
def both_times(context: template.Context, at: datetime) -> SafeString:
    """Return "Fri 27 Nov 2026, 17:00 Geneva (11:00 your time, New York)".

    The group's zone comes first, for texts that everybody reads.
    """
    group, reader = context["group"], context["reader"]
    text = formatting.both_times(at, group.zone, group.zone_city, reader.zone, reader.city)
    return format_html(
        '<time datetime="{}">{}</time>',
        at.astimezone(group.zone).isoformat(timespec="minutes"),
        text,
    )


@register.simple_tag(takes_context=True)
def mail_hour(context: template.Context, at: datetime) -> str:
    """Return "Fri 27 Nov 11:00 New York" for a mail's subject in the reader's zone."""
    reader = context["reader"]
    return formatting.own_hour(at, reader.zone, reader.city)


@register.simple_tag(takes_context=True)
def mail_hours(context: template.Context, at: datetime) -> str:
    """Return a mail's hours: "Fri 27 Nov 2026, 11:00 New York (17:00 Geneva)".

    In the reader's zone, then in the group's.
    """
    group, reader = context["group"], context["reader"]
    return formatting.own_and_group_hour(at, reader.zone, reader.city, group.zone, group.zone_city)


@register.simple_tag(takes_context=True)
def group_hour(context: template.Context, at: datetime) -> str:
    """Return the group's hour of a day, and the reader's.

    Such as "00:00 Geneva (Thu 18:00 New York)".
    """
    group, reader = context["group"], context["reader"]
    own = formatting.hour_elsewhere(at, group.zone, reader.zone, reader.city)
    text = f"{formatting.hour(at.astimezone(group.zone))} {group.zone_city}"
    return f"{text} ({own})" if own else text


@register.simple_tag(takes_context=True)
def deadline(context: template.Context, at: datetime) -> SafeString:
    """Return a deadline in the reader's zone and the group's.

    The reader's time is in bold, then comes the time left, then the group's hour.
    """
    group, now, zone = context["group"], context["now"], active_zone()
    left = formatting.time_left(at, now, zone)
    other = formatting.hour_elsewhere(at, zone, group.zone, group.zone_city)
    return format_html(
        '<span class="deadline deadline--{}"><time class="deadline__when" datetime="{}">{}</time>'
        '<span class="deadline__left">{}{}</span><span class="deadline__zone">{}</span></span>',
        left.state,
        at.astimezone(zone).isoformat(timespec="minutes"),
        formatting.moment_alone(at, zone, now),
        mark(left),
        left.text,
        other,
    )


def mark(left: formatting.TimeLeft) -> SafeString | str:
    """Return the icon of a deadline's state, or ""."""
    return {"late": icon("late"), "soon": icon("clock")}.get(left.state, "")


@register.simple_tag(takes_context=True)
def due_day(context: template.Context, day: date) -> SafeString:
    """Return a due day with the time left, in whole days."""
    today = context["request"].day
    left = formatting.time_left_of_day(day, today)
    return format_html(
        '<span class="deadline deadline--{}"><time class="deadline__when" datetime="{}">{}</time>'
        '<span class="deadline__left">{}{}</span></span>',
        left.state,
        day.isoformat(),
        formatting.short_day(day, today),
        mark(left),
        left.text,
    )


@register.simple_tag(takes_context=True)
def due_badge(context: template.Context, day: date) -> SafeString:
    """Return the time left as a badge: "in 2 days"."""
    left = formatting.time_left_of_day(day, context["request"].day)
    tone = {"late": "blocks", "soon": "waits"}.get(left.state, "plain")
    return format_html('<span class="badge badge--{}">{}{}</span>', tone, mark(left), left.text)


@register.filter(expects_localtime=True)
def plain_day(value: date) -> str:
    """Return a day, or a moment's day, as "27 Nov 2026".

    A moment is read in the reader's zone.
    """
    return formatting.plain_day(value.date() if isinstance(value, datetime) else value)


@register.filter
def day(value: date | None, precision: str = "day") -> str:
    """Return a date with its precision: "2007", "April 2003", "1 July 2006"."""
    return formatting.known_day(value, precision)


@register.simple_tag(takes_context=True)
def short_day(context: template.Context, value: date | None) -> SafeString | str:
    """Return "Fri 27 Nov" as a time element, maybe with the year."""
    if value is None:
        return ""
    today = context["request"].day if "request" in context else None
    return format_html(
        '<time datetime="{}">{}</time>', value.isoformat(), formatting.short_day(value, today)
    )


@register.filter
def initials(name: object) -> str:
    """Return at most two first letters of a name."""
    return formatting.initials(str(name))


@register.simple_tag
def agency(body: Any) -> SafeString:
    """Return an agency's acronym with its name as title."""
    return format_html('<abbr class="agency" title="{}">{}</abbr>', body.name, body.acronym)


@register.simple_tag
def agencies(bodies: Iterable[Any]) -> SafeString:
    """Return several acronyms: "FAO, ILO and WHO"."""
    listed = list(bodies)
    if len(listed) < 2:  # noqa: PLR2004 - one has no "and"
        return format_html_join("", "{}", ((agency(body),) for body in listed))
    first = format_html_join(", ", "{}", ((agency(body),) for body in listed[:-1]))
    return format_html("{} {} {}", first, _("and"), agency(listed[-1]))


@register.simple_tag
def diff(segments: Iterable[Any]) -> SafeString:
    """Return a difference of words, marked for screen readers too.

    `segments` have `kind` and `text`.
    """
    parts = []
    for segment in segments:
        tag = {"insert": "ins", "delete": "del"}.get(str(segment.kind))
        label = _("added:") if tag == "ins" else _("deleted:")
        parts.append(
            format_html(
                '<{}><span class="sr">[{} </span>{}<span class="sr">]</span></{}>',
                SafeString(tag),
                label,
                segment.text,
                SafeString(tag),
            )
            if tag
            else format_html("{}", segment.text),
        )
    return format_html_join("", "{}", ((part,) for part in parts))


@register.simple_tag(takes_context=True)
def query_with(context: template.Context, **changes: object) -> str:
    """Return this page's query string with some parameters changed (None removes one)."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.filter
def percent_of(part: int, whole: int) -> str:
    """Return part of a whole as a width: "64.7%"."""
    return f"{100 * part / whole:.1f}%" if whole else "0%"

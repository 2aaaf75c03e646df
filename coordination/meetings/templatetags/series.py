"""Series of meetings, as pages and mails show them."""

from datetime import timedelta

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coordination.core import formatting
from coordination.core.templatetags.core import active_zone
from coordination.meetings.models import Meeting, MeetingSeries
from coordination.meetings.queries import series as queries

register = template.Library()
HOUR = timedelta(hours=1)


@register.simple_tag
def than_usual(meeting: Meeting) -> str:
    """Return "one hour later than usual" on the reader's clocks, or "".

    "" at the usual hour.
    """
    shift = queries.shift_for(meeting, active_zone())
    if not shift:
        return ""
    hours, rest = divmod(abs(shift), HOUR)
    if rest:
        span = {"span": formatting.hours_and_minutes(abs(shift))}
        return (
            _("%(span)s later than usual")
            if shift > timedelta()
            else _("%(span)s earlier than usual")
        ) % span
    sentence = (
        ngettext("one hour later than usual", "%(n)s hours later than usual", hours)
        if shift > timedelta()
        else ngettext("one hour earlier than usual", "%(n)s hours earlier than usual", hours)
    )
    return sentence % {"n": hours}


@register.filter
def rule_words(series: MeetingSeries) -> str:
    """Return the rule of a series in words."""
    return queries.rule_words(series)

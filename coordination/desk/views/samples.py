"""Invented content for the style guide page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination.core.history import Difference, HistoryEntry
from coordination.core.icons import ICONS

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# days ahead of the sample deadlines, after one that is late
DAYS_AHEAD = (0, 4, 11, 20)
SURFACES = ("paper", "wash", "ink", "quiet", "rule", "rule-strong", "control")
MEANINGS = (
    "action",
    "action-wash",
    "blocks",
    "blocks-wash",
    "waits",
    "waits-wash",
    "settled",
    "settled-wash",
    "ins",
    "del",
)


@dataclass(frozen=True, slots=True)
class Body:
    """An agency."""

    acronym: str
    name: str


@dataclass(frozen=True, slots=True)
class SampleStep:
    """A step in the life of an object."""

    name: str
    state: str
    when: str


@dataclass(frozen=True, slots=True)
class SampleRun:
    """One run of a comparison of texts."""

    kind: str
    text: str


class ExampleForm(forms.Form):
    """One field of each kind, two of them in error."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        help_text=gettext_lazy("As it stands on the page, without “Statement on”."),
    )
    deadline = forms.CharField(
        label=gettext_lazy("Silence ends"), help_text=gettext_lazy("Date and time in Geneva")
    )
    day = forms.DateField(
        label=gettext_lazy("First day"),
        widget=forms.DateInput(attrs={"type": "date"}),
        required=False,
    )
    agency = forms.ChoiceField(
        label=gettext_lazy("Agency"), choices=[("FAO", "FAO"), ("ILO", "ILO")]
    )
    answer = forms.ChoiceField(
        label=gettext_lazy("Answer"),
        choices=[("yes", gettext_lazy("Stands")), ("no", gettext_lazy("Declines"))],
        widget=forms.RadioSelect,
    )
    told = forms.BooleanField(
        label=gettext_lazy("The agencies have been told"),
        required=False,
        help_text=gettext_lazy("Otherwise the invitation tells them."),
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 3}))


def bodies() -> list[Body]:
    return [
        Body("FAO", "Food and Agriculture Organization of the United Nations"),
        Body("ILO", "International Labour Organization"),
        Body("UN Women", "United Nations Entity for Gender Equality and the Empowerment of Women"),
    ]


def steps() -> list[SampleStep]:
    return [
        SampleStep(_("Drafting"), "done", _("2 to 6 Nov")),
        SampleStep(_("Amendments open"), "done", _("closed Fri 20 Nov, 18:00")),
        SampleStep(_("Consolidation"), "now", _("draft 3 by Wed 25 Nov, 18:00")),
        SampleStep(_("Working-level clearance"), "todo", _("72 hours, under silence")),
        SampleStep(_("Principals’ approval"), "todo", _("by Wed 9 Dec")),
        SampleStep(_("Adopted"), "todo", _("planned Thu 10 Dec")),
    ]


def runs() -> list[SampleRun]:
    """Return words of a statement, whose text is never translated."""
    return [
        SampleRun("keep", "States to "),
        SampleRun("delete", "act against"),
        SampleRun("insert", "prevent and prosecute"),
        SampleRun("keep", " the smuggling of migrants"),
    ]


def changes(now: datetime) -> list[HistoryEntry]:
    days = Difference(_("last day"), _("30 June 2026"), _("31 December 2026"))
    return [
        HistoryEntry(now - HOUR, "Élodie Marchand", _("The term was prolonged"), "~", "", (days,)),
        HistoryEntry(now - 3 * DAY, None, "", "+", "", ()),
    ]


def broken_form() -> forms.Form:
    form = ExampleForm(
        {
            "deadline": "Wed 25 Nov 2026, 08:00",
            "agency": "ILO",
            "answer": "yes",
            "reason": "New York cannot join before 09:00.",
        }
    )
    form.is_valid()
    form.add_error("deadline", _("This is 41 hours from now; the group asks for at least 72."))
    form.add_error(None, _("Nothing was saved: two fields need another look."))
    return form


def pages() -> Page[int]:
    paginator: Paginator[int] = Paginator(range(30), 10)
    return paginator.page(2)


def everything(now: datetime, day: date) -> Mapping[str, Any]:
    """Return the context of the page, around `now` of the group's `day`."""
    return {
        "bodies": bodies(),
        "steps": steps(),
        "runs": runs(),
        "icons": sorted(ICONS),
        "surfaces": SURFACES,
        "meanings": MEANINGS,
        "moments": [
            now - 3 * DAY,
            now + 8 * HOUR,
            *(now + days * DAY for days in DAYS_AHEAD[1:]),
        ],
        "days": [day - 2 * DAY, *(day + days * DAY for days in DAYS_AHEAD)],
        "known": date(2003, 4, 1),
        "changes": changes(now),
        "page": pages(),
        "blank": ExampleForm(),
        "broken": broken_form(),
        "heads": [
            _("Agency"),
            _("Clearance of draft 3"),
            _("Clearance of draft 4"),
            _("Said when and by whom"),
        ],
        "ticks": [120, 144, 165],
    }

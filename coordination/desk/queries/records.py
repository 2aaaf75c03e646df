"""The front page of the records, by what record keepers do."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.db.models import CharField, Count, Value
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from coordination.meetings.models import PrincipalsMeeting

MEETINGS = "meetings.PrincipalsMeeting"
NEWEST_MEETINGS, LAST_CHANGES = 3, 8


@dataclass(frozen=True, slots=True)
class Job:
    """A job of the record keepers, with names of models."""

    key: str
    title: str | Promise
    says: str | Promise
    models: tuple[str, ...]


JOBS = (
    Job(
        "meetings",
        _("Principals’ meetings"),
        _(
            "One record for each meeting: day, place and chair; attendance of all members on one "
            "page; outcome, decisions, papers and statement."
        ),
        (MEETINGS,),
    ),
    Job(
        "members",
        _("Members"),
        _("Which agency belongs since when, and which commission speaks for a collective seat."),
        ("members.Agency", "members.Membership", "members.Commission", "members.Representation"),
    ),
    Job(
        "people",
        _("People and accounts"),
        _("Who is focal point or principal of which agency, and who may sign in."),
        ("members.Person", "members.Appointment", "members.Invitation", "members.FactorReset"),
    ),
    Job(
        "terms",
        _("Terms of the chair"),
        _("Who chaired when. Terms change by decisions on the page of the rotation."),
        (
            "rotation.ChairTerm",
            "rotation.TermCorrection",
            "rotation.TermOperation",
            "rotation.Selection",
            "rotation.Handover",
        ),
    ),
    Job(
        "statements",
        _("Statements"),
        _("What was adopted when, where it was delivered, and its old texts."),
        (
            "statements.Statement",
            "statements.Draft",
            "statements.Amendment",
            "statements.LanguageVersion",
            "statements.Manifest",
            "statements.SigningKey",
        ),
    ),
    Job(
        "others",
        _("Other meetings"),
        _("Working-level meetings, working groups and events, with what was agreed to do."),
        (
            "meetings.Meeting",
            "meetings.ActionItem",
            "meetings.MeetingAnswer",
            "meetings.AttendanceClaim",
            "meetings.RefusedReply",
            "meetings.MeetingSeries",
            "meetings.AgendaProposal",
            "meetings.Minutes",
            "meetings.MinutesParagraph",
            "meetings.MinutesCorrection",
            "meetings.Corrigendum",
        ),
    ),
    Job(
        "settings",
        _("Settings of the group"),
        _(
            "Name, zone and lengths; steps and checklists of what begins anew; where sources "
            "differ."
        ),
        (
            "core.Group",
            "statements.StepTemplate",
            "rotation.ChecklistTemplateItem",
            "core.SourceDisagreement",
        ),
    ),
    Job(
        "mail",
        _("Mail"),
        _("What was sent to whom, and who chose to get less."),
        ("reminders.OutboxMessage", "reminders.MailPreference"),
    ),
)


@dataclass(frozen=True, slots=True)
class RecordList:
    """The list of one model.

    Its name, its address, its number of records, and the address to add one.
    """

    name: str
    url: str
    add_url: str = ""
    count: int | None = None


def front_page(apps: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the context of the front page.

    Three queries, none if the reader may see no model. `apps` is the list of apps that Django's
    admin shows to the reader, with what they may do.
    """
    visible = {
        f"{app['app_label']}.{model['object_name']}": model
        for app in apps
        for model in app["models"]
        if model["admin_url"]
    }
    named = [name for job in JOBS for name in job.models if name in visible]
    counts = counts_of(named)
    jobs = [
        (job, [_list(visible[name], counts.get(name)) for name in job.models if name in visible])
        for job in JOBS
    ]
    others = sorted(
        (_list(model) for name, model in visible.items() if name not in named),
        key=lambda each: each.name,
    )
    return {
        "jobs": [(job, lists) for job, lists in jobs if lists],
        "others": others,
        "newest": newest_meetings() if MEETINGS in visible else [],
        "changes": last_changes(visible),
    }


def _list(model: Mapping[str, Any], count: int | None = None) -> RecordList:
    return RecordList(
        capfirst(str(model["name"])), model["admin_url"], model["add_url"] or "", count
    )


def counts_of(names: Sequence[str]) -> dict[str, int]:
    """Return the number of records by name of the model.

    One query, or none.
    """
    rows = [
        apps.get_model(name)
        ._default_manager.order_by()
        .annotate(of=Value(name, CharField()))
        .values("of")
        .annotate(n=Count("pk"))
        .values_list("of", "n")
        for name in names
    ]
    return dict(rows[0].union(*rows[1:], all=True)) if rows else {}


def newest_meetings() -> list[Any]:
    """Return the newest principals' meetings.

    `recorded` counts the agencies. One query.
    """
    counted = PrincipalsMeeting.objects.annotate(recorded=Count("attendances"))
    return list(counted.order_by("-starts_at")[:NEWEST_MEETINGS])


def last_changes(names: Iterable[str]) -> list[LogEntry]:
    """Return the last changes of records of these models.

    Changes by anybody. One query, or none.
    """
    kinds = [name.lower().split(".") for name in names]
    if not kinds:
        return []
    entries = LogEntry.objects.select_related("user", "content_type").filter(
        content_type__app_label__in={app for app, _model in kinds},
        content_type__model__in={model for _app, model in kinds},
    )
    return list(entries.order_by("-action_time", "-pk")[:LAST_CHANGES])

"""What statements owe to whom.

A draft to amend, a position to take, what became of amendments, an objection to answer.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from coordination.core.due import Due, Source, register
from coordination.core.queries import day_in_group
from coordination.members.enums import Role
from coordination.members.models import Agency, Appointment
from coordination.members.queries import periods
from coordination.members.queries.agencies import members_on
from coordination.rotation.queries import chair
from coordination.statements.enums import AmendmentState, PositionKind, StatementState, StepLevel
from coordination.statements.models import ClearanceStep, Comment, CoSponsor, Draft, Statement
from coordination.statements.queries import amendments, drafts, positions
from coordination.statements.queries.statements import named_in, signatories_of, statement_ends

AMEND_BEFORE = (timedelta(hours=24),)
POSITION_BEFORE = (timedelta(hours=48), timedelta(hours=24), timedelta(hours=3))
# what was settled longer ago is told already, or is no news. Sources count it from `since`
RECENT = timedelta(days=14)

HOUR = timedelta(hours=1)
# mails about comments that a person gets within a clock hour; the others come in one
MENTIONS_AT_ONCE = 3

People = dict[int, list[Appointment]]


def stages(
    opened_at: datetime, deadline: datetime, before: Iterable[timedelta]
) -> list[tuple[str, datetime]]:
    """Return the occasions of a deadline in order.

    When it opens, and so long before it ends as lies after the opening.
    """
    spans = [span for span in sorted(before, reverse=True) if deadline - span > opened_at]
    return [
        ("opened", opened_at),
        *((f"{span // timedelta(hours=1)} h before", deadline - span) for span in spans),
    ]


def due_stages(
    opened_at: datetime, deadline: datetime, before: Iterable[timedelta], moment: datetime
) -> list[tuple[str, datetime]]:
    """Return the occasion that stands at `moment`.

    The last one that has come, none after the deadline.
    """
    come = [stage for stage in stages(opened_at, deadline, before) if stage[1] <= moment]
    return come[-1:] if moment < deadline else []


def people_of(agencies: Iterable[Agency], moment: datetime, *roles: Role) -> People:
    """Return who is in office for the agencies at `moment` and can be written to, by agency.

    One query.
    """
    found: People = {}
    day = day_in_group(moment)
    rows = Appointment.objects.filter(
        periods.running(day), agency__in=list(agencies), role__in=roles, person__is_active=True
    )
    for appointment in (
        rows.filter(person__email__isnull=False)
        .select_related("person", "agency")
        .order_by("agency__acronym", "pk")
    ):
        found.setdefault(appointment.agency_id, []).append(appointment)
    return found


def one_each(appointments: Iterable[Appointment]) -> Iterator[Appointment]:
    """Yield each person once, whatever their roles."""
    seen: set[int] = set()
    for appointment in appointments:
        if appointment.person_id not in seen:
            seen.add(appointment.person_id)
            yield appointment


def to_each(people: Iterable[Appointment], **fields: Any) -> Iterator[Due]:
    """Yield the mail to each person once, with the agency for which they get it."""
    context: Mapping[str, object] = fields.pop("context")
    for appointment in one_each(people):
        yield Due(
            person_id=appointment.person_id,
            context={**context, "agency": appointment.agency},
            **fields,
        )


def to_each_for_agency(people: Iterable[Appointment], **fields: Any) -> Iterator[Due]:
    """Yield the mail to each person once for each agency that they are in office for.

    Of a kind whose words name the agency.
    """
    by_agency: dict[int, list[Appointment]] = {}
    for appointment in people:
        by_agency.setdefault(appointment.agency_id, []).append(appointment)
    for pk, appointments in by_agency.items():
        yield from to_each(appointments, part=f"agency {pk}", **fields)


def open_to_amendments(moment: datetime) -> Iterator[Due]:
    """Yield the calls to amend each open draft.

    All agencies are called when it opens, and a day before the end those that proposed nothing.
    """
    statements = list(
        Statement.objects.filter(state=StatementState.AMENDMENTS, amendments_until__gt=moment)
    )
    agencies = list(members_on(day_in_group(moment))) if statements else []
    people = people_of(agencies, moment, Role.FOCAL_POINT) if statements else {}
    named = named_in(statements) if statements else {}
    for statement in statements:
        draft = drafts.latest_draft(statement)
        if draft.circulated_at is None or statement.amendments_until is None:
            continue
        amended = set(
            amendments.amendments_of(draft)
            .exclude(state=AmendmentState.WITHDRAWN)
            .values_list("agency_id", flat=True)
        )
        for stage, at in due_stages(
            draft.circulated_at, statement.amendments_until, AMEND_BEFORE, moment
        ):
            silent = [
                pk
                for pk in people
                if (stage == "opened" or pk not in amended)
                and pk in named.get(statement.pk, people)
            ]
            # the later one says that the agency proposed nothing
            send = to_each if stage == "opened" else to_each_for_agency
            yield from send(
                [appointment for pk in silent for appointment in people[pk]],
                kind="statements.amend_open",
                subject=f"draft:{draft.pk}/{statement.amendments_until:%Y%m%d%H%M}",
                stage=stage,
                at=at,
                url=reverse("statements:show", args=[statement.slug]) + "#text",
                context={
                    "statement": statement,
                    "draft": draft,
                    "deadline": statement.amendments_until,
                },
                until=statement.amendments_until,
            )


def waiting_positions(moment: datetime) -> Iterator[Due]:
    """Yield, for each open step, the question to the agencies that have not spoken.

    At its opening, 48, 24 and 3 hours before its end.

    Once silence is broken the clock stands still; a new deadline makes new occasions, but its
    opening is told by `changed_steps`.
    """
    steps = ClearanceStep.objects.filter(
        closed_at__isnull=True, opened_at__lte=moment, deadline__gt=moment, broken_at__isnull=True
    )
    for step in steps.select_related("statement", "draft"):
        state = positions.missing_in(step, moment)
        people = people_of(state.waiting, moment, *who_speaks(step))
        for stage, at in due_stages(
            step.extended_at or step.opened_at, step.deadline, POSITION_BEFORE, moment
        ):
            if step.extended_at and stage == "opened":
                continue
            yield from to_each_for_agency(
                [appointment for appointments in people.values() for appointment in appointments],
                kind="statements.position_due",
                subject=f"step:{step.pk}"
                + (f"/{step.extended_at:%Y%m%d%H%M%S}" if step.extended_at else ""),
                stage=stage,
                at=at,
                url=reverse("statements:positions", args=[step.statement.slug]) + "#take",
                context=_step(step) | {"missing": state.sentence},
                until=step.deadline,
            )


def who_speaks(step: ClearanceStep) -> tuple[Role, ...]:
    """Return the roles that are written to in a step."""
    return (
        (Role.FOCAL_POINT, Role.OFFICE, Role.PRINCIPAL)
        if step.level == StepLevel.PRINCIPALS
        else (Role.FOCAL_POINT,)
    )


def changed_steps(moment: datetime, since: datetime | None = None) -> Iterator[Due]:
    """Yield to all agencies what the chair tells in writing either way.

    That a silence was broken, that one passed, a new deadline.

    The scheduler only sends; whether silence has passed is read from the step itself.
    """
    after = (since or moment) - RECENT
    told = Q(broken_at__gt=after) | Q(extended_at__gt=after) | Q(deadline__gt=after, silence=True)
    steps = list(
        ClearanceStep.objects.filter(told, opened_at__lte=moment).select_related(
            "statement", "draft"
        )
    )
    agencies = list(members_on(day_in_group(moment))) if steps else []
    people = {
        role: people_of(agencies, moment, *role) for role in {who_speaks(step) for step in steps}
    }
    named = named_in(step.statement for step in steps) if steps else {}
    for step in steps:
        there = people[who_speaks(step)]
        everybody = [
            one
            for pk, appointments in there.items()
            if pk in named.get(step.statement_id, there)
            for one in appointments
        ]
        for stage, at in changes_of(step, moment, after):
            yield from to_each(
                everybody,
                kind="statements.step_changed",
                subject=f"step:{step.pk}",
                stage=f"{stage} {at:%Y%m%d%H%M%S}",
                at=at,
                url=reverse("statements:positions", args=[step.statement.slug]),
                context=_step(step)
                | {"change": stage, "missing": positions.missing_in(step, moment).sentence},
            )


def changes_of(
    step: ClearanceStep, moment: datetime, after: datetime
) -> list[tuple[str, datetime]]:
    """Return what happened to a step after `after`, up to `moment`, that all are told.

    Broken, passed, extended. Pure.
    """
    found = [
        ("broken", step.broken_at),
        ("extended", step.extended_at),
        ("passed", step.deadline if step.passed(moment) else None),
    ]
    return [(stage, at) for stage, at in found if at is not None and after < at <= moment]


def _step(step: ClearanceStep) -> dict[str, object]:
    return {
        "statement": step.statement,
        "draft": step.draft,
        "step": step,
        "deadline": step.deadline,
    }


def settled_amendments(moment: datetime, since: datetime | None = None) -> Iterator[Due]:
    """Yield what became of the amendments to drafts before those issued lately.

    Each focal point of an agency gets one mail for each draft.
    """
    issued = Draft.objects.filter(
        number__gt=1, circulated_at__lte=moment, circulated_at__gt=(since or moment) - RECENT
    )
    for draft in issued.select_related("statement"):
        before = Draft.objects.get(statement=draft.statement_id, number=draft.number - 1)
        by_agency = amendments.outcomes(before)
        people = people_of(by_agency, moment, Role.FOCAL_POINT)
        comparison = reverse("statements:compare", args=[draft.statement.slug])
        for agency, outcomes in by_agency.items():
            yield from to_each_for_agency(
                people.get(agency.pk, []),
                kind="statements.settled",
                subject=f"draft:{draft.pk}",
                stage="issued",
                at=draft.circulated_at or moment,
                url=f"{comparison}?from={before.number}&to={draft.number}",
                context={"statement": draft.statement, "draft": draft, "outcomes": outcomes},
            )


def ended(moment: datetime, since: datetime | None = None) -> Iterator[Due]:
    """Yield that a statement was adopted, released, or withdrawn and why.

    The agencies that are in are told. With the adoption each of them is told which of its
    amendments lapsed by it.
    """
    found = statement_ends((since or moment) - RECENT, moment)
    agencies = list(members_on(day_in_group(moment))) if found else []
    people = (
        people_of(agencies, moment, Role.FOCAL_POINT, Role.OFFICE, Role.PRINCIPAL) if found else {}
    )
    named = named_in(end.statement for end in found) if found else {}
    for end in found:
        there = named.get(end.statement.pk, people)
        told = [one for pk, appointments in people.items() if pk in there for one in appointments]
        lapsed = (
            amendments.outcomes(drafts.latest_draft(end.statement), [AmendmentState.LAPSED])
            if end.stage == "adopted"
            else {}
        )
        for each in to_each(
            told,
            kind="statements.ended",
            subject=f"statement:{end.statement.pk}",
            stage=end.stage,
            at=end.at,
            url=reverse("statements:show", args=[end.statement.slug]),
            context={"statement": end.statement, "end": end, **_signed(end.statement)},
        ):
            ours = dict.fromkeys(one.agency for one in told if one.person_id == each.person_id)
            yield replace(
                each,
                context={
                    **each.context,
                    "lapsed": [outcome for agency in ours for outcome in lapsed.get(agency, [])],
                },
            )


def _signed(statement: Statement) -> dict[str, object]:
    """Return who signed and who did not join, as a sentence has them; "" for nobody."""
    signatories = signatories_of(statement)
    by_choice = {
        joined: [each.agency for each in signatories if each.joined == joined]
        for joined in (True, False)
    }
    return {
        name: positions.listed(by_choice[joined]) if by_choice[joined] else ""
        for name, joined in (("joined", True), ("apart", False))
    }


def reworded(moment: datetime, since: datetime | None = None) -> Iterator[Due]:
    """Yield to co-sponsors that the words of an open amendment changed."""
    after = (since or moment) - RECENT
    left = CoSponsor.objects.filter(
        reworded=True, left_at__lte=moment, left_at__gt=after, amendment__state=AmendmentState.OPEN
    )
    found = list(
        left.select_related("agency", "amendment__agency", "amendment__block__draft__statement")
    )
    people = people_of({each.agency for each in found}, moment, Role.FOCAL_POINT) if found else {}
    for each in found:
        statement = each.amendment.block.draft.statement
        yield from to_each(
            people.get(each.agency_id, []),
            kind="statements.reworded",
            subject=f"cosponsor:{each.pk}",
            stage="reworded",
            at=each.left_at or moment,
            url=reverse("statements:show", args=[statement.slug]) + f"#a{each.amendment_id}",
            context={
                "statement": statement,
                "draft": each.amendment.block.draft,
                "amendment": each.amendment,
            },
        )


def mentions(moment: datetime, since: datetime | None = None) -> Iterator[Due]:
    """Yield each comment to the agencies that it concerns.

    These are the agencies that it mentions and the agency whose amendment it is on, but not the
    agency that made it.

    Of the comments of one clock hour (UTC) a person gets the first MENTIONS_AT_ONCE one by one, and
    the others in one mail when the hour has ended. A comment that is withdrawn keeps its place in
    the count, so that no other one moves from one mail to another.
    """
    for person_id, hour, comments in mentions_by_hour(moment, (since or moment) - RECENT):
        yield from (
            mention(person_id, *each)
            for each in comments[:MENTIONS_AT_ONCE]
            if each[1].withdrawn_at is None
        )
        later = [each for each in comments[MENTIONS_AT_ONCE:] if each[1].withdrawn_at is None]
        if later and hour + HOUR <= moment:
            yield gathered_mentions(person_id, hour, later)


def mention(person_id: int, agency: Agency, said: Comment) -> Due:
    """Return the mail about one comment."""
    return Due(
        kind="statements.mentioned",
        person_id=person_id,
        subject=f"comment:{said.pk}",
        stage="said",
        at=said.said_at,
        url=address_of(said),
        context={"statement": said.statement, "said": said, "agency": agency},
    )


def gathered_mentions(
    person_id: int, hour: datetime, comments: list[tuple[Agency, Comment]]
) -> Due:
    """Return the one mail about the later comments of an hour."""
    agency, first = comments[0]
    return Due(
        kind="statements.mentioned",
        person_id=person_id,
        subject=f"comments:{hour:%Y%m%d%H}",
        stage="gathered",
        at=hour + HOUR,
        url=address_of(first),
        context={
            "statement": first.statement,
            "said": first,
            "agency": agency,
            "gathered": [said for _agency, said in comments],
        },
    )


def address_of(said: Comment) -> str:
    """Return the address of the place where a comment can be answered."""
    place = f"a{said.amendment_id}" if said.amendment_id else said.key
    return reverse("statements:discuss", args=[said.statement.slug]) + f"?about={place}#t-{place}"


def mentions_by_hour(
    moment: datetime, after: datetime
) -> Iterator[tuple[int, datetime, list[tuple[Agency, Comment]]]]:
    """Yield (person, clock hour, comments of that hour), oldest first.

    Each comment comes with the agency for which the person gets it, also if it is withdrawn. Only
    hours with a comment later than `after` are yielded, but with all of their comments.
    """
    lately = Comment.objects.filter(said_at__lte=moment, said_at__gt=after - HOUR)
    to_somebody = lately.filter(Q(mentions__isnull=False) | Q(amendment__isnull=False)).distinct()
    found = list(
        to_somebody.select_related(
            "statement", "agency", "author", "amendment__agency"
        ).prefetch_related("mentions")
    )
    told = {
        said.pk: {*said.mentions.all(), *([said.amendment.agency] if said.amendment else [])}
        - {said.agency}
        for said in found
    }
    people = (
        people_of(
            {agency for agencies in told.values() for agency in agencies}, moment, Role.FOCAL_POINT
        )
        if found
        else {}
    )
    by_hour: dict[tuple[int, datetime], list[tuple[Agency, Comment]]] = {}
    for said in found:
        hour = said.said_at.replace(minute=0, second=0, microsecond=0)
        team = [
            appointment
            for agency in sorted(told[said.pk], key=str)
            for appointment in people.get(agency.pk, [])
        ]
        for appointment in one_each(team):
            by_hour.setdefault((appointment.person_id, hour), []).append((appointment.agency, said))
    for (person_id, hour), comments in by_hour.items():
        if comments[-1][1].said_at > after:
            yield person_id, hour, comments


def objections(moment: datetime) -> Iterator[Due]:
    """Yield each standing objection of an open step to the chair's team."""
    steps = list(
        ClearanceStep.objects.filter(closed_at__isnull=True).select_related("statement", "draft")
    )
    said = positions.newest_positions(steps)
    standing = [
        (step, p)
        for step in steps
        for p in said.get(step.pk, {}).values()
        if p.kind == PositionKind.OBJECT and p.taken_at <= moment
    ]
    term = chair.term_on(day_in_group(moment)) if standing else None
    people = people_of(chair.chairing_agencies(term), moment, Role.FOCAL_POINT) if term else {}
    team = [appointment for appointments in people.values() for appointment in appointments]
    for step, position in standing:
        yield from to_each(
            team,
            kind="statements.objection",
            subject=f"position:{position.pk}",
            stage="objected",
            at=position.taken_at,
            url=reverse("statements:positions", args=[step.statement.slug]),
            context=_step(step) | {"position": position},
        )


register(
    Source(
        kind="statements.amend_open",
        label=_("A draft is open to amendments"),
        can_be_off=True,
        find=open_to_amendments,
        changed=_("The deadline was moved, or amendments are closed."),
    )
)
register(
    Source(
        kind="statements.position_due",
        label=_("My agency is asked for a position"),
        can_be_off=False,
        find=waiting_positions,
        changed=_("The step was closed, its deadline was moved, or its silence was broken."),
    )
)
register(
    Source(
        kind="statements.step_changed",
        label=_("Silence passed or broken, a deadline moved"),
        can_be_off=False,
        find=changed_steps,
        find_since=changed_steps,
        changed=_("The step was changed again."),
    )
)
register(
    Source(
        kind="statements.settled",
        label=_("What became of my agency’s amendments"),
        can_be_off=True,
        find=settled_amendments,
        find_since=settled_amendments,
    )
)
register(
    Source(
        kind="statements.ended",
        label=_("A statement is adopted, released or withdrawn"),
        can_be_off=True,
        find=ended,
        find_since=ended,
    )
)
register(
    Source(
        kind="statements.reworded",
        label=_("An amendment that my agency co-sponsored has other words"),
        can_be_off=True,
        find=reworded,
        find_since=reworded,
        changed=_("The amendment is not open any more."),
    )
)
register(
    Source(
        kind="statements.mentioned",
        label=_("A comment mentions my agency, or is on its amendment"),
        can_be_off=True,
        find=mentions,
        find_since=mentions,
        changed=_("The comment was withdrawn."),
    )
)
register(
    Source(
        kind="statements.objection",
        label=_("An agency objects (to the chair’s team)"),
        can_be_off=False,
        find=objections,
        changed=_("The agency took another position, or the step was closed."),
    )
)

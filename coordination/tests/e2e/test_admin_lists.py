"""Every list of the admin costs the same number of queries at one row and at 120; each row stands beside things of its own."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Group as Rights
from django.urls import reverse

from coordination.core.models import SourceDisagreement
from coordination.meetings.models import (
    Corrigendum,
    Minutes,
    MinutesCorrection,
    MinutesParagraph,
)
from coordination.meetings.tests.factories import (
    ActionItemFactory,
    AgendaProposalFactory,
    AttendanceClaimFactory,
    HourPollFactory,
    MeetingAnswerFactory,
    MeetingFactory,
    MeetingSeriesFactory,
    RefusedReplyFactory,
    WorkingHoursFactory,
)
from coordination.members.models import FactorReset
from coordination.members.tests.factories import (
    AgencyFactory,
    AppointmentFactory,
    CommissionFactory,
    InvitationFactory,
    MembershipFactory,
    PersonFactory,
    RepresentationFactory,
)
from coordination.reminders.models import MailPreference
from coordination.reminders.tests.factories import OutboxMessageFactory
from coordination.rotation.models import (
    OwedTurn,
    Selection,
    SelectionTerm,
    SelectionVote,
    TermCorrection,
    TermOperation,
    Unavailability,
)
from coordination.rotation.tests.factories import (
    ChairTermFactory,
    DeclinedSignatureFactory,
    HandoverFactory,
    HandoverItemFactory,
    KeptPlaceFactory,
    LessonFactory,
    MatterJudgementFactory,
    OutsidePromiseFactory,
    StateOfPlayFactory,
    TemplateItemFactory,
    TermAgencyFactory,
)
from coordination.statements.models import (
    Block,
    Comment,
    LanguageVersion,
    Manifest,
    ParagraphOrder,
    Settlement,
    SigningKey,
    StepTemplate,
)
from coordination.statements.tests.factories import (
    AmendmentFactory,
    ClearanceStepFactory,
    many_circulated,
)
from coordination.tests.cast import NOW
from coordination.tests.many import ROWS, many

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

ONE_ROW_BY_NATURE = {"core.group"}


def agencies(count: int) -> list[Any]:
    return many(AgencyFactory, count)


def people(count: int) -> list[Any]:
    return many(PersonFactory, count)


def commissions(count: int) -> list[Any]:
    return many(
        CommissionFactory,
        count,
        agency=agencies(count),
        acronym=[f"C{number}" for number in range(count)],
    )


def memberships(count: int) -> None:
    belonging = agencies(count)
    many(MembershipFactory, count, agency=belonging)
    many(AppointmentFactory, count, agency=belonging, person=people(count))


def appointments(count: int) -> None:
    many(AppointmentFactory, count, agency=agencies(count), person=people(count))


def terms(count: int) -> list[Any]:
    days = [date(1990, 1, 1) + timedelta(days=2 * number) for number in range(count)]
    made = many(ChairTermFactory, count, first_day=days, last_day=days)
    many(TermAgencyFactory, count, term=made, agency=agencies(count))
    return made


def handovers(count: int) -> list[Any]:
    made = terms(2 * count)
    return many(HandoverFactory, count, incoming_term=made[1::2])


def term_operations(count: int) -> list[Any]:
    return TermOperation.objects.bulk_create(
        TermOperation(
            kind="hand_back", decision="A meeting", made_by=person, made_at=NOW, decided_at=NOW
        )
        for person in people(count)
    )


def blocks(count: int) -> list[Any]:
    return list(
        Block.objects.filter(draft__in=many_circulated(count)).select_related("draft__statement")
    )


def comments(count: int) -> None:
    said = zip(blocks(count), agencies(count), people(count), strict=True)
    Comment.objects.bulk_create(
        Comment(
            statement=block.draft.statement,
            key=block.key,
            agency=agency,
            author=person,
            text="So.",
            said_at=NOW,
        )
        for block, agency, person in said
    )


def selections(count: int) -> list[Selection]:
    days = dict.fromkeys(("call_until", "consultation_until", "decision_until"), NOW.date())
    return Selection.objects.bulk_create(
        Selection(slug=f"s-{number}", opened_by=person, opened_at=NOW, **days)
        for number, person in enumerate(people(count))
    )


def votes(count: int) -> None:
    terms_to_fill = SelectionTerm.objects.bulk_create(
        SelectionTerm(selection=one, first_day=NOW.date(), last_day=NOW.date())
        for one in selections(count)
    )
    SelectionVote.objects.bulk_create(
        SelectionVote(term=term, quorum=1, until=NOW.date(), opened_by=person, opened_at=NOW)
        for term, person in zip(terms_to_fill, people(count), strict=True)
    )


def unavailabilities(count: int) -> None:
    Unavailability.objects.bulk_create(
        Unavailability(agency=agency, first_day=NOW.date(), last_day=NOW.date(), noted_by=person)
        for agency, person in zip(agencies(count), people(count), strict=True)
    )


def minutes(count: int) -> list[Minutes]:
    return Minutes.objects.bulk_create(
        Minutes(meeting=meeting) for meeting in many(MeetingFactory, count)
    )


def paragraphs(count: int) -> list[MinutesParagraph]:
    return MinutesParagraph.objects.bulk_create(
        MinutesParagraph(minutes=each, text="So.") for each in minutes(count)
    )


def manifests(n: int) -> None:
    previous = None
    for number, draft in enumerate(many_circulated(n), 1):
        previous = Manifest.objects.create(
            statement=draft.statement, number=number, previous=previous, content="{}", made_at=NOW
        )


MAKE: dict[str, Callable[[int], object]] = {
    "account.emailaddress": lambda n: EmailAddress.objects.bulk_create(
        EmailAddress(user=one, email=one.email) for one in people(n)
    ),
    "auth.group": lambda n: Rights.objects.bulk_create(
        Rights(name=f"Rights {number}") for number in range(n)
    ),
    "core.sourcedisagreement": lambda n: SourceDisagreement.objects.bulk_create(
        SourceDisagreement(topic="chair", about=f"{number}", accounts={}) for number in range(n)
    ),
    "meetings.meetinganswer": lambda n: many(
        MeetingAnswerFactory, n, person=people(n), meeting=many(MeetingFactory, n)
    ),
    "meetings.attendanceclaim": lambda n: many(
        AttendanceClaimFactory,
        n,
        person=people(n),
        agency=agencies(n),
        meeting=many(MeetingFactory, n),
    ),
    "meetings.refusedreply": lambda n: many(
        RefusedReplyFactory, n, meeting=many(MeetingFactory, n)
    ),
    "meetings.actionitem": lambda n: many(
        ActionItemFactory, n, agency=agencies(n), person=people(n), meeting=many(MeetingFactory, n)
    ),
    "meetings.minutes": minutes,
    "meetings.minutesparagraph": paragraphs,
    "meetings.minutescorrection": lambda n: MinutesCorrection.objects.bulk_create(
        MinutesCorrection(
            paragraph=paragraph, agency=agency, author=author, text="So.", proposed_at=NOW
        )
        for paragraph, agency, author in zip(paragraphs(n), agencies(n), people(n), strict=True)
    ),
    "meetings.corrigendum": lambda n: Corrigendum.objects.bulk_create(
        Corrigendum(
            minutes=paragraph.minutes, paragraph=paragraph, number=1, text="So.", issued_at=NOW
        )
        for paragraph in paragraphs(n)
    ),
    "meetings.hourpoll": lambda n: many(
        HourPollFactory, n, opened_by=people(n), meeting=many(MeetingFactory, n)
    ),
    "meetings.meetingseries": lambda n: many(MeetingSeriesFactory, n),
    "meetings.agendaproposal": lambda n: many(
        AgendaProposalFactory,
        n,
        agency=agencies(n),
        meeting=many(MeetingFactory, n),
        proposed_by=people(n),
    ),
    "meetings.meeting": lambda n: many(MeetingFactory, n, chair_agency=agencies(n)),
    "meetings.principalsmeeting": lambda n: many(
        MeetingFactory, n, chair_agency=agencies(n), kind="principals"
    ),
    "meetings.workinghours": lambda n: many(WorkingHoursFactory, n, agency=agencies(n)),
    "members.agency": memberships,
    "members.appointment": appointments,
    "members.commission": commissions,
    "members.factorreset": lambda n: FactorReset.objects.bulk_create(
        FactorReset(person=one, asked_by=by, asked_at=NOW, reason="Lost.")
        for one, by in zip(people(n), people(n), strict=True)
    ),
    "members.invitation": lambda n: many(
        InvitationFactory, n, agency=agencies(n), invited_by=people(n), person=people(n)
    ),
    "members.membership": memberships,
    "members.person": appointments,
    "members.representation": lambda n: many(RepresentationFactory, n, commission=commissions(n)),
    "mfa.authenticator": lambda n: Authenticator.objects.bulk_create(
        Authenticator(user=one, type="totp", data={}) for one in people(n)
    ),
    "reminders.mailpreference": lambda n: MailPreference.objects.bulk_create(
        MailPreference(person=one, kind="a.kind") for one in people(n)
    ),
    "reminders.outboxmessage": lambda n: many(OutboxMessageFactory, n, recipient=people(n)),
    "rotation.chairterm": terms,
    "rotation.checklisttemplateitem": lambda n: many(TemplateItemFactory, n),
    "rotation.declinedsignature": lambda n: many(
        DeclinedSignatureFactory, n, handover=handovers(n), declined_by=people(n)
    ),
    "rotation.handover": handovers,
    "rotation.handoveritem": lambda n: many(HandoverItemFactory, n, handover=handovers(n)),
    "rotation.keptplace": lambda n: many(KeptPlaceFactory, n, agency=agencies(n)),
    "rotation.lesson": lambda n: many(LessonFactory, n, term=terms(n), written_by=people(n)),
    "rotation.matterjudgement": lambda n: many(
        MatterJudgementFactory, n, term=terms(n), judged_by=people(n)
    ),
    "rotation.outsidepromise": lambda n: many(
        OutsidePromiseFactory, n, term=terms(n), put_down_by=people(n)
    ),
    "rotation.stateofplay": lambda n: many(
        StateOfPlayFactory, n, term=terms(n), written_by=people(n)
    ),
    "rotation.selection": selections,
    "rotation.selectionvote": votes,
    "rotation.unavailability": unavailabilities,
    "statements.amendment": lambda n: many(
        AmendmentFactory, n, block=blocks(n), agency=agencies(n), author=people(n), number=1
    ),
    "statements.clearancestep": lambda n: many(ClearanceStepFactory, n, draft=many_circulated(n)),
    "statements.comment": comments,
    "statements.draft": many_circulated,
    "statements.languageversion": lambda n: LanguageVersion.objects.bulk_create(
        LanguageVersion(statement=draft.statement, language="fr", saved_by=person, saved_at=NOW)
        for draft, person in zip(many_circulated(n), people(n), strict=True)
    ),
    "statements.manifest": manifests,
    "statements.signingkey": lambda n: SigningKey.objects.bulk_create(
        SigningKey(key_id=f"{number}", public_key="", used_from=NOW, used_until=NOW)
        for number in range(n)
    ),
    "statements.paragraphorder": lambda n: ParagraphOrder.objects.bulk_create(
        ParagraphOrder(draft=draft, keys=[], moved_by=person, moved_at=NOW)
        for draft, person in zip(many_circulated(n), people(n), strict=True)
    ),
    "rotation.termcorrection": lambda n: TermCorrection.objects.bulk_create(
        TermCorrection(
            first_day=NOW.date(),
            last_day=NOW.date(),
            source="The minutes",
            proposed_by=person,
            proposed_at=NOW,
        )
        for person in people(n)
    ),
    "rotation.termoperation": term_operations,
    "rotation.owedturn": lambda n: OwedTurn.objects.bulk_create(
        OwedTurn(operation=operation, agency=agency)
        for operation, agency in zip(term_operations(n), agencies(n), strict=True)
    ),
    "statements.settlement": lambda n: Settlement.objects.bulk_create(
        Settlement(block=block, settled_by=person, settled_at=NOW)
        for block, person in zip(blocks(n), people(n), strict=True)
    ),
    "statements.statement": many_circulated,
    "statements.steptemplate": lambda n: StepTemplate.objects.bulk_create(
        StepTemplate(position=number, level="principals") for number in range(1, n + 1)
    ),
}

QUERIES = {
    "account.emailaddress": 6,
    "auth.group": 6,
    "core.sourcedisagreement": 6,
    "meetings.actionitem": 7,
    "meetings.hourpoll": 7,
    "meetings.meetingseries": 6,
    "meetings.agendaproposal": 7,
    "meetings.meeting": 9,
    "meetings.meetinganswer": 6,
    "meetings.attendanceclaim": 6,
    "meetings.refusedreply": 6,
    "meetings.minutes": 6,
    "meetings.minutesparagraph": 6,
    "meetings.minutescorrection": 7,
    "meetings.corrigendum": 6,
    "meetings.principalsmeeting": 12,
    "meetings.workinghours": 7,
    "members.agency": 8,
    "members.appointment": 9,
    "members.commission": 7,
    "members.factorreset": 6,
    "members.invitation": 7,
    "members.membership": 8,
    "members.person": 7,
    "members.representation": 7,
    "mfa.authenticator": 6,
    "reminders.mailpreference": 7,
    "reminders.outboxmessage": 7,
    "rotation.chairterm": 9,
    "rotation.checklisttemplateitem": 6,
    "rotation.declinedsignature": 6,
    "rotation.handover": 6,
    "rotation.handoveritem": 6,
    "rotation.owedturn": 6,
    "rotation.keptplace": 6,
    "rotation.lesson": 6,
    "rotation.matterjudgement": 6,
    "rotation.outsidepromise": 6,
    "rotation.stateofplay": 6,
    "rotation.termcorrection": 6,
    "rotation.termoperation": 8,
    "rotation.selection": 6,
    "rotation.selectionvote": 6,
    "rotation.unavailability": 6,
    "statements.amendment": 9,
    "statements.clearancestep": 6,
    "statements.comment": 9,
    "statements.draft": 6,
    "statements.languageversion": 7,
    "statements.manifest": 6,
    "statements.signingkey": 7,
    "statements.paragraphorder": 6,
    "statements.settlement": 7,
    "statements.statement": 9,
    "statements.steptemplate": 6,
}


def test_no_list_of_the_admin_is_forgotten():
    assert {
        model._meta.label_lower for model in admin.site._registry
    } == QUERIES.keys() | ONE_ROW_BY_NATURE


@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize("model", QUERIES)
def test_a_list_of_the_admin_costs_the_same(
    client, administrator, django_assert_num_queries, model, rows
):
    MAKE[model](rows)
    client.force_login(administrator)
    address = reverse("admin:{}_{}_changelist".format(*model.split(".")))

    with django_assert_num_queries(QUERIES[model]):
        shown = client.get(address).context["cl"]

    assert shown.result_count >= rows

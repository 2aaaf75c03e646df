"""Which addresses make something when a form is sent to them, and what a test sends to each."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from coordination.meetings.models import Meeting, Minutes
from coordination.meetings.tests.writing import (
    adopted_minutes,
    circulated_minutes,
    held_meeting,
)
from coordination.members.models import Agency, Person
from coordination.members.tests.factories import PersonFactory
from coordination.rotation.actions import votes
from coordination.rotation.models import (
    Candidature,
    ChairTerm,
    Escalation,
    Selection,
    SelectionVote,
    VoteOption,
)
from coordination.rotation.tests.factories import (
    ChairTermFactory,
    HandoverFactory,
    TermAgencyFactory,
)
from coordination.rotation.tests.selections import opened
from coordination.statements.enums import StatementState
from coordination.statements.tests.factories import circulated, drafted, in_clearance
from coordination.tests.cast import NOW
from coordination.tests.e2e import agenda_forms, word_forms

LETTER = b"%PDF-1.4\n% a letter\n"


def meeting() -> Meeting:
    return Meeting.objects.create(
        title="Working level", slug="working-level", starts_at=NOW, time_zone="Europe/Paris"
    )


def the_chair() -> Person:
    return Person.objects.get(email="elodie.marchand@unesco.example.org")


def of_paragraph(name: str, minutes: Minutes) -> str:
    """Return the address of a form about the paragraph of minutes that have one."""
    return reverse(name, args=[minutes.meeting.slug, minutes.paragraphs.get().pk])


def past_term() -> ChairTerm:
    term = ChairTermFactory(slug="2025-H2", first_day=date(2025, 7, 1), last_day=date(2025, 12, 31))
    TermAgencyFactory(term=term, agency=Agency.objects.get(acronym="UNFPA"))
    return term


def coming_term() -> str:
    """Return the slug of the next term, to which a handover is begun."""
    term = ChairTerm.objects.get(slug="2027-H1")
    HandoverFactory(incoming_term=term)
    return term.slug


def selection() -> Selection:
    return opened(the_chair())


def escalated() -> Selection:
    made = selection()
    Escalation.objects.create(
        selection=made, reason="nobody_stands", deadline=made.call_until, at=NOW
    )
    return made


def contested() -> Selection:
    made = selection()
    for acronym in ("UNFPA", "UNESCO"):
        Candidature.objects.create(
            selection=made,
            agency_id=key_of(acronym),
            answer="stands",
            answered_by=made.opened_by,
            answered_at=NOW,
        )
    return made


def of_term(name: str, made: Selection) -> str:
    return reverse(name, args=[made.slug, made.terms.get().pk])


def vote() -> SelectionVote:
    made = contested()
    return votes.open_vote(
        made.terms.get(),
        is_secret=True,
        quorum=3,
        until=date(2026, 12, 4),
        by=made.opened_by,
        at=NOW,
    )


def ballot(made: SelectionVote) -> str:
    return reverse("rotation:vote", args=[made.term.selection.slug, made.pk])


def choice() -> int:
    return VoteOption.objects.get(agency__acronym="UNFPA").pk


def key_of(acronym: str) -> int:
    return Agency.objects.get(acronym=acronym).pk


def letter() -> dict[str, object]:
    return {
        "agency": key_of("UNFPA"),
        "kind": "approve",
        "signed_by": "The Executive Director",
        "letter": SimpleUploadedFile("letter.pdf", LETTER),
    }


def adopted() -> str:
    return circulated(
        StatementState.ADOPTED, adopted_at=NOW, adopted_sha256="f" * 64, released_at=NOW
    ).statement.slug


@dataclass(frozen=True, slots=True)
class Case:
    """A form that makes something: who sends it, where its page is, what a person types into it."""

    role: str
    path: Callable[[], str]
    typed: Callable[[], dict[str, Any]] = field(default=dict)
    action: str = ""
    htmx: bool = False
    page: str = ""  # where the form stands, seen from where it is sent


def at(name: str, *args: Callable[[], object] | object, query: str = "") -> Callable[[], str]:
    """Return what gives the address, once what it is about is made."""
    return lambda: reverse(name, args=[arg() if callable(arg) else arg for arg in args]) + query


def of_block(
    name: str, key: str = "b3", make: Callable[..., Any] = circulated
) -> Callable[[], str]:
    return lambda: reverse(name, args=[make().statement.slug, key])


def words(**typed: object) -> Callable[[], dict[str, object]]:
    return lambda: typed


AMENDED = words(proposed_text="Other words than before.", rationale="Since 2010.")
OCCASION = words(
    day="2026-12-18", speaker="The Director-General", event="Migrants Day", on_behalf_of="the group"
)
PAST_TERM = {
    "first_day": "2025-07-01",
    "last_day": "2025-12-31",
    "kind": "term",
    "source": "Minutes of 3 July 2025",
}
TERM = {"first_day": "2028-01-01", "last_day": "2028-06-30", "kind": "term"}

CREATES: dict[str, list[Case]] = {
    "meetings:convene": [
        Case("chair", at("meetings:convene"), words(**typed))
        for typed in (agenda_forms.MEETING, agenda_forms.SERIES)
    ],
    **{name: [Case(*row)] for name, row in agenda_forms.FORMS.items()},
    "meetings:write_paragraph": [
        Case(
            "chair",
            lambda: reverse("meetings:write_paragraph", args=[held_meeting().slug]),
            words(text="All agreed.", kind="information"),
            page="../?at=0",
        )
    ],
    "meetings:correct_paragraph": [
        Case(
            "focal_point",
            lambda: of_paragraph("meetings:correct_paragraph", circulated_minutes(the_chair())),
            words(kind="change", text="All disagreed."),
            page="../../?correct=%s",
        )
    ],
    "meetings:rectify_paragraph": [
        Case(
            "chair",
            lambda: of_paragraph("meetings:rectify_paragraph", adopted_minutes(the_chair())),
            words(text="Read: 2025.", reason="A wrong year."),
            page="../../?rectify=%s",
        )
    ],
    "members:away": [
        Case(
            "focal_point",
            at("members:away"),
            words(first_day="2026-12-01", last_day="2026-12-04"),
        )
    ],
    "members:invite": [
        Case(
            "focal_point",
            at("members:invite", "unfpa"),
            words(email="new@unfpa.example.org", name="Sara Lind", role="focal_point"),
        )
    ],
    "rotation:propose": [
        Case(
            "administrator",
            at("rotation:propose"),
            lambda: {**TERM, "first_agency": key_of("UNFPA")},
        )
    ],
    "rotation:planning": [Case("chair", at("rotation:planning"))],
    "rotation:correct_new": [
        Case(
            "administrator",
            at("rotation:correct_new"),
            lambda: {**PAST_TERM, "first_agency": key_of("UNFPA")},
        )
    ],
    "rotation:open_selection": [
        Case(
            "chair",
            at("rotation:open_selection"),
            words(
                first_day="2027-07-01",
                last_day="2027-12-31",
                number=1,
                call_until="2026-12-11",
                consultation_until="2026-12-30",
                decision_until="2027-01-29",
            ),
        )
    ],
    "rotation:answer": [
        Case(
            "focal_point",
            at("rotation:answer", lambda: selection().slug),
            words(
                answer="declines",
                decline_reason="resources",
                away_first="2027-07-01",
                away_last="2027-08-01",
            ),
        )
    ],
    "rotation:principals": [
        Case(
            "focal_point",
            at("rotation:principals", lambda: escalated().slug),
            words(view="other", words="The chair of today goes on."),
        )
    ],
    "rotation:open_vote": [
        Case(
            "chair",
            lambda: of_term("rotation:open_vote", contested()),
            words(how="secret", quorum=3, until="2026-12-04"),
        )
    ],
    "rotation:vote": [Case("focal_point", lambda: ballot(vote()), lambda: {"choice": choice()})],
    "rotation:decide": [
        Case(
            "chair",
            lambda: of_term("rotation:decide", contested()),
            lambda: {
                "agencies": key_of("UNFPA"),
                "method": "consensus",
                "consulted": key_of("UNFPA"),
                "confirmed": "yes",
            },
        )
    ],
    "rotation:correct": [
        Case(
            "focal_point",
            at("rotation:correct", lambda: past_term().slug),
            lambda: {
                **PAST_TERM,
                "first_agency": key_of("UNESCO"),
                "proposed_for": key_of("UNFPA"),
                "version": 1,
            },
        )
    ],
    "rotation:add_promise": [
        Case(
            "chair",
            at("rotation:add_promise", "2026-H2"),
            words(what="A brief", to_whom="The Forum", due_day="2026-12-24"),
        )
    ],
    "rotation:add_place": [
        Case(
            "chair",
            at("rotation:add_place", "2026-H2"),
            lambda: {"what": "Mailing list", "agency": key_of("UNESCO"), "holder": "The IT desk"},
        )
    ],
    "rotation:add_lesson": [
        Case(
            "chair",
            at("rotation:add_lesson", "2026-H2"),
            words(kind="worked", text="Calling the silent."),
        )
    ],
    "rotation:decline": [
        Case(
            "chair",
            at("rotation:decline", coming_term, "outgoing"),
            words(level="focal_point", reason="The archive is missing."),
        )
    ],
    "statements:start": [
        Case(
            "chair",
            at("statements:start"),
            words(title="A joint statement", text="We, the heads.\n\nWe agree."),
        )
    ],
    "statements:add_block": [
        Case(
            "chair", of_block("statements:add_block", make=drafted), words(text="A new paragraph.")
        ),
    ],
    "statements:amend": [
        Case("focal_point", of_block("statements:amend"), AMENDED),
        Case("focal_point", of_block("statements:amend"), AMENDED, htmx=True),
        Case("focal_point", of_block("statements:amend"), lambda: {**AMENDED(), "keep": "yes"}),
    ],
    "statements:insert": [
        Case("focal_point", of_block("statements:insert"), AMENDED),
        Case("focal_point", of_block("statements:insert"), AMENDED, htmx=True),
        Case(
            "focal_point",
            of_block("statements:insert"),
            lambda: {**AMENDED(), "keep": "yes"},
            htmx=True,
        ),
    ],
    "statements:delete": [
        Case("focal_point", of_block("statements:delete"), words(rationale="It repeats the third."))
    ],
    "statements:discuss": [
        Case(
            "focal_point",
            lambda: reverse("statements:discuss", args=[circulated().statement.slug]) + "?about=b3",
            words(text="We agree with that."),
        ),
    ],
    "statements:decision": [
        Case(
            "focal_point",
            lambda: reverse("statements:decision", args=[in_clearance().statement.slug]),
            words(kind="approve"),
        ),
    ],
    "statements:positions": [
        Case(
            "focal_point",
            lambda: reverse("statements:positions", args=[in_clearance().statement.slug]),
            words(kind="approve"),
        ),
        Case(
            "focal_point",
            lambda: reverse("statements:positions", args=[in_clearance().statement.slug]),
            words(kind="object", reason="Not yet.", keep="yes"),
        ),
    ],
    "statements:record_letter": [
        Case(
            "chair",
            lambda: reverse("statements:record_letter", args=[in_clearance().statement.slug]),
            letter,
        ),
    ],
    "statements:record_call": [
        Case(
            "chair",
            lambda: reverse("statements:record_call", args=[in_clearance().statement.slug]),
            lambda: {
                "agency": key_of("UNFPA"),
                "spoken_by": "The Deputy Director",
                "spoken_at": "2026-11-23T09:30",
                "heard_by": "Élodie Marchand",
            },
        ),
    ],
    "statements:plan_delivery": [Case("chair", at("statements:plan_delivery", adopted), OCCASION)],
    "statements:send_word": [Case("focal_point", word_forms.sending, word_forms.sent)],
}
# Addresses that a form is sent to and that make nothing new when it comes again; the reason for each
CHANGES: dict[str, str] = {
    **dict.fromkeys(
        (
            "meetings:agenda_item", "meetings:item_up", "meetings:item_down", "meetings:remove_agenda_item", "meetings:change_series", "meetings:extend_series", "meetings:end_series",
            "meetings:take_arising", "meetings:accept_proposal", "meetings:decline_proposal", "meetings:withdraw_proposal",
            "meetings:edit_paragraph", "meetings:remove_paragraph", "meetings:restore_paragraph", "meetings:up_paragraph",
            "meetings:down_paragraph", "meetings:circulate_minutes", "meetings:adopt_minutes",
            "meetings:action_item", "meetings:cancel", "meetings:edit", "meetings:outcome", "meetings:working_hours", "meetings:close_poll", "members:appointment", "members:mandate",
            "members:profile", "rotation:accept_offer", "rotation:change", "rotation:confirm",
            "rotation:decline_offer", "rotation:withdraw_offer", "rotation:edit", "rotation:item", "rotation:withdraw", "statements:adapt",
            "rotation:summary", "rotation:promise", "rotation:settle_promise", "rotation:place", "rotation:end_place", "rotation:lesson",
            "rotation:withdraw_lesson",
            "rotation:selection_dates", "rotation:close_selection", "rotation:close_vote",
            "rotation:answer_letter", "rotation:vote_letter", "rotation:consent_letter",
            "statements:adapt_new", "statements:arrange", "statements:decline", "statements:discard_prepared", "statements:edit_amendment",
            "statements:edit_block", "statements:edit_delivery", "statements:note_delivered", "statements:cancel_delivery",
            "statements:participants", "statements:paste", "statements:put_up", "statements:remove_block", "statements:reopen",
            "statements:take", "statements:unsettle", "statements:withdraw_amendment", "statements:name_word_authors",
            "statements:edit_language", "statements:plan_release", "statements:unplan_release",
        ),
        "carries the version of what it changes: a repeat is refused",
    ),
    **dict.fromkeys(
        (
            "meetings:take_correction", "meetings:decline_correction", "meetings:withdraw_correction",
            "meetings:claim", "meetings:settle_claim", "members:withdraw_absence",
            "members:accept", "members:withdraw_invitation", "reminders:retry", "statements:act", "statements:circulate",
            "statements:extend", "statements:issue", "statements:open_step", "statements:reopen_amendments",
            "rotation:agree", "rotation:decide_offer", "rotation:fill_vacancy", "rotation:offer_exchange", "rotation:withdraw_correction", "statements:write_to_silent",
            "rotation:sign_to_file", "rotation:available",
            "statements:take_all_that_merge", "statements:withdraw_comment", "statements:review_word", "statements:discard_word",
        ),
        "the state lets it happen once",
    ),
    **dict.fromkeys(
        (
            "meetings:take_newer", "meetings:unpin_paper",
            "meetings:roll", "members:confirm_roster", "members:confirm_by_link",
            "meetings:answer", "meetings:answer_by_link", "meetings:answer_poll", "meetings:answer_poll_by_link", "members:address", "members:confirm_address", "members:demo_sign_in", "members:sessions", "members:set_password", "reminders:preferences", "reminders:unsubscribe", "rotation:sign", "statements:dismiss_mention", "statements:sponsor",
        ),
        "sets a value; twice is the same as once",
    ),
    "statements:check_text": "compares two texts, and stores nothing",
}  # fmt: skip

# Records that an administrator adds by hand: what is typed into the form of each
RECORDS: dict[str, Callable[[], dict[str, object]]] = {
    "core.sourcedisagreement": words(topic="chair", about="2009", accounts='{"one": "a"}'),
    "meetings.actionitem": lambda: {
        "meeting": meeting().pk, "number": 1, "title": "A paper", "agency": key_of("UNFPA"), "due_day": "2026-12-24",
    },
    "meetings.meeting": words(
        title="Retreat", slug="retreat", kind="working_level", starts_at_0="2026-12-01", starts_at_1="10:00", time_zone="Europe/Paris"
    ),
    "meetings.principalsmeeting": words(
        title="Principals", slug="principals", starts_at_0="2026-12-01", starts_at_1="10:00", time_zone="Europe/Paris"
    ),
    "meetings.workinghours": lambda: {"agency": key_of("UNFPA"), "begins": "08:00", "ends": "16:00"},
    "members.agency": words(acronym="IOM", slug="iom", name="International Organization for Migration"),
    "members.appointment": lambda: {"person": person(), "agency": key_of("UNFPA"), "role": "office", "first_day": "2026-12-01"},
    "members.commission": lambda: {"agency": key_of("UNFPA"), "acronym": "ECE", "name": "ECE", "city": "Geneva", "time_zone": "Europe/Zurich"},
    "members.membership": lambda: {"agency": outside().pk, "standing": "member", "first_day": "2026-12-01"},
    "members.person": words(name="Sara Lind", email="sara@example.org", usable_password="false"),
    "members.representation": lambda: {"commission": commission(), "first_day": "2026-12-01"},
    "rotation.checklisttemplateitem": words(key="list", title="Hand over the list", side="outgoing", due_offset_days=5, position=9),
    "statements.steptemplate": words(position=7, level="working_level", hours=48),
}  # fmt: skip
RECORDS_OF_OTHERS = {
    "auth.group": "its name is unique",
    "members.factorreset": "a person has one open request",
}


def outside() -> Agency:
    return Agency.objects.create(
        acronym="IOM", slug="iom", name="IOM", city="Geneva", time_zone="Europe/Zurich"
    )


def commission() -> int:
    made = Agency.objects.get(acronym="UNFPA").commissions.create(
        acronym="ECE", name="ECE", city="Geneva", time_zone="Europe/Zurich"
    )
    return int(made.pk)


def person() -> int:
    return int(PersonFactory(name="Sara Lind").pk)

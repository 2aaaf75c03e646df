"""Made data for a group of 30 agencies and 20 years, times a factor.

300 meetings, and 200 statements with 40 amendments each.
"""

import random
from datetime import UTC, date, datetime, timedelta

from coordination.core.enums import CoreChange
from coordination.core.history import sign
from coordination.core.models import Group
from coordination.desk.actions import search_index
from coordination.meetings.models import (
    ActionItem,
    AgendaItem,
    Attendance,
    Meeting,
    MeetingDocument,
    Minutes,
    MinutesParagraph,
    PaperPin,
)
from coordination.members.models import Agency, Appointment, Membership, Person
from coordination.rotation.enums import Answer, TermState
from coordination.rotation.models import (
    Candidature,
    ChairTerm,
    Selection,
    SelectionTerm,
    TermAgency,
)
from coordination.statements.enums import AmendmentState, BlockKind, StatementState
from coordination.statements.models import Amendment, Block, Comment, Draft, Statement

AGENCIES, MEETINGS, STATEMENTS, BLOCKS, AMENDMENTS = 30, 300, 200, 20, 40
DAY = timedelta(days=1)
DRAFT_SHA256 = "0" * 64  # visitors find the draft that was adopted, known by its hash
UNDER_WAY = 10  # statements; the others are adopted and released
WORDS = [
    "States",
    "migrants",
    "rights",
    "shall",
    "ensure",
    "protection",
    "of",
    "children",
    "women",
    "health",
    "labour",
    "dignity",
    "in",
    "transit",
    "without",
    "fear",
]
MANDATES = ["migrants", "rights", "protection", "children", "women", "health", "labour", "dignity"]


def text(rng: random.Random, words: int) -> str:
    """Return that many words."""
    return " ".join(rng.choice(WORDS) for _ in range(words)) + "."


def people(now: datetime) -> list[Person]:
    """Make the agencies with three focal points each; return the first focal point of each."""
    agencies = Agency.objects.bulk_create(
        Agency(
            acronym=f"AG{n:02}",
            slug=f"ag{n:02}",
            name=f"Agency number {n}",
            city="Geneva",
            time_zone="Europe/Zurich",
            mandate_terms=[MANDATES[n % len(MANDATES)], f"{MANDATES[n % 3]} of {MANDATES[n % 5]}"],
        )
        for n in range(AGENCIES)
    )
    start = date(now.year - 20, 1, 1)
    Membership.objects.bulk_create(
        Membership(agency=agency, first_day=start) for agency in agencies
    )
    persons = Person.objects.bulk_create(
        Person(name=f"Person {n}", email=f"p{n}@example.org", time_zone="Europe/Paris")
        for n in range(AGENCIES * 3)
    )
    Appointment.objects.bulk_create(
        Appointment(person=person, agency=agencies[n // 3], first_day=start)
        for n, person in enumerate(persons)
    )
    return persons[::3]


def terms(now: datetime) -> None:
    """Make half-year terms over 20 years back and one ahead."""
    agencies = list(Agency.objects.order_by("pk"))
    made = []
    for n in range(42):
        year, half = divmod(n, 2)
        first = date(now.year - 20 + year, 1 + 6 * half, 1)
        last = date(first.year, 6, 30) if half == 0 else date(first.year, 12, 31)
        made.append(
            ChairTerm(
                slug=f"{first.year}-H{half + 1}",
                first_day=first,
                last_day=last,
                state=TermState.CONFIRMED,
            )
        )
    ChairTerm.objects.bulk_create(made)
    TermAgency.objects.bulk_create(
        TermAgency(term=term, agency=agencies[n % AGENCIES]) for n, term in enumerate(made)
    )


def selection(now: datetime, readers: list[Person]) -> None:
    """Make a running selection of the term after the last one; every second agency stands."""
    year = now.year + 1
    made = Selection.objects.create(
        slug="next",
        call_until=now.date() + timedelta(days=30),
        consultation_until=now.date() + timedelta(days=60),
        decision_until=now.date() + timedelta(days=90),
        opened_at=now,
    )
    SelectionTerm.objects.create(
        selection=made, first_day=date(year, 1, 1), last_day=date(year, 6, 30)
    )
    Candidature.objects.bulk_create(
        Candidature(
            selection=made,
            agency=agency,
            answer=Answer.STANDS,
            answered_by=reader,
            answered_at=now,
        )
        for agency, reader in list(zip(Agency.objects.order_by("pk"), readers, strict=True))[::2]
    )


def meetings(now: datetime, factor: int) -> None:
    """Make the meetings with agenda, attendance and action items."""
    agencies = list(Agency.objects.order_by("pk"))
    made = Meeting.objects.bulk_create(
        Meeting(
            slug=f"meeting-{n}",
            number=n,
            title=f"Working-level meeting {n}",
            starts_at=now + timedelta(days=7 - 7 * n),
        )
        for n in range(1, MEETINGS * factor + 1)
    )
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=m, position=p, title=f"Item {p}") for m in made for p in range(1, 6)
    )
    Attendance.objects.bulk_create(
        Attendance(meeting=m, agency=a, level="focal_point") for m in made for a in agencies
    )
    ActionItem.objects.bulk_create(
        ActionItem(
            meeting=m,
            number=p,
            title=f"Action {p}",
            agency=agencies[(m.pk + p) % AGENCIES],
            due_day=now.date(),
            state="open" if m.number and m.number < 10 else "done",
        )
        for m in made
        for p in range(1, 6)
    )


def large_meeting(now: datetime) -> None:
    """Make a meeting with 40 agenda items, 41 papers, a roll of 18 and 80 paragraphs of minutes."""
    meeting = Meeting.objects.create(
        slug="large", title="A large meeting", starts_at=now - timedelta(days=3), state="held"
    )
    items = AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, position=p, title=f"Item {p}", minutes=5) for p in range(1, 41)
    )
    papers = MeetingDocument.objects.bulk_create(
        MeetingDocument(meeting=meeting, title=f"Paper {p}", link=f"https://example.org/{p}")
        for p in range(1, 42)
    )
    PaperPin.objects.bulk_create(
        PaperPin(item=item, version=paper) for item, paper in zip(items, papers, strict=False)
    )
    Attendance.objects.bulk_create(
        Attendance(meeting=meeting, agency=agency, level="focal_point", name_on_day="A. Person")
        for agency in Agency.objects.order_by("pk")[:18]
    )
    minutes = Minutes.objects.create(
        meeting=meeting, state="circulated", circulated_at=now, corrections_until=now + DAY
    )
    MinutesParagraph.objects.bulk_create(
        MinutesParagraph(minutes=minutes, item=item, position=2 * n + m, text=f"Said {n}.{m}.")
        for n, item in enumerate(items)
        for m in (1, 2)
    )


def statements(now: datetime, factor: int) -> None:
    """Make the statements, each with 20 blocks and 40 amendments.

    Most adopted, ten under amendment.
    """
    rng = random.Random(1)
    agencies = list(Agency.objects.order_by("pk"))
    author = Person.objects.order_by("pk").first()
    assert author
    count = STATEMENTS * factor
    made = Statement.objects.bulk_create(
        Statement(
            slug=f"statement-{n}",
            symbol=f"GMG/{n}",
            title=f"Statement number {n}",
            started_at=now - timedelta(days=10 * n + 3),
            state=StatementState.AMENDMENTS if n < UNDER_WAY else StatementState.ADOPTED,
            amendments_until=now + timedelta(days=3),
            adopted_at=now - timedelta(days=10 * n) if n >= UNDER_WAY else None,
            released_at=now - timedelta(days=10 * n) if n >= UNDER_WAY else None,
            adopted_sha256=DRAFT_SHA256 if n >= UNDER_WAY else "",
        )
        for n in range(count)
    )
    drafts = Draft.objects.bulk_create(Draft(statement=s, number=1) for s in made)
    blocks = Block.objects.bulk_create(
        [
            Block(draft=d, key=f"b{p}", kind=BlockKind.OPERATIVE, position=p, text=text(rng, 45))
            for d in drafts
            for p in range(BLOCKS)
        ],
        batch_size=5000,
    )
    amendments = [
        Amendment(
            block=block,
            agency=agencies[(i * 2 + j) % AGENCIES],
            author=author,
            number=i % BLOCKS * (AMENDMENTS // BLOCKS) + j + 1,
            rationale=text(rng, 12),
            proposed_at=now,
            proposed_text=block.text.replace("rights", "human rights", 1) + f" Added {j}.",
            state=AmendmentState.OPEN
            if block.draft.statement.state == StatementState.AMENDMENTS
            else AmendmentState.TAKEN,
        )
        for i, block in enumerate(blocks)
        for j in range(AMENDMENTS // BLOCKS)
    ]
    Amendment.objects.bulk_create(amendments, batch_size=5000)
    second = second_draft(made[50], blocks)
    circulate([*drafts, second])


def second_draft(statement: Statement, blocks: list[Block]) -> Draft:
    """Make the second draft of a statement, with some other words in each paragraph."""
    second = Draft.objects.create(statement=statement, number=2)
    Block.objects.bulk_create(
        Block(
            draft=second,
            key=b.key,
            kind=b.kind,
            position=b.position,
            text=b.text.replace("rights", "human rights", 1),
        )
        for b in blocks
        if b.draft.statement == statement
    )
    return second


def circulate(drafts: list[Draft]) -> None:
    """Circulate drafts that have their blocks: from then on the database refuses to change them."""
    for draft in drafts:
        draft.sha256, draft.circulated_at = DRAFT_SHA256, draft.statement.started_at
    Draft.objects.bulk_update(drafts, ["sha256", "circulated_at"], batch_size=500)


def workspace(
    now: datetime, slug: str, paragraphs: int, words_in_each: int, amendments: int
) -> Statement:
    """Make one statement with many open amendments to each paragraph; return it.

    `amendments` is the number of them to each paragraph, each of another agency.
    """
    rng = random.Random(2)
    agencies, author = (
        list(Agency.objects.order_by("pk"))[:amendments],
        Person.objects.order_by("pk").first(),
    )
    assert author
    until = now + timedelta(days=3)
    statement = Statement.objects.create(
        slug=slug,
        symbol=f"GMG/{slug}",
        title="Under work",
        started_at=now,
        state=StatementState.AMENDMENTS,
        amendments_until=until,
    )
    draft = Draft.objects.create(statement=statement, number=1)
    blocks = Block.objects.bulk_create(
        Block(
            draft=draft,
            key=f"b{p}",
            kind=BlockKind.OPERATIVE,
            position=p,
            text=text(rng, words_in_each),
        )
        for p in range(paragraphs)
    )
    edits: list[Amendment] = []
    for block in blocks:
        words = block.text.split()
        for n, agency in enumerate(agencies):
            proposed = " ".join([*words[: 15 * n + 5], f"inserted{n}", *words[15 * n + 5 :]])
            edit = Amendment(
                block=block,
                agency=agency,
                author=author,
                rationale="Why.",
                proposed_at=now,
                proposed_text=proposed,
            )
            edit.number = len(edits) + 1
            edits.append(edit)
    Amendment.objects.bulk_create(edits)
    circulate([draft])
    return statement


def consolidated(statement: Statement) -> None:
    """Close the amendments to a statement, so that the chair consolidates."""
    statement.state = StatementState.CONSOLIDATION
    statement.save()


def discussed(statement: Statement, comments: int) -> None:
    """Say `comments` things about the paragraphs of a statement, by turns of its agencies."""
    agencies = list(Agency.objects.order_by("pk"))
    authors = list(Person.objects.order_by("pk")[::3])
    keys = list(Block.objects.filter(draft__statement=statement).values_list("key", flat=True))
    Comment.objects.bulk_create(
        Comment(
            statement=statement,
            key=keys[n % len(keys)],
            agency=agencies[n % AGENCIES],
            author=authors[n % AGENCIES],
            text="This goes too far for us, and the words before it say as much.",
            said_at=statement.started_at + timedelta(seconds=n),
        )
        for n in range(comments)
    )


def versions(now: datetime) -> None:
    """Make one statement that forty people changed one after another, each with a reason."""
    statement = Statement(
        slug="versions",
        symbol="GMG/V",
        started_at=now,
        state=StatementState.AMENDMENTS,
        amendments_until=now,
    )
    for n, person in enumerate(Person.objects.order_by("pk")[:40]):
        statement.title = f"A statement that was renamed {n} times"
        sign(statement, by=person, reason=CoreChange.REFERENCE_DATA)
        statement.save()
    circulate([Draft.objects.create(statement=statement, number=1)])


def chair_of(day: date, readers: list[Person]) -> Person:
    """Return the reader whose agency chairs on `day`."""
    terms = TermAgency.objects.filter(term__first_day__lte=day, term__last_day__gte=day)
    agency = terms.values("agency")
    return next(
        reader for reader in readers if reader.appointments.filter(agency__in=agency).exists()
    )


def make(factor: int) -> tuple[Person, Person, Person]:
    """Fill an empty database; return a focal point, one of another agency, and one of the chair."""
    now = datetime.now(UTC)
    Group.objects.create(name="Benchmark group", acronym="BENCH")
    readers = people(now)
    terms(now)
    selection(now, readers)
    meetings(now, factor)
    large_meeting(now)
    statements(now, factor)
    workspace(now, "workspace", paragraphs=100, words_in_each=180, amendments=10)
    workspace(now, "two-pages", paragraphs=16, words_in_each=56, amendments=4)
    consolidated(workspace(now, "consolidated-64", 16, 56, 4))
    consolidated(workspace(now, "consolidated-1000", 100, 180, 10))
    discussed(workspace(now, "discussed", 16, 56, 4), 1000)
    versions(now)
    search_index.rebuild()
    return readers[0], readers[20], chair_of(now.date(), readers)

"""Search finds what the reader may see, and never tells of the rest."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import connection, transaction

from coordination.core.actions import update_with_history
from coordination.core.enums import CoreChange
from coordination.core.history import sign
from coordination.core.permissions import On, allowed
from coordination.desk.actions import search_index
from coordination.desk.enums import EntryKind
from coordination.desk.models import SearchEntry, SearchWord
from coordination.desk.queries import search
from coordination.meetings.models import ActionItem, Decision
from coordination.meetings.tests.factories import AgendaItemFactory, MeetingFactory
from coordination.members.models import Commission
from coordination.members.tests.factories import (
    AgencyFactory,
    AppointmentFactory,
    MembershipFactory,
    PersonFactory,
)
from coordination.searchkit import spelling
from coordination.statements.models import PreparedAmendment
from coordination.statements.queries.statements import access_of
from coordination.statements.tests.factories import (
    AmendmentFactory,
    BlockFactory,
    DraftFactory,
    StatementFactory,
    circulated,
    drafted,
    many_circulated,
    unfrozen,
)
from coordination.tests.cast import NOW, TODAY
from coordination.tests.many import ROWS, many

pytestmark = [pytest.mark.django_db, pytest.mark.both]
BACKEND = "coordination.members.adapter.AccountBackend"
WORD = "Xylophone"


def reader(person):
    return search.SearchReader(
        access_of(person, On(TODAY)),
        reads_people=allowed(person, "members.read", On(TODAY)),
        reads_meetings=allowed(person, "meetings.read", On(TODAY)),
    )


def results(text, person):
    """Return what a fresh index finds, as the page shows it."""
    search_index.rebuild()
    found = search.find(text, reader(person))
    return search.shown(found.hits, found.question)


def titles(text, person, kind=EntryKind.STATEMENT):
    return sorted(result.title for result in results(text, person) if result.kind == kind)


@pytest.fixture
def secrets(terms):
    """Return statements that say the word in every place that somebody may not read."""
    in_title = drafted(title=f"Prepared {WORD}")
    BlockFactory(draft=drafted(title="Prepared"), key="x", position=90, text=WORD)
    with unfrozen():
        BlockFactory(draft=circulated(title="Circulated"), key="x", position=90, text=WORD)
    proposed = circulated(title="Proposed")
    AmendmentFactory(block=proposed.blocks.first(), proposed_text=WORD, rationale=WORD)
    dropped = circulated(
        title="Dropped on the way",
        released_at=NOW,
        adopted_at=NOW,
        adopted_sha256="f" * 64,
        state="adopted",
    )
    with unfrozen():
        BlockFactory(draft=dropped, key="x", position=90, text=WORD)
    final = DraftFactory(statement=dropped.statement, number=2, sha256="f" * 64, circulated_at=NOW)
    with unfrozen():
        BlockFactory(draft=final, key="x", position=90, text="Rights and Yarrow")
    StatementFactory(title=f"Withdrawn unseen {WORD}", state="withdrawn")
    return in_title


def test_outside_only_what_was_released_in_the_words_that_were_adopted(
    secrets, stranger, former_focal_point
):
    for person in (AnonymousUser(), stranger, former_focal_point):
        assert results(WORD, person) == []
        assert titles("Yarrow", person) == ["Dropped on the way"]


def test_inside_what_was_circulated(secrets, focal_point, incoming_chair):
    for person in (focal_point, incoming_chair):
        assert titles(WORD, person) == ["Circulated", "Dropped on the way"]
        assert titles(WORD, person, EntryKind.AMENDMENT) == ["Proposed"]


def test_the_chair_finds_what_it_prepares_by_title(secrets, chair):
    assert titles(WORD, chair) == [
        "Circulated",
        "Dropped on the way",
        f"Prepared {WORD}",
        f"Withdrawn unseen {WORD}",
    ]


def test_an_administrator_finds_what_the_pages_show_an_administrator(secrets, administrator):
    assert titles(WORD, administrator) == ["Circulated", "Dropped on the way"]


def test_what_an_agency_prepares_and_what_it_took_back_is_found_by_nobody(
    focal_point, other_agency, chair, unfpa, terms
):
    block = circulated(title="Transit").blocks.first()
    PreparedAmendment.objects.create(
        block=block, agency=unfpa, author=focal_point, proposed_text=WORD, saved_at=NOW
    )
    AmendmentFactory(block=block, proposed_text=WORD, state="withdrawn")
    AmendmentFactory(block=block, proposed_text="Other", settled_text=WORD, settled_reason=WORD)

    for person in (focal_point, other_agency, chair):
        assert results(WORD, person) == []


def test_a_changed_right_counts_at_once(focal_point, former_focal_point):
    """The index is not touched between the searches."""
    draft = circulated(title=WORD)
    outside = reader(AnonymousUser())
    search_index.rebuild()
    assert search.find(WORD, outside).hits == ()

    type(draft.statement).objects.update(released_at=NOW, adopted_at=NOW)
    assert len(search.find(WORD, outside).hits) == 1

    type(draft.statement).objects.update(released_at=None)
    assert search.find(WORD, outside).hits == ()
    assert len(search.find(WORD, reader(focal_point)).hits) == 1

    focal_point.appointments.update(last_day=TODAY - timedelta(days=1))
    assert search.find(WORD, reader(focal_point)).hits == ()


def test_people_and_meetings_are_for_those_who_belong(focal_point, stranger, administrator, unfpa):
    meeting = MeetingFactory(title=f"{WORD} meeting")
    AgendaItemFactory(meeting=MeetingFactory(title="Other"), title=WORD)
    PersonFactory(name=f"Nobody {WORD}")
    AppointmentFactory(agency=unfpa, person=PersonFactory(name=f"Anna {WORD}"))

    for person in (AnonymousUser(), stranger):
        assert results(WORD.lower(), person) == []
    for person in (focal_point, administrator):
        assert titles(WORD.lower(), person, EntryKind.PERSON) == [f"Anna {WORD}"]
        assert titles(WORD.lower(), person, EntryKind.MEETING) == ["Other", meeting.title]


def test_agencies_commissions_and_terms_are_for_everybody(terms, unfpa):
    terms[1].theme = "Health along the route"
    terms[1].save()
    Commission.objects.create(
        agency=unfpa, acronym="ECE", name="Economic Commission", city="Genf", time_zone="UTC"
    )

    def found(text):
        return [(result.kind, result.title) for result in results(text, AnonymousUser())]

    assert found("york new") == [("agency", f"{unfpa.name} ({unfpa.acronym})")]
    assert found("unfpa") == [("agency", f"{unfpa.name} ({unfpa.acronym})")]
    assert found("ece") == found("commission economic") == found("genf")
    assert found("ece") == [("commission", "Economic Commission (ECE)")]
    assert found("routes along the") == [("term", terms[1].slug)]
    assert found("2027-h") == [("term", terms[1].slug)]


def test_decisions_action_items_and_outcomes_are_found(focal_point, unfpa):
    meeting = MeetingFactory(title="Plenary", outcome="The harvest was discussed.")
    Decision.objects.create(meeting=meeting, number=3, text="The group harvests data.")
    ActionItem.objects.create(
        meeting=meeting, number=2, title="Harvesting plan", agency=unfpa, due_day=TODAY
    )

    found = results("harvest", focal_point)

    assert [(result.kind, result.title, result.number) for result in found] == [
        ("action", "Harvesting plan", 2),
        ("meeting", "Plenary", None),
        ("decision", "Plenary", 3),
    ]
    assert [result.url for result in found] == [
        f"/meetings/{meeting.slug}/#actions",
        f"/meetings/{meeting.slug}/",
        f"/meetings/{meeting.slug}/#decisions",
    ]
    assert results("harvest", AnonymousUser()) == []
    assert titles(f"harvesting {unfpa.name}", focal_point, EntryKind.ACTION) == ["Harvesting plan"]


@pytest.mark.parametrize(
    ("language", "text", "question"),
    [
        ("en", "The protection of migrants", "migrant protecting"),
        ("fr", "Les droits protégés de l’Assemblée", "ASSEMBLEE protege"),
        ("es", "Los niños y las migraciones", "migracion ninos"),
        ("ru", "Защита прав мигрантов", "мигранты защиты"),
        ("ar", "حقوق المهاجرين", "والمهاجرون"),
        ("zh", "保护移徙者的权利", "移徙者"),
    ],
)
def test_the_six_languages(language, text, question, focal_point):
    with unfrozen():
        BlockFactory(
            draft=circulated(title="Found", language=language), key="x", position=9, text=text
        )
        BlockFactory(draft=circulated(title="Else", language=language), key="x", position=9)

    assert titles(question, focal_point) == ["Found"]


def test_accents_and_case_do_not_matter(chair):
    assert titles("elodie", chair, EntryKind.PERSON) == ["Élodie Marchand"]
    assert titles("MARCHAND ÉLODIE", chair, EntryKind.PERSON) == ["Élodie Marchand"]


def test_a_statement_is_one_result_with_its_newest_draft_that_answers(focal_point):
    draft = circulated(title=WORD)
    newer = DraftFactory(statement=draft.statement, number=2, sha256="1" * 64, circulated_at=NOW)
    with unfrozen():
        BlockFactory(draft=newer, key="x", position=1, text=f"{WORD} again")
        BlockFactory(draft=draft, key="x", position=90, text=f"{WORD} once")

    [result] = results(WORD, focal_point)

    assert (result.draft, result.url) == (2, f"/statements/{draft.statement.slug}/drafts/2/")
    assert [(piece.text, piece.marked) for piece in result.snippet] == [
        (WORD, True),
        (" again", False),
    ]


def test_an_adopted_text_leads_to_its_public_page(secrets):
    [result] = results("Yarrow", AnonymousUser())

    assert (result.url, result.draft) == ("/statements/dropped-on-the-way/", None) or (
        result.url.count("/") == 3 and result.draft is None
    )


def test_a_title_comes_before_a_text(focal_point):
    AgendaItemFactory(meeting=MeetingFactory(title="Other"), title="Remittances")
    MeetingFactory(title="On remittances", starts_at=NOW - timedelta(days=900))

    assert [result.title for result in results("remittance", focal_point)] == [
        "On remittances",
        "Other",
    ]


def test_more_matches_than_are_ranked_are_said_as_such(focal_point, monkeypatch):
    monkeypatch.setattr(search, "MOST", 2)
    many(MeetingFactory, 3, title="Transit")
    search_index.rebuild()

    found = search.find("transit", reader(focal_point))

    assert (len(found.hits), found.is_cut) == (2, True)


def test_nothing_asked_is_nothing_found(focal_point, django_assert_num_queries):
    someone = reader(focal_point)
    with django_assert_num_queries(0):
        assert search.find("", someone).hits == ()
        assert search.find("!? ’ ()", someone).hits == ()


@pytest.mark.parametrize(
    "text", ["'", '"', "a:b*", "NEAR(", "-x", "a & b", "\\", "(a OR b) AND", "½ ⑴ ﷽"]
)
def test_no_sign_is_an_error(text, focal_point):
    assert isinstance(results(text, focal_point), list)


def test_the_nearest_spelling_is_offered_to_those_who_may_read_the_word(focal_point):
    with unfrozen():
        BlockFactory(draft=circulated(title="T"), key="x", position=90, text="The remittances")
    search_index.rebuild()

    assert search.nearest_spelling("remitances the", reader(focal_point)) == "remittances"
    assert search.nearest_spelling("remitances", reader(AnonymousUser())) == ""
    assert search.nearest_spelling("qqqqqqqq", reader(focal_point)) == ""
    assert search.nearest_spelling("aaaa bbbb cccc dddd", reader(focal_point)) == ""
    assert search.nearest_spelling("remittances", reader(focal_point)) == ""


def found_titles(text, someone):
    findings = search.find(text, someone)
    return [result.title for result in search.shown(findings.hits, findings.question)]


@pytest.mark.django_db(transaction=True)
def test_the_index_follows_each_commit(focal_point):
    someone = reader(focal_point)

    with transaction.atomic():
        meeting = MeetingFactory(title="Harvest")
        AgendaItemFactory(meeting=meeting, title="Sowing")
    assert found_titles("harvest", someone) == found_titles("sow", someone) == ["Harvest"]

    meeting.title = "Threshing"
    sign(meeting, by=None, reason=CoreChange.REFERENCE_DATA)
    update_with_history([meeting], ["title"])
    assert found_titles("harvest", someone) == []
    assert found_titles("threshing", someone) == ["Threshing"]

    with transaction.atomic():
        meeting.agenda.all().delete()
        meeting.delete()
    assert found_titles("threshing", someone) == []


@pytest.mark.django_db(transaction=True)
def test_a_new_acronym_reaches_all_that_names_the_agency(focal_point, terms, unesco):
    search_index.rebuild()
    unesco.acronym = "UNCULT"
    sign(unesco, by=None, reason=CoreChange.REFERENCE_DATA)

    unesco.save()

    assert "2026-H2" in found_titles("uncult", reader(focal_point))
    assert not SearchEntry.objects.filter(about__contains="UNESCO").exists()


@pytest.mark.django_db(transaction=True)
def test_a_fault_of_the_index_breaks_no_act(focal_point, caplog):
    SearchEntry.objects.all().delete()
    with connection.schema_editor() as editor:
        editor.execute("ALTER TABLE desk_searchword RENAME TO aside")
    try:
        meeting = MeetingFactory(title="Harvest")
    finally:
        with connection.schema_editor() as editor:
            editor.execute("ALTER TABLE aside RENAME TO desk_searchword")

    assert type(meeting).objects.get().title == "Harvest"
    assert "Changes.write in on_commit()" in caplog.text
    search_index.rebuild()
    assert found_titles("harvest", reader(focal_point)) == ["Harvest"]


def test_the_command_makes_the_index_anew(focal_point, capsys):
    SearchEntry.objects.create(kind="agency", object_id=99, title="Gone", terms="gone", url="/")
    SearchWord.objects.create(word="gone", length=4)

    call_command("rebuild_search")
    call_command("rebuild_search", verbosity=0)

    assert capsys.readouterr().out == "2 records can be found.\n"
    assert sorted(SearchEntry.objects.values_list("kind", flat=True)) == ["agency", "person"]
    assert not SearchWord.objects.filter(word="gone").exists()


def test_an_older_database_gets_its_index_when_it_is_migrated(focal_point):
    search_index.build_if_empty(using="other")
    assert SearchEntry.objects.count() == 0

    search_index.build_if_empty(using="default")
    search_index.build_if_empty(using="default")
    assert SearchEntry.objects.count() == 2


def page_of(client, words, person=None, **more):
    search_index.rebuild()
    if person:
        client.force_login(person, backend=BACKEND)
    return client.get("/search/", {"q": words, **more}).content.decode()


def test_page_shows_each_kind(client, focal_point, terms, unfpa, now):
    MeetingFactory(title="Transit meeting")
    circulated(title="Transit statement")
    AppointmentFactory(agency=unfpa, person=PersonFactory(name="Tess Transit"))
    AgencyFactory(acronym="TRANSIT")
    terms[0].theme = "Transit"
    terms[0].save()

    page = page_of(client, "Transit", focal_point)

    for words in (
        "Transit meeting",
        "Transit statement",
        "Tess Transit",
        "Agency TRANSIT",
        "2026-H2",
        ">Transit</mark>",
    ):
        assert words in page
    only = page_of(client, "Transit", kind="meeting")
    assert "Transit meeting" in only
    assert "Transit statement" not in only


def test_page_says_how_many_of_all_it_shows(client, focal_point, now):
    many(MeetingFactory, 38, title="Transit")

    assert "1 to 20 of 38" in page_of(client, "transit", focal_point)
    assert "21 to 38 of 38" in page_of(client, "transit", page="2")
    assert "1 result" in page_of(client, "nadia")


def test_page_offers_the_nearest_spelling(client, focal_point, now):
    MeetingFactory(title="Remittances")

    page = page_of(client, "remitances", focal_point)

    assert "Did you mean" in page
    assert "?q=remittances" in page


def test_a_page_of_nothing_costs_the_same_whatever_is_known(
    client, focal_point, now, django_assert_max_num_queries
):
    many(MeetingFactory, 500, title=[f"Remittance{chr(97 + n % 26)}{n}x" for n in range(500)])
    search_index.rebuild()
    client.force_login(focal_point, backend=BACKEND)

    with django_assert_max_num_queries(9 + 3 * (2 + spelling.MOST)):
        client.get("/search/?q=remitances zzzzzz yyyyyy xxxxxx")


def test_page_says_when_nothing_is_found_and_says_nothing_before(client, group):
    assert "Nothing that you may read contains “&lt;b&gt;zzz”." in " ".join(
        page_of(client, "<b>zzz").split()
    )
    assert "Nothing that you may read" not in page_of(client, "  ")
    assert page_of(client, "a\x00b" * 90).count("ab") >= 1


@pytest.mark.parametrize("rows", ROWS)
def test_page_costs_the_same(now, client, focal_point, terms, rows, django_assert_num_queries):
    agencies = many(AgencyFactory, rows, name="Transit")
    many(MembershipFactory, rows, agency=agencies)
    many(
        AppointmentFactory, rows, agency=agencies, person=many(PersonFactory, rows, name="Transit")
    )
    many(MeetingFactory, rows, title="Transit")
    many_circulated(rows, title="Transit")
    search_index.rebuild()
    client.force_login(focal_point, backend=BACKEND)

    with django_assert_num_queries(8):
        client.get("/search/?q=transit")


def test_of_more_than_three_misspelt_words_none_is_offered(focal_point):
    MeetingFactory(title="Remittances protection schooling vaccination")
    search_index.rebuild()

    three, four = "remitances protecton schoolng", "remitances protecton schoolng vaccinatiom"

    assert search.nearest_spelling(three, reader(focal_point)) == "remittances protection schooling"
    assert search.nearest_spelling(four, reader(focal_point)) == ""

"""Votes on the chair: one per member, quorum, ties, and secrecy."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse

from coordination.core.errors import NotAllowed, Stale
from coordination.core.models import FormSubmission
from coordination.core.submissions import FIELD
from coordination.core.tests.pages import text_of
from coordination.rotation.actions import selections, votes
from coordination.rotation.errors import SelectionOver, VoteRefused
from coordination.rotation.models import OpenVote, SecretVoter, SelectionVote, VoteOption
from coordination.rotation.queries.votes import result_of, voters
from coordination.rotation.tests.selections import answered, opened
from coordination.tests.admin_pages import sent_by_form_with
from coordination.tests.cast import NOW, TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("terms")]
UNTIL = date(2026, 12, 4)


@pytest.fixture
def people(chair, incoming_chair, focal_point, other_agency):
    """Return the one who votes for each of the four members."""
    return {
        "UNESCO": chair,
        "WHO": incoming_chair,
        "UNFPA": focal_point,
        "OHCHR": other_agency,
    }


@pytest.fixture
def selection(people, unfpa, ohchr, chair):
    """Return a selection for which UNFPA and OHCHR stand."""
    selection = opened(chair)
    answered(selection, unfpa, people["UNFPA"])
    answered(selection, ohchr, people["OHCHR"])
    return selection


def vote_on(selection, by, *, is_secret=False, quorum=3, until=UNTIL, at=NOW):
    return votes.open_vote(
        selection.terms.get(), is_secret=is_secret, quorum=quorum, until=until, by=by, at=at
    )


def cast(vote, people, **choices):
    """Cast the votes of agencies, as in UNESCO="UNFPA"; "" is an abstention."""
    from_acronym = {str(option.agency or ""): option for option in vote.options.all()}
    for acronym, choice in choices.items():
        person = people[acronym]
        agency = person.appointments.get().agency
        votes.cast_vote(vote, agency, from_acronym[choice], by=person, at=NOW)


def closed(vote, by):
    votes.close_vote(vote, version=vote.version, by=by, at=NOW)
    return result_of(SelectionVote.objects.get(pk=vote.pk))


def test_a_vote_is_among_those_that_stand_and_every_member_has_one(selection, chair):
    vote = vote_on(selection, chair)

    assert {str(option.agency or "") for option in vote.options.all()} == {"OHCHR", "UNFPA", ""}
    assert len(vote.electorate) == 4
    assert result_of(vote) is None


@pytest.mark.parametrize("is_secret", [False, True])
def test_most_votes_win_and_abstentions_make_the_quorum(selection, chair, people, is_secret):
    vote = vote_on(selection, chair, is_secret=is_secret)
    cast(vote, people, UNESCO="UNFPA", WHO="UNFPA", OHCHR="")

    result = closed(vote, chair)

    assert (str(result.winner), result.has_quorum, result.is_tie) == ("UNFPA", True, False)
    assert [(str(tally.agency or ""), tally.count) for tally in result.tallies] == [
        ("UNFPA", 2),
        ("OHCHR", 0),
        ("", 1),
    ]
    assert [agency.acronym for agency in voters(vote)] == ["OHCHR", "UNESCO", "WHO"]


@pytest.mark.parametrize("is_secret", [False, True])
def test_a_tie_stays_a_tie(selection, chair, people, is_secret):
    vote = vote_on(selection, chair, is_secret=is_secret)
    cast(vote, people, UNESCO="UNFPA", WHO="OHCHR", UNFPA="UNFPA", OHCHR="OHCHR")

    result = closed(vote, chair)

    assert (result.winner, result.is_tie, result.has_quorum) == (None, True, True)


def test_when_all_abstain_nobody_wins_and_it_is_no_tie(selection, chair, people):
    vote = vote_on(selection, chair)
    cast(vote, people, UNESCO="", WHO="", UNFPA="")

    result = closed(vote, chair)

    assert (result.winner, result.is_tie, result.cast) == (None, False, 3)


def test_without_a_quorum_nothing_is_decided_and_a_secret_tally_is_not_shown(
    selection, chair, people
):
    vote = vote_on(selection, chair, is_secret=True)
    cast(vote, people, UNESCO="UNFPA", WHO="UNFPA")

    result = closed(vote, chair)

    assert (result.winner, result.has_quorum, result.tallies) == (None, False, ())


def test_an_open_tally_without_a_quorum_is_shown(selection, chair, people):
    vote = vote_on(selection, chair)
    cast(vote, people, UNESCO="UNFPA")

    assert len(closed(vote, chair).tallies) == 3


def test_an_open_vote_may_change_until_it_closes_and_history_keeps_both(selection, chair, people):
    vote = vote_on(selection, chair)
    cast(vote, people, UNESCO="UNFPA")
    cast(vote, people, UNESCO="OHCHR")

    row = OpenVote.objects.get()
    assert (str(row.choice.agency), row.version, row.history.count()) == ("OHCHR", 2, 2)
    closed(vote, chair)
    with pytest.raises(VoteRefused, match="This vote is closed"):
        cast(vote, people, UNESCO="UNFPA")


def test_a_secret_vote_is_cast_once(selection, chair, people):
    vote = vote_on(selection, chair, is_secret=True)
    cast(vote, people, UNESCO="UNFPA")

    with pytest.raises(VoteRefused, match="nobody knows which it was"):
        cast(vote, people, UNESCO="OHCHR")
    assert sum(vote.options.values_list("count", flat=True)) == 1


def dump():
    """Return every value of every row of every table, by table; the outbox and sessions too."""
    rows = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')  # noqa: S608 - our tables
            names = [column[0] for column in cursor.description]
            rows[table] = [dict(zip(names, map(str, row), strict=True)) for row in cursor]
    return rows


def test_a_secret_vote_cannot_be_linked_in_any_table(
    selection, chair, people, unfpa, ohchr, sign_in, now
):
    """The same voters with exchanged choices leave the same rows, but for the two counts."""
    left = []
    for choices in ({"UNESCO": "UNFPA", "WHO": "OHCHR"}, {"UNESCO": "OHCHR", "WHO": "UNFPA"}):
        vote = vote_on(selection, chair, is_secret=True)
        before = dump()
        cast(vote, people, **choices, UNFPA="UNFPA", OHCHR="UNFPA")
        after = dump()
        left.append(
            {
                table: [row for row in rows if row not in before[table]]
                for table, rows in after.items()
                if rows != before[table]
            }
        )
        for row in left[-1]["rotation_secretvoter"]:
            del row["id"], row["vote_id"]  # random, and of the vote
        assert [sorted(row) for row in left[-1]["rotation_voteoption"]] == [
            ["agency_id", "count", "id", "vote_id"]
        ] * 2
        votes.close_vote(vote, version=1, by=chair, at=NOW)

    voted = [sorted(str(row) for row in rows["rotation_secretvoter"]) for rows in left]
    assert voted[0] == voted[1]
    assert set(left[0]) == set(left[1]) == {"rotation_secretvoter", "rotation_voteoption"}
    counts = [sorted(row["count"] for row in rows["rotation_voteoption"]) for rows in left]
    assert counts == [["1", "3"]] * 2


def test_no_table_with_a_moment_or_a_history_knows_of_secret_votes():
    for model in (SecretVoter, VoteOption):
        kinds = {field.get_internal_type() for field in model._meta.fields}
        assert not kinds & {"DateTimeField", "DateField"}
        assert not hasattr(model, "history")
    assert not any(field.related_model is VoteOption for field in SecretVoter._meta.get_fields())


def ballot_of(client, vote):
    address = reverse("rotation:vote", args=[vote.term.selection.slug, vote.pk])
    return address, sent_by_form_with(client.get(address), FIELD)


def test_the_stored_digest_of_a_ballot_tells_no_choice(selection, chair, people, sign_in, now):
    """Each page has a random nonce, so equal choices leave different digests."""
    vote = vote_on(selection, chair, is_secret=True)
    address, sent = ballot_of(sign_in(people["WHO"]), vote)
    _address, again = ballot_of(sign_in(people["WHO"]), vote)

    assert len(sent["nonce"]) == 32
    assert sent["nonce"] != again["nonce"]
    choice = vote.options.get(agency__acronym="UNFPA").pk
    assert sign_in(people["WHO"]).post(address, {**sent, "choice": choice}).status_code == 302
    submission = FormSubmission.objects.get()
    assert str(choice) not in submission.leads_to.replace(address, "")


def test_no_page_and_no_record_shows_a_secret_tally_while_the_vote_is_open(
    selection, chair, people, administrator, sign_in, now
):
    vote = vote_on(selection, chair, is_secret=True)
    address = reverse("rotation:vote", args=[selection.slug, vote.pk])
    record = reverse("admin:rotation_selectionvote_change", args=[vote.pk])
    page = sign_in(people["UNFPA"]).get(address)
    before = text_of(page).count("UNFPA")
    cast(vote, people, UNESCO="OHCHR", WHO="OHCHR", UNFPA="UNFPA")

    shown = text_of(sign_in(people["OHCHR"]).get(address))
    in_records = text_of(sign_in(administrator).get(record))

    assert "The result is shown when the vote is closed." in shown
    assert 'class="bars"' not in shown
    assert before
    assert "count" not in in_records.lower().replace("account", "")
    assert {"UNESCO", "WHO", "UNFPA"} <= set(in_records.replace("<", " ").replace(">", " ").split())


def test_an_open_vote_shows_who_chose_what(selection, chair, people, sign_in, now):
    vote = vote_on(selection, chair)
    cast(vote, people, UNESCO="OHCHR", WHO="")

    page = text_of(
        sign_in(people["UNFPA"]).get(reverse("rotation:vote", args=[selection.slug, vote.pk]))
    )

    assert "abstains" in page
    assert "All agencies see your choice." in page


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"quorum": 0}, "The quorum is from 1 to 4 votes"),
        ({"quorum": 5}, "The quorum is from 1 to 4 votes"),
        ({"quorum": 2, "is_secret": True}, "The quorum is from 3 to 4 votes"),
        ({"until": TODAY - timedelta(1)}, "This day has passed"),
    ],
)
def test_a_vote_that_cannot_be_is_refused(selection, chair, change, message):
    with pytest.raises(VoteRefused, match=message):
        vote_on(selection, chair, **change)


def test_one_vote_at_a_time_among_two_or_more(selection, chair, people, unfpa):
    vote_on(selection, chair)
    with pytest.raises(VoteRefused, match="is open already"):
        vote_on(selection, chair)
    selections.close_selection(selection, "Later.", version=1, by=chair, at=NOW)
    assert SelectionVote.objects.get().state == "closed"
    alone = opened(chair)
    answered(alone, unfpa, people["UNFPA"])
    with pytest.raises(VoteRefused, match="needs two agencies that stand"):
        vote_on(alone, chair)


def test_nobody_votes_for_another_agency_or_late_or_in_another_vote(
    selection, chair, people, unfpa, ohchr, administrator
):
    vote = vote_on(selection, chair)
    option = vote.options.first()

    for person in (people["OHCHR"], administrator):
        with pytest.raises(NotAllowed):
            votes.cast_vote(vote, unfpa, option, by=person, at=NOW)
    with pytest.raises(VoteRefused, match="The time to vote has passed"):
        votes.cast_vote(
            vote, unfpa, option, by=people["UNFPA"], at=datetime(2026, 12, 5, 12, tzinfo=UTC)
        )
    other = VoteOption.objects.create(
        vote=SelectionVote.objects.create(
            term=vote.term, quorum=1, until=UNTIL, opened_by=chair, opened_at=NOW
        )
    )
    with pytest.raises(VoteRefused, match="a choice of another vote"):
        votes.cast_vote(vote, unfpa, other, by=people["UNFPA"], at=NOW)
    vote.electorate = [ohchr.pk]
    vote.save()
    with pytest.raises(VoteRefused, match="UNFPA was no member when the vote opened"):
        votes.cast_vote(vote, unfpa, option, by=people["UNFPA"], at=NOW)


def test_only_the_chair_closes_a_vote_and_the_system_when_its_day_has_passed(
    selection, chair, people
):
    vote = vote_on(selection, chair)
    with pytest.raises(NotAllowed):
        votes.close_vote(vote, version=1, by=people["UNFPA"], at=NOW)
    with pytest.raises(Stale):
        votes.close_vote(vote, version=7, by=chair, at=NOW)

    assert votes.close_overdue_votes(at=datetime(2026, 12, 4, 12, tzinfo=UTC)) == 0
    assert votes.close_overdue_votes(at=datetime(2026, 12, 5, 12, tzinfo=UTC)) == 1
    assert votes.close_overdue_votes(at=datetime(2026, 12, 5, 12, tzinfo=UTC)) == 0
    assert SelectionVote.objects.get().history.first().history_user is None
    selections.close_selection(selection, "Later.", version=1, by=chair, at=NOW)
    with pytest.raises(SelectionOver):
        cast(vote, people, UNESCO="UNFPA")

"""The chair writes to the silent, and records an approval given by telephone."""

import re
from datetime import timedelta

import pytest

from coordination.core.errors import NotAllowed
from coordination.core.tests.pages import tidy
from coordination.statements.actions import silent
from coordination.statements.actions.positions import PositionCall
from coordination.statements.due import silent as due_silent
from coordination.statements.enums import PositionKind
from coordination.statements.errors import CallIncomplete, NobodySilent, NotAMember, ReasonMissing
from coordination.statements.models import LetterToSilent, Position
from coordination.statements.tests.factories import CIRCULATED, in_clearance, take_position
from coordination.statements.tests.pages import form_of, url
from coordination.statements.tests.test_mails import mail
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
HOUR = timedelta(hours=1)


@pytest.fixture
def members(unfpa, ohchr, unesco, who, focal_point, other_agency, chair, incoming_chair):
    return {unfpa: focal_point, ohchr: other_agency, unesco: chair, who: incoming_chair}


@pytest.fixture
def step(members):
    return in_clearance(silence=True)


def call_of(spoken_at=NOW - HOUR, spoken_by="Ana Ruiz, Director", heard_by="Élodie Marchand"):
    return PositionCall(spoken_by, spoken_at, heard_by)


def record(step, agency, by, call=None):
    return silent.record_call(
        step, call or call_of(), sha256=step.draft.sha256, agency=agency, by=by, at=NOW
    )


# writing


def test_the_chair_writes_to_the_silent_once_a_day(
    step, members, unfpa, focal_point, who, incoming_chair, of_chair, of_unfpa, now, group
):
    take_position(step, unfpa, focal_point)
    path = url("write_to_silent", step)
    assert of_unfpa.get(path).status_code == 403
    assert path in of_chair.get(url("positions", step)).content.decode()
    page = of_chair.get(path)
    assert "This mail goes to OHCHR, UNESCO and WHO" in tidy(page.content.decode())

    sent = of_chair.post(path, form_of(page), follow=True)
    assert "Élodie Marchand wrote to OHCHR, UNESCO and WHO" in tidy(sent.content.decode())
    again = of_chair.post(path, form_of(page))
    assert again.status_code == 422
    assert "The chair has written to the silent today." in again.content.decode()

    letter = LetterToSilent.objects.get()
    assert sorted(agency.acronym for agency in letter.agencies.all()) == ["OHCHR", "UNESCO", "WHO"]
    history = of_unfpa.get(url("history", step)).content.decode()
    assert "Letter to the silent: To OHCHR, UNESCO and WHO:" in history
    mails = {item.context["agency"].acronym: item for item in due_silent.letters_to_silent(NOW)}
    assert sorted(mails) == ["OHCHR", "UNESCO", "WHO"]
    subject, text, html = mail(mails["WHO"], group)
    assert (
        subject
        == f"The chair asks WHO to speak by Mon 30 Nov 12:00 New York: {step.statement.title}"
    )
    assert "Your agency has not spoken yet on draft 1" in text
    assert (
        "The deadline is Mon 30 Nov 2026, 12:00 New York (18:00 Geneva). Silence until then counts"
        in text
    )
    assert "Élodie Marchand, for the chair" in text
    assert f"https://example.org{url('positions', step)}#take" in text
    assert "Silence until then counts as approval." in html
    # who has spoken meanwhile gets it no more
    take_position(step, who, incoming_chair)
    assert {item.context["agency"].acronym for item in due_silent.letters_to_silent(NOW)} == {
        "OHCHR",
        "UNESCO",
    }
    tomorrow = NOW + timedelta(days=1)
    silent.write_to_silent(step.statement, text="Please.", by=letter.sent_by, at=tomorrow)
    assert LetterToSilent.objects.count() == 2


def test_the_chair_alone_writes_with_words_to_somebody(step, members, focal_point, chair):
    with pytest.raises(NotAllowed):
        silent.write_to_silent(step.statement, text="Please.", by=focal_point, at=NOW)
    with pytest.raises(ReasonMissing):
        silent.write_to_silent(step.statement, text=" ", by=chair, at=NOW)
    for agency, person in members.items():
        take_position(step, agency, person)
    with pytest.raises(NobodySilent):
        silent.write_to_silent(step.statement, text="Please.", by=chair, at=NOW)


# by telephone


def test_an_approval_by_telephone_is_marked_so_wherever_it_is_shown(
    step, ohchr, other_agency, of_chair, of_unfpa, group, chair
):
    path = url("record_call", step)
    assert of_unfpa.get(path).status_code == 403
    page = of_chair.get(path)
    sent = form_of(
        page, agency=ohchr.pk, spoken_by="Ana Ruiz, Director", spoken_at="2026-11-23T09:30"
    )

    assert of_chair.post(path, sent).status_code == 302

    position = Position.objects.get()
    assert (position.kind, position.agency, position.person, position.spoken_by) == (
        PositionKind.APPROVE,
        ohchr,
        chair,
        "Ana Ruiz, Director",
    )
    assert (position.spoken_at, position.heard_by) == (NOW - HOUR / 2, "Élodie Marchand")
    words = tidy(of_unfpa.get(url("positions", step)).content.decode())
    assert re.search(
        "By telephone, <time [^>]*>today, [0-9:]{5}</time>: Ana Ruiz, Director spoke", words
    )
    assert "heard by Élodie Marchand, recorded by Élodie Marchand" in words
    assert (
        "by telephone: Ana Ruiz, Director, heard by Élodie Marchand"
        in of_unfpa.get(url("history", step)).content.decode()
    )
    (told,) = due_silent.recorded_calls(NOW)
    assert told.person_id == other_agency.pk
    subject, text, _html = mail(told, group)
    assert subject == f"Check the approval of OHCHR by telephone: {step.statement.title}"
    assert (
        "Ana Ruiz, Director said so by telephone on Mon 23 Nov 2026, 03:30 New York (09:30 Geneva)."
        in tidy(text)
    )


@pytest.mark.parametrize(
    ("call", "field"),
    [
        ({"spoken_by": " "}, "spoken_by"),
        ({"heard_by": ""}, "heard_by"),
        ({"spoken_at": NOW + HOUR}, "spoken_at"),
        ({"spoken_at": CIRCULATED - HOUR}, "spoken_at"),
    ],
)
def test_a_call_says_who_when_and_by_whom_it_was_heard(step, ohchr, chair, call, field):
    with pytest.raises(CallIncomplete) as refused:
        record(step, ohchr, chair, call_of(**call))
    assert (refused.value.field, Position.objects.count()) == (field, 0)


def test_a_call_is_the_chairs_to_record_and_of_an_agency_that_is_asked(
    step, ohchr, chair, focal_point
):
    with pytest.raises(NotAllowed):
        record(step, ohchr, focal_point)
    ohchr.memberships.update(last_day=CIRCULATED.date())
    with pytest.raises(NotAMember):
        record(step, ohchr, chair)


def test_without_an_open_step_there_is_nothing_to_write_or_record(step, of_chair):
    step.closed_at = NOW
    step.save()

    for name in ("record_call", "write_to_silent"):
        assert of_chair.get(url(name, step)).status_code == 404

"""Each person reads pages and mails in their own language."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from django.test import override_settings

from coordination.meetings.due import meetings as due
from coordination.meetings.tests.factories import MeetingFactory
from coordination.members.models import Person
from coordination.members.tests.test_views_accounts import text_of
from coordination.reminders.tests.factories import letters
from coordination.statements.enums import StatementState
from coordination.statements.tests.factories import circulated
from coordination.tests.pseudo import CODE, accented, offered_beside_english

pytestmark = pytest.mark.django_db
STARTS = datetime(2026, 12, 2, 14, 0, tzinfo=UTC)
PLAIN_WORD = re.compile(r"\b[a-z]{4,}\b")


@pytest.fixture
def two_languages():
    with offered_beside_english():
        yield


def reads(person: Person, language: str) -> Person:
    person.language = language
    person.save()
    return person


def test_a_mail_is_in_the_language_of_its_recipient(two_languages, focal_point, other_agency):
    reads(focal_point, CODE)
    MeetingFactory(title="Meeting 42", starts_at=STARTS)

    mails = dict(letters("meetings.coming", due.coming_meetings, STARTS - timedelta(days=7)))

    assert "Meeting 42" in mails[other_agency.name].text
    assert "Meeting 42 begins on Wed 2 Dec 2026, 15:00 Geneva" in mails[other_agency.name].text
    theirs = mails[focal_point.name]
    assert '<html lang="ar" dir="rtl">' in theirs.html
    assert '<html lang="en" dir="ltr">' in mails[other_agency.name].html
    stated = re.sub(r"https?://\S+|Meeting 42", "", theirs.text.replace(focal_point.name, ""))
    assert PLAIN_WORD.findall(stated.partition("-- ")[0]) == []


def test_a_page_is_in_the_language_that_its_reader_chose(client, two_languages, focal_point):
    client.force_login(focal_point)
    english = client.get("/profile/")
    token = {"name": focal_point.name, "time_zone": "", "language": CODE}
    saved = client.post("/profile/", token | {"version": 1})
    own = client.get("/profile/")

    assert accented("Your profile is saved.") in text_of(own)
    assert '<option value="ar">Pseudo</option>' in english.content.decode()
    assert (saved.status_code, Person.objects.get(pk=focal_point.pk).language) == (302, CODE)
    assert "My profile" in text_of(english)
    assert "My profile" not in text_of(own)
    assert '<html lang="ar" dir="rtl">' in own.content.decode()
    assert (english["Content-Language"], own["Content-Language"]) == ("en", CODE)
    back = client.post("/profile/", token | {"language": "", "version": 2}, follow=True)
    assert "Your profile is saved." in text_of(back)


def test_an_unknown_language_is_refused_beside_its_field(client, two_languages, focal_point):
    client.force_login(focal_point)
    refused = client.post(
        "/profile/", {"name": "Nadia", "time_zone": "", "language": "tlh", "version": 1}
    )

    assert refused.status_code == 422
    assert "tlh is not one of the available choices" in text_of(refused)
    assert Person.objects.get(pk=focal_point.pk).language == ""


def test_with_one_language_there_is_nothing_to_choose(client, focal_point):
    client.force_login(focal_point)

    assert 'name="language"' not in client.get("/profile/").content.decode()


def test_a_language_that_is_no_longer_offered_gives_way_to_that_of_the_site(client, focal_point):
    reads(focal_point, CODE)
    client.force_login(focal_point)

    assert focal_point.reading_language == "en"
    assert "My profile" in text_of(client.get("/profile/"))
    with override_settings(LANGUAGE_CODE="fr"):
        assert focal_point.reading_language == "fr"


def test_a_file_has_a_name_in_the_language_of_its_reader(client, two_languages, focal_point):
    reads(focal_point, CODE)
    draft = circulated(StatementState.AMENDMENTS)
    client.force_login(focal_point)

    plain = client.get(f"/statements/{draft.statement.slug}/plain.txt")

    name = quote(f"{draft.statement.slug}-{accented('draft')}-1.txt")
    assert plain["Content-Disposition"] == f"inline; filename*=utf-8''{name}"

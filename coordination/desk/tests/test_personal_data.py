"""What is stored of a person: taken along, and erased while the public record stays."""

import json
from datetime import date, timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator

from coordination.core.errors import NotAllowed, Stale
from coordination.core.history import recorded_reason
from coordination.desk.actions import erasure
from coordination.desk.queries import personal_data
from coordination.meetings.tests.factories import AttendanceFactory, MeetingFactory
from coordination.members.actions import feeds, invitations
from coordination.members.enums import Role
from coordination.members.errors import StillInOffice
from coordination.members.models import (
    Absence,
    AddressChange,
    FeedToken,
    Invitation,
    LimitHit,
    Person,
)
from coordination.members.tests.factories import staff
from coordination.reminders.models import MailPreference, OutboxMessage
from coordination.reminders.tests.factories import OutboxMessageFactory
from coordination.tests.cast import NOW, TODAY

pytestmark = pytest.mark.usefixtures("now", "group")


@pytest.fixture
def leaver(former_focal_point, focal_point, unfpa) -> Person:
    """Return somebody who left, with a row in each place that holds personal data."""
    person = former_focal_point
    MailPreference.objects.create(person=person, kind="meetings.coming", frequency="off")
    Absence.objects.create(person=person, first_day=date(2026, 5, 1), last_day=date(2026, 5, 2))
    AddressChange.objects.create(
        person=person, old="old@x.example.org", new=person.email, changed_at=NOW, changed_by=person
    )
    LimitHit.objects.create(person=person, kind="comments", hour=NOW, last_at=NOW)
    FeedToken.objects.create(person=person, token_sha256="a" * 64, made_at=NOW)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    Authenticator.objects.create(user=person, type="totp", data={"secret": "hidden-secret"})
    OutboxMessageFactory(
        recipient=person,
        key="one",
        address=person.email,
        text="Dear Ingrid, see https://gmg.example.org/people/confirm/secret-token/ now",
        url="/people/confirm/secret-token/",
        state="sent",
    )
    OutboxMessageFactory(recipient=person, key="two", address=person.email, state="waiting")
    meeting = MeetingFactory(starts_at=NOW - timedelta(days=300), state="held", slug="old")
    AttendanceFactory(
        meeting=meeting,
        agency=unfpa,
        person=person,
        level="focal_point",
        name_on_day="Ingrid Halvorsen",
    )
    return person


def test_the_file_has_the_account_each_record_and_its_history(leaver, administrator, sign_in):
    answer = sign_in(administrator).get(f"/people/{leaver.pk}/data.json")

    data = json.loads(answer.content)
    assert answer["Content-Disposition"] == f'attachment; filename="person-{leaver.pk}.json"'
    assert (data["person"]["name"], data["person"]["email"]) == (
        "Ingrid Halvorsen",
        "ingrid.halvorsen@unfpa.example.org",
    )
    assert set(data["records"]) == {
        "account.EmailAddress.user",
        "meetings.Attendance.person",
        "members.Absence.person",
        "members.AddressChange.changed_by",
        "members.AddressChange.person",
        "members.Appointment.person",
        "members.FeedToken.person",
        "members.LimitHit.person",
        "mfa.Authenticator.user",
        "reminders.MailPreference.person",
        "reminders.OutboxMessage.recipient",
    }
    assert [row["name"] for row in data["history"]] == ["Ingrid Halvorsen"]
    assert data["records"]["members.Appointment.person"][0]["last_day"] == "2026-06-30"


def test_the_file_has_no_secret(leaver, administrator):
    text = json.dumps(personal_data.personal_data(leaver, NOW, is_own=True), default=str)

    assert [
        secret in text for secret in ("hidden-secret", "secret-token", "a" * 64, "password")
    ] == [False] * 4
    assert "Dear Ingrid, see (link) now" in text


def test_a_person_takes_their_own_data_and_nobody_elses(focal_point, colleague, sign_in, client):
    sign_in(focal_point)

    assert client.get(f"/people/{focal_point.pk}/data/").status_code == 200
    assert client.get(f"/people/{focal_point.pk}/data.json").status_code == 200
    assert client.get(f"/people/{colleague.pk}/data/").status_code == 403
    assert client.get(f"/people/{colleague.pk}/data.json").status_code == 403
    assert client.get(f"/people/{focal_point.pk}/erase/").status_code == 403


def test_erasing_takes_address_account_tokens_and_preferences(leaver, administrator):
    erasure.erase_person(leaver, version=leaver.version, by=administrator, at=NOW)

    person = Person.objects.get(pk=leaver.pk)
    assert (person.name, person.email, person.is_active, person.erased_at) == (
        "Ingrid Halvorsen",
        None,
        False,
        NOW,
    )
    assert person.has_usable_password() is False
    for model in (Absence, AddressChange, LimitHit, FeedToken, MailPreference):
        assert model.objects.count() == 0, model
    assert (EmailAddress.objects.count(), Authenticator.objects.count()) == (0, 0)
    assert recorded_reason(person.history.first()) == "Personal data erased"
    mails = {mail.key: mail for mail in OutboxMessage.objects.all()}
    assert {(mail.address, mail.text, mail.url) for mail in mails.values()} == {("", "", "")}
    assert (mails["one"].state, mails["two"].state) == ("sent", "withheld")
    rest = json.dumps(personal_data.personal_data(person, NOW, is_own=True)["records"], default=str)
    assert "ingrid.halvorsen@" not in rest


def test_the_record_keeps_the_name(leaver, administrator, focal_point, sign_in):
    erasure.erase_person(leaver, version=leaver.version, by=administrator, at=NOW)
    client = sign_in(focal_point)

    pages = [client.get(path).content.decode() for path in ("/meetings/old/", "/members/unfpa/")]

    assert ["Ingrid Halvorsen" in page for page in pages] == [True, True]
    assert ["ingrid.halvorsen@" in page for page in pages] == [False, False]


def test_an_invitation_keeps_who_was_invited_without_the_address(focal_point, unfpa, administrator):
    invitation, _token = invitations.invite(
        unfpa, email="new@example.org", name="New", role=Role.OFFICE, by=focal_point, at=NOW
    )

    person = invitation.person
    erasure.erase_person(person, version=person.version, by=administrator, at=NOW)

    assert Invitation.objects.values_list("name", "email").get() == (
        "New",
        "erased@erased.invalid",
    )


def test_who_is_in_office_is_not_erased(focal_point, administrator):
    with pytest.raises(StillInOffice, match="End the appointments first"):
        erasure.erase_person(focal_point, version=1, by=administrator, at=NOW)
    focal_point.refresh_from_db()
    assert focal_point.email == "nadia.ferreira@unfpa.example.org"


def test_only_a_superuser_erases_and_never_themselves(leaver, focal_point, administrator):
    keeper = staff("keeper", "change_person", "view_person")
    for person, by in ((leaver, focal_point), (leaver, keeper), (administrator, administrator)):
        with pytest.raises(NotAllowed, match="Only a superuser"):
            erasure.erase_person(person, version=1, by=by, at=NOW)


def test_who_changed_meanwhile_is_not_erased_unseen(leaver, administrator):
    with pytest.raises(Stale):
        erasure.erase_person(leaver, version=leaver.version + 1, by=administrator, at=NOW)
    assert Person.objects.get(pk=leaver.pk).erased_at is None


def test_the_page_asks_once_and_erases(leaver, administrator, sign_in):
    client = sign_in(administrator)
    path = f"/people/{leaver.pk}/erase/"

    asked = client.get(path)
    unread = client.post(path, {"version": leaver.version})
    done = client.post(path, {"version": leaver.version, "sure": "on"}, follow=True)

    assert "What stays: the name Ingrid Halvorsen" in " ".join(asked.content.decode().split())
    assert unread.status_code == 422
    assert "What was personal is erased since" in " ".join(done.content.decode().split())
    assert "Erase …" not in done.content.decode()


def test_an_erased_person_signs_in_and_reads_feeds_no_more(focal_point, administrator, client):
    token = feeds.make_token(focal_point, by=focal_point, at=NOW)
    focal_point.appointments.update(last_day=TODAY - timedelta(days=1))

    erasure.erase_person(focal_point, version=1, by=administrator, at=NOW)

    assert client.get(f"/feeds/{token}/meetings.ics").status_code == 404


@pytest.mark.parametrize("count", [1, 30])
def test_the_file_costs_the_same_however_much_is_stored(
    focal_point, count, django_assert_num_queries
):
    for number in range(count):
        OutboxMessageFactory(recipient=focal_point, key=f"k{number}")
    fields = len(list(personal_data.naming_fields()))

    # one for each field that names a person but the log's, and one for the history
    with django_assert_num_queries(fields):
        data = personal_data.personal_data(focal_point, NOW, is_own=True)

    assert len(data["records"]["reminders.OutboxMessage.recipient"]) == count

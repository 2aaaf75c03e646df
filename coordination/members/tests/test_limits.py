"""How often a person may do something within an hour, and names that carry a link."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse

from coordination.core.models import validate_plain_name
from coordination.members.actions import invitations, people
from coordination.members.actions.limits import free_again_at, to_the_minute
from coordination.members.actions.people import verify_address
from coordination.members.enums import Role
from coordination.members.errors import LimitReached, NameWithLink
from coordination.members.models import Agency, Invitation, LimitHit, Person
from coordination.members.queries import limits
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.both]
SIGN_AT = "sign at http://evil.example/"
NAMES = [
    "Ana María O’Neill-Ruiz",
    "J.R.R. Tolkien",
    "M. van der Berg, Ph.D.",
    "محمد",
    "李小龙",
    "Secretariat (UN.GIFT)",
    "Dr.Smith",
    "S/he",
]
LINKS = [
    "sign at http://evil.example",
    "HTTPS://evil.example",
    "www.evil.example",
    "Ana evil.example/now",
    "evil.com",
    "ftp://x",
    "a.bc:8000",
    "mailto:x",
]
HIDDEN = ["Ana\nSign here", "Ana\rB", "Ana\u2028B", "Ana\u202eB", "A\x00B", "Ana\tB"]


def sent(person):
    return Invitation.objects.filter(invited_by=person).count()


def invite(agency, person, number, at=NOW):
    return invitations.invite(
        agency,
        email=f"stranger{number}@example.org",
        name=f"Stranger {number}",
        role=Role.FOCAL_POINT,
        by=person,
        at=at,
    )


def test_forty_invitations_in_an_hour_are_refused_from_the_limit_on(focal_point, unfpa, settings):
    settings.HOURLY_LIMITS = {**settings.HOURLY_LIMITS, "invitations": 20}
    refused = []
    for number in range(40):
        try:
            invite(unfpa, focal_point, number, NOW + timedelta(minutes=number / 4))
        except LimitReached as error:
            refused.append(error)

    assert (sent(focal_point), len(refused)) == (20, 20)
    assert Person.objects.filter(name__startswith="Stranger").count() == 20
    assert (
        refused[0].message
        == "Within an hour at most 20 invitations are possible, and you have made 20. Try again at 10:00."
    )
    hit = LimitHit.objects.get()
    assert (hit.person, hit.kind, hit.times, hit.last_at) == (
        focal_point,
        "invitations",
        20,
        NOW + timedelta(minutes=39 / 4),
    )
    assert str(hit) == f"{focal_point}, invitations"


def test_the_next_hour_begins_when_the_oldest_invitation_is_an_hour_old(
    focal_point, colleague, unfpa, settings
):
    settings.HOURLY_LIMITS = {**settings.HOURLY_LIMITS, "invitations": 2}
    invitation, _token = invite(unfpa, focal_point, 1)
    invite(unfpa, focal_point, 2, NOW + timedelta(minutes=30))
    invitations.withdraw_invitation(invitation, by=focal_point, at=NOW + timedelta(minutes=31))

    with pytest.raises(LimitReached):  # to withdraw one does not make room
        invite(unfpa, focal_point, 3, NOW + timedelta(minutes=59))
    invite(unfpa, colleague, 4, NOW + timedelta(minutes=59))  # each person has their own limit
    invite(unfpa, focal_point, 5, NOW + timedelta(minutes=60))
    with pytest.raises(LimitReached):
        invite(unfpa, focal_point, 6, NOW + timedelta(minutes=61))

    assert list(LimitHit.objects.order_by("hour").values_list("times", flat=True)) == [1, 1]


def test_the_form_says_it_beside_the_address_and_the_chair_sees_it(
    sign_in, now, focal_point, chair, unfpa, settings
):
    settings.HOURLY_LIMITS = {**settings.HOURLY_LIMITS, "invitations": 1}
    address, fields = (
        reverse("members:invite", args=["unfpa"]),
        {"name": "A B", "role": "focal_point"},
    )
    client = sign_in(focal_point)
    assert client.post(address, {**fields, "email": "a@example.org"}).status_code == 302

    page = client.post(address, {**fields, "email": "b@example.org"})

    assert page.status_code == 422
    assert (
        "Within an hour at most 1 invitations are possible"
        in page.context["form"].errors["email"][0]
    )
    assert limits.limit_hits(NOW - timedelta(days=1)).get().person == focal_point
    shown = sign_in(chair).get(reverse("reminders:outbox")).content.decode()
    assert f"{focal_point}: too many invitations within an hour, refused once" in shown
    LimitHit.objects.update(times=2)
    assert "refused 2 times" in client.get(reverse("reminders:outbox")).content.decode()


def test_when_there_is_room_again():
    used = [(NOW, 2), (NOW + timedelta(minutes=5), 3)]

    assert free_again_at(used, 2) == NOW + timedelta(hours=1)
    assert free_again_at(used, 3) == NOW + timedelta(minutes=65)
    assert free_again_at(used, 6) is None


def test_who_comes_back_at_the_minute_that_was_named_finds_room(focal_point, unfpa, settings):
    settings.HOURLY_LIMITS = {**settings.HOURLY_LIMITS, "invitations": 1}
    invite(unfpa, focal_point, 1, NOW + timedelta(minutes=5, seconds=40, microseconds=1))

    with pytest.raises(LimitReached, match="Try again at 10:06."):
        invite(unfpa, focal_point, 2, NOW + timedelta(minutes=10))
    invite(unfpa, focal_point, 2, NOW + timedelta(minutes=66))

    assert sent(focal_point) == 2


@pytest.mark.parametrize(
    ("moment", "minute"),
    [
        (timedelta(), timedelta()),
        (timedelta(microseconds=1), timedelta(minutes=1)),
        (timedelta(seconds=1), timedelta(minutes=1)),
        (timedelta(seconds=59, microseconds=999_999), timedelta(minutes=1)),
    ],
)
def test_a_moment_is_rounded_up_to_the_minute(moment, minute):
    assert to_the_minute(NOW + moment) == NOW + minute


@pytest.mark.parametrize("name", NAMES)
def test_names_of_people_are_names(name):
    validate_plain_name(name)


@pytest.mark.parametrize("name", [*LINKS, *HIDDEN])
def test_a_name_with_a_link_or_a_hidden_character_is_refused_everywhere(name, focal_point, unfpa):
    with pytest.raises(ValidationError, match="A name cannot have"):
        validate_plain_name(name)
    with pytest.raises(NameWithLink):
        invitations.invite(
            unfpa, email="s@example.org", name=name, role=Role.FOCAL_POINT, by=focal_point, at=NOW
        )
    with pytest.raises(NameWithLink):
        people.update_profile(focal_point, name=name, time_zone="", version=1, by=focal_point)
    with pytest.raises(NameWithLink):
        people.add_person(name, email="new@example.org", time_zone="", at=NOW)
    _invitation, token = invite(unfpa, focal_point, 1)
    with pytest.raises(NameWithLink):
        invitations.accept_invitation(token, name=name, password="a long enough one", at=NOW)


def test_forms_and_the_admin_refuse_a_link_beside_the_name(
    sign_in, now, focal_point, administrator, unfpa
):
    client = sign_in(focal_point)
    invited = client.post(
        reverse("members:invite", args=["unfpa"]),
        {"name": SIGN_AT, "email": "a@example.org", "role": "focal_point"},
    )
    profile = client.post(
        reverse("members:profile"), {"name": SIGN_AT, "time_zone": "", "version": 1}
    )
    client = sign_in(administrator)
    person = client.post(
        reverse("admin:members_person_change", args=[focal_point.pk]),
        {"name": SIGN_AT, "version_seen": 1},
    )
    agency = client.post(
        reverse("admin:members_agency_change", args=[unfpa.pk]),
        {"name": SIGN_AT, "acronym": "www.un.org", "version_seen": 1},
    )

    refusal = ["A name cannot have a web address in it."]
    assert [page.context["form"].errors["name"] for page in (invited, profile)] == [
        refusal,
        refusal,
    ]
    assert [page.context["adminform"].form.errors["name"] for page in (person, agency)] == [
        refusal,
        refusal,
    ]
    assert agency.context["adminform"].form.errors["acronym"] == refusal
    assert not Person.objects.filter(name__contains="http").exists()


def test_reference_data_with_a_link_in_a_name_changes_nothing(group, settings, tmp_path, capsys):
    for path in settings.FIXTURES.glob("*.json"):
        text = path.read_text(encoding="utf-8")
        (tmp_path / path.name).write_text(
            text.replace('"acronym": "UNFPA"', '"acronym": "unfpa.org/"'), encoding="utf-8"
        )
    settings.FIXTURES = tmp_path

    with pytest.raises(SystemExit) as stopped:
        call_command("load_reference")

    assert (stopped.value.code, Agency.objects.exists()) == (2, False)
    assert "A name cannot have a web address in it." in capsys.readouterr().err


def test_an_address_gets_no_more_than_five_mails_for_a_new_password_within_an_hour(
    client, now, focal_point, mailoutbox
):
    cache.clear()
    verify_address(focal_point)
    answers = []
    for number in range(7):
        now.move_to(NOW + timedelta(minutes=2 * number))
        answers.append(
            client.post(reverse("account_reset_password"), {"email": focal_point.email}).status_code
        )

    assert answers == [302] * 5 + [429] * 2
    assert [mail.to for mail in mailoutbox] == [[focal_point.email]] * 5
    now.move_to(NOW + timedelta(minutes=61))
    assert (
        client.post(reverse("account_reset_password"), {"email": focal_point.email}).status_code
        == 302
    )
    cache.clear()

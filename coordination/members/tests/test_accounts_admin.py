"""What staff without all permissions can do to accounts in the admin: nothing that gives power, by any form or forged field."""

import re
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from coordination.core.errors import NotAllowed
from coordination.core.history import recorded_reason
from coordination.members.actions import accounts
from coordination.members.actions.accounts import Powers
from coordination.members.models import AddressChange, Person
from coordination.members.tests.factories import PersonFactory, staff
from coordination.tests.admin_pages import sent_by

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PASSWORD = "correct horse battery staple"
MODELS_OF_ACCOUNTS = [
    "person",
    "appointment",
    "group",
    "emailaddress",
    "authenticator",
    "factorreset",
    "usersession",
]

pytestmark = pytest.mark.usefixtures("now", "group")


@pytest.fixture
def keeper() -> Person:
    """Return a member of staff who may change people, and nothing else."""
    return staff("keeper", "change_person", "view_person")


@pytest.fixture
def superuser(administrator) -> Person:
    administrator.set_unusable_password()
    administrator.save()
    return administrator


@pytest.fixture
def targets(keeper, superuser, focal_point) -> dict[str, Person]:
    """Return one account of each kind that somebody may want to take over."""
    group = Group.objects.create(name="Keepers")
    group.permissions.set(Permission.objects.filter(codename="change_agency"))
    grouped = staff("grouped")
    grouped.groups.add(group)
    closed = staff("closed", "change_agency")
    Person.objects.filter(pk=closed.pk).update(is_active=False)
    return {
        "superuser": superuser,
        "stronger": staff("stronger", "change_person", "add_person"),
        "grouped": grouped,
        "closed": closed,
        "equal": staff("equal", "change_person"),
        "ordinary": focal_point,
        "themselves": keeper,
    }


def forged(person: Person, **fields: object) -> dict[str, object]:
    """Return a form of a person as somebody writes it by hand, with every field of power."""
    every = Permission.objects.values_list("pk", flat=True)[:500]
    known = {
        "name": "Forged",
        "time_zone": "",
        "is_active": "on",
        "is_staff": "on",
        "is_superuser": "on",
        "groups": list(Group.objects.values_list("pk", flat=True)),
        "user_permissions": list(every),
        "email": person.email,
        "password": "pbkdf2_sha256$1$a$b",
        "password1": PASSWORD,
        "password2": PASSWORD,
        "usable_password": "true",
        "version_seen": person.version,
    }
    rows = {
        f"appointments-{name}": 0
        for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")
    }
    return {**known, **rows, **fields}


def powers_of(person: Person) -> tuple[object, ...]:
    """Return all that an attacker wants to change about an account."""
    saved = Person.objects.get(pk=person.pk)
    held = (
        set(saved.groups.values_list("pk", flat=True)),
        set(saved.user_permissions.values_list("pk", flat=True)),
    )
    return saved.password, saved.is_staff, saved.is_superuser, *held


def page(person: Person, view: str = "change") -> str:
    return reverse(f"admin:members_person_{view}", args=[person.pk])


@pytest.mark.parametrize(
    ("target", "may_change"),
    [
        ("superuser", False),
        ("stronger", False),
        ("grouped", False),
        ("closed", False),
        ("equal", True),
        ("ordinary", True),
        ("themselves", True),
    ],
)
def test_forged_fields_give_no_power_over_anybody(client, keeper, targets, target, may_change):
    person = targets[target]
    before = powers_of(person)
    client.force_login(keeper)

    answer = client.post(page(person), forged(person))
    password = client.post(f"/admin/members/person/{person.pk}/password/", forged(person))

    saved = Person.objects.get(pk=person.pk)
    assert (answer.status_code, saved.name == "Forged") == (
        (302, True) if may_change else (403, False)
    )
    assert password.status_code == 403
    assert powers_of(person) == before


@pytest.mark.parametrize("target", ["superuser", "stronger", "grouped", "closed", "themselves"])
def test_nobody_takes_over_an_account_by_its_address(client, keeper, targets, target):
    person = targets[target]
    email = person.email
    client.force_login(keeper)

    client.post(page(person), forged(person, email="attacker@evil.example"))

    assert Person.objects.get(pk=person.pk).email == email
    assert AddressChange.objects.count() == 0


def test_a_keeper_changes_the_address_of_an_ordinary_account_by_the_same_action(
    client, keeper, focal_point, colleague
):
    theirs = type(client)()
    theirs.force_login(focal_point)
    client.force_login(keeper)

    changed = client.post(
        page(focal_point), sent_by(client.get(page(focal_point))) | {"email": "Nadia@New.example"}
    )

    saved = Person.objects.get(pk=focal_point.pk)
    assert (changed.status_code, saved.email) == (302, "nadia@new.example")
    assert list(EmailAddress.objects.values_list("user", "email", "verified", "primary")) == [
        (focal_point.pk, saved.email, True, True)
    ]
    assert theirs.get("/profile/").status_code == 302
    [last, *_] = saved.history.all()
    assert (recorded_reason(last), last.history_user) == ("Sign-in address changed", keeper)
    assert AddressChange.objects.values_list("old", "new", "changed_by").get() == (
        focal_point.email,
        saved.email,
        keeper.pk,
    )


def test_an_address_of_somebody_else_or_none_is_refused_beside_the_field(
    client, keeper, focal_point, colleague
):
    client.force_login(keeper)
    form = sent_by(client.get(page(focal_point)))

    for email, sentence in (
        (colleague.email.upper(), "This address cannot be used here. Choose another."),
        ("", "An account keeps an address. Close the account instead."),
    ):
        refused = client.post(page(focal_point), form | {"email": email})
        assert refused.context["adminform"].errors == {"email": [sentence]}


def test_staff_grant_nothing_and_see_no_hash(client, keeper, focal_point):
    client.force_login(keeper)

    shown = client.get(page(focal_point))

    fields = set(shown.context["adminform"].form.fields)
    assert fields & {"is_staff", "is_superuser", "groups", "user_permissions"} == set()
    assert focal_point.password == "" or focal_point.password not in shown.content.decode()
    assert "pbkdf2" not in shown.content.decode()


def test_a_new_person_has_no_password_and_no_power(client):
    client.force_login(staff("adder", "add_person", "change_person", "view_person"))

    made = client.post(
        reverse("admin:members_person_add"), forged(Person(email="new@example.org"), name="New")
    )

    person = Person.objects.get(email="new@example.org")
    assert made.status_code == 302
    assert not person.has_usable_password()
    assert powers_of(person)[1:] == (False, False, set(), set())
    assert EmailAddress.objects.get(user=person).verified
    taken = client.post(
        reverse("admin:members_person_add"), forged(Person(email="New@Example.org"), name="Double")
    )
    assert taken.context["adminform"].errors == {
        "email": ["This address cannot be used here. Choose another."]
    }
    assert (
        client.post(
            reverse("admin:members_person_add"), forged(Person(email=""), name="On record only")
        ).status_code
        == 302
    )


def test_a_superuser_grants_and_history_says_what(client, superuser, focal_point):
    group = Group.objects.create(name="Keepers")
    permission = Permission.objects.get(codename="change_agency")
    client.force_login(superuser)
    form = sent_by(client.get(page(focal_point)))

    given = client.post(
        page(focal_point),
        form | {"is_staff": "on", "groups": [group.pk], "user_permissions": [permission.pk]},
    )
    again = sent_by(client.get(page(focal_point)))
    taken = client.post(
        page(focal_point),
        again | {"groups": [], "user_permissions": [permission.pk], "name": "Nadia F."},
    )

    [second, _name, first, *_] = Person.objects.get(pk=focal_point.pk).history.all()
    assert (given.status_code, taken.status_code) == (302, 302)
    assert (
        recorded_reason(first)
        == "Permissions changed; granted: Administrators, Keepers and Members | agency | Can "
        "change agency"
    )
    assert (first.is_staff, first.history_user) == (True, superuser)
    assert recorded_reason(second) == "Permissions changed; taken: Keepers"
    administrators = Group.objects.get(name="Administrators")
    assert powers_of(focal_point)[1:] == (True, False, {administrators.pk}, {permission.pk})


def test_the_action_itself_refuses_who_may_not_grant(keeper, focal_point):
    with pytest.raises(NotAllowed, match="Only a superuser may grant"):
        accounts.set_powers(keeper, Powers(is_staff=True, is_superuser=True), by=keeper, at=AT)
    with pytest.raises(NotAllowed):
        accounts.note_password_set(focal_point, by=keeper, at=AT)


def test_an_account_is_closed_with_its_sessions_and_they_stay_closed(client, keeper, focal_point):
    theirs = type(client)()
    theirs.force_login(focal_point)
    client.force_login(keeper)
    form = sent_by(client.get(page(focal_point)))
    del form["is_active"]

    client.post(page(focal_point), form)
    closed = theirs.get("/profile/").status_code
    client.post(page(focal_point), sent_by(client.get(page(focal_point))) | {"is_active": "on"})

    changes = Person.objects.get(pk=focal_point.pk).history.all()[:2]
    reasons = [recorded_reason(change) for change in changes]
    assert (closed, theirs.get("/profile/").status_code) == (302, 302)
    assert reasons == ["Account opened again", "Account closed"]


def test_nobody_closes_their_own_account_in_the_admin(client, keeper):
    client.force_login(keeper)

    client.post(
        page(keeper), {name: value for name, value in forged(keeper).items() if name != "is_active"}
    )

    assert Person.objects.get(pk=keeper.pk).is_active


def next_of(url: str) -> str:
    """Return where the page that asks for the password leads, as its form carries it."""
    [following] = parse_qs(urlsplit(url).query)["next"]
    return following


@pytest.mark.parametrize("query", ["", "?_changelist_filters=q%3Dnadia"])
@pytest.mark.parametrize("fields", [{"email": "nadia@new.example"}, {"is_staff": "on"}])
def test_an_open_session_of_a_superuser_changes_no_account_without_the_password(
    client, superuser, focal_point, fields, query
):
    superuser.set_password(PASSWORD)
    superuser.save()
    client.post("/accounts/login/", {"login": superuser.email, "password": PASSWORD})
    address = page(focal_point) + query
    form = sent_by(client.get(address)) | fields
    before = Person.objects.values("email", "is_staff", "version").get(pk=focal_point.pk)

    asked = client.post(address, form)
    unchanged = Person.objects.values("email", "is_staff", "version").get(pk=focal_point.pk)
    saved = client.post(asked.url, {"password": PASSWORD, "next": next_of(asked.url)})

    assert asked.url.startswith("/accounts/reauthenticate/?next=")
    assert unchanged == before
    assert saved.url == "/admin/members/person/" + ("?q=nadia" if query else "")
    assert Person.objects.values("email", "is_staff").get(pk=focal_point.pk) != {
        "email": before["email"],
        "is_staff": before["is_staff"],
    }


def test_a_superuser_sets_a_password_after_their_own_and_the_person_is_told(
    client, superuser, focal_point, mailoutbox
):
    address = f"/admin/members/person/{focal_point.pk}/password/"
    superuser.set_password(PASSWORD)
    superuser.save()
    client.post("/accounts/login/", {"login": superuser.email, "password": PASSWORD})
    new = {
        "password1": "a new horse battery",
        "password2": "a new horse battery",
        "usable_password": "true",
    }

    asked, sent = client.get(address), client.post(address, new)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    wrong = client.post(address, new | {"password2": "another"})
    done = client.post(address, new)

    focal_point.refresh_from_db()
    assert asked.url.startswith("/accounts/reauthenticate/?next=")
    assert sent.url == address
    assert (
        wrong.status_code,
        done.status_code,
        focal_point.check_password("a new horse battery"),
    ) == (200, 302, True)
    assert recorded_reason(focal_point.history.first()) == "Password set by an administrator"
    [mail] = mailoutbox
    assert (mail.to, mail.subject) == (
        [focal_point.email],
        "GMG: An administrator set your password",
    )
    assert "Amara Diallo set a new password for your account." in mail.body


def test_a_disabled_password_is_told_as_one_and_a_refused_form_as_nothing(
    client, superuser, focal_point, mailoutbox
):
    address = f"/admin/members/person/{focal_point.pk}/password/"
    focal_point.set_password(PASSWORD)
    focal_point.save()
    client.force_login(superuser)
    disable = {"password1": "", "password2": "", "usable_password": "false"}

    conflicting = client.post(address, disable)
    between = (len(mailoutbox), Person.objects.get(pk=focal_point.pk).has_usable_password())
    done = client.post(address, disable | {"unset-password": "Disable"})

    assert (conflicting.status_code, done.status_code, between) == (302, 302, (0, True))
    [last, *_] = focal_point.history.all()
    assert recorded_reason(last) == "Password disabled by an administrator"
    [mail] = mailoutbox
    assert mail.subject == "GMG: An administrator disabled your password"
    assert "Amara Diallo disabled the password of your account." in mail.body


def test_ones_own_password_is_not_set_in_the_admin(client, superuser):
    client.force_login(superuser)

    assert (
        client.get(f"/admin/members/person/{superuser.pk}/password/").url
        == "/accounts/password/change/"
    )


def test_staff_send_a_link_instead(client, keeper, targets, mailoutbox):
    client.force_login(keeper)
    chosen = [person.pk for person in targets.values()]

    client.post(
        "/admin/members/person/", {"action": "send_password_link", "_selected_action": chosen}
    )
    client.post(
        "/admin/members/person/",
        {"action": "send_password_link", "_selected_action": [targets["superuser"].pk]},
    )

    sent = {mail.to[0] for mail in mailoutbox}
    assert sent == {targets[name].email for name in ("equal", "ordinary", "themselves")}
    assert all(re.search("/accounts/password/reset/key/", mail.body) for mail in mailoutbox)


def test_links_that_a_limit_stops_are_named_and_the_others_are_sent(
    client, superuser, mailoutbox, settings
):
    settings.HOURLY_LIMITS = {**settings.HOURLY_LIMITS, "sign_in_mails": 1}
    people = [PersonFactory(name=f"Person {n:02}") for n in range(12)]
    client.force_login(superuser)

    page = client.post(
        "/admin/members/person/",
        {"action": "send_password_link", "_selected_action": [person.pk for person in people]},
        follow=True,
    )

    assert [mail.to[0] for mail in mailoutbox] == [person.email for person in people[:10]]
    assert [str(message) for message in page.context["messages"]] == [
        "10 links are sent.",
        "No link is sent to Person 10 and Person 11. Too many attempts. Wait 60 minutes, then try again.",
    ]


def test_only_superusers_change_groups_and_nobody_addresses_or_sessions(client):
    codenames = [
        f"{act}_{model}"
        for act in ("add", "change", "delete", "view")
        for model in MODELS_OF_ACCOUNTS
    ]
    everything = staff("everything", *codenames)
    group = Group.objects.create(name="Mine")
    everything.groups.add(group)
    address = EmailAddress.objects.create(
        user=everything, email=everything.email, verified=True, primary=True
    )
    client.force_login(everything)

    answers = [
        client.post(
            f"/admin/auth/group/{group.pk}/change/", {"name": "Mine", "permissions": [1, 2, 3]}
        ).status_code,
        client.post("/admin/auth/group/add/", {"name": "Other", "permissions": [1]}).status_code,
        client.post(f"/admin/auth/group/{group.pk}/delete/", {"post": "yes"}).status_code,
        client.post(
            f"/admin/account/emailaddress/{address.pk}/change/", {"email": "x@evil.example"}
        ).status_code,
        client.post(
            "/admin/account/emailaddress/add/", {"user": everything.pk, "email": "x@evil.example"}
        ).status_code,
        client.get("/admin/usersessions/usersession/").status_code,
    ]

    assert answers == [403, 403, 403, 403, 403, 404]
    assert (group.permissions.count(), EmailAddress.objects.get().email) == (0, everything.email)

"""Whatever the database can hold, no page fails: extreme values in every field of every model.

Days at both bounds, texts of the greatest length, numbers at their limits, zones that this machine does not know, long and empty lists,
each choice by turns, and nothing in what may be empty.
"""

from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, time

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coordination.core.periods import FIRST_DAY, LAST_DAY
from coordination.core.tests.pages import text_of
from coordination.members.enums import Role
from coordination.members.models import Agency, Appointment, Person
from coordination.members.tests.factories import AppointmentFactory
from coordination.statements.tests.factories import drafted
from coordination.tests.cast import NOW
from coordination.tests.e2e.addresses import addresses, answer_of, client_of
from coordination.tests.e2e.things import Things, told

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600), pytest.mark.once]

SHOWN = ("_changelist", "_change")  # of each model of the admin
LEFT_OUT = {"desk:health"}  # answers 503 where no beat runs
KINDS = ("least", "greatest")
LARGEST = {
    models.PositiveSmallIntegerField: 32767,
    models.SmallIntegerField: 32767,
    models.PositiveIntegerField: 2**31 - 1,
    models.IntegerField: 2**31 - 1,
}
# What pages and sign-in are found by, and the clock of the planner
KEPT = {
    "version",
    "slug",
    "email",
    "password",
    "last_login",
    "key",
    "number",
    "demo_role",
    "sessions_ended",
}
# who may do what follows from these: without them most pages would only refuse
KEPT_CHOICES = {"Appointment.role", "Membership.standing", "ChairTerm.state"}
# by turns; where a page refuses one of them it is asked for by the chair, who may do most
ROLES = ("anonymous", "focal_point", "principals_office", "administrator", "chair")
LONG = "W" * 300
DRAWN = 2  # the first turn of what Hypothesis draws; those before it have tests of their own


def own_models():
    """Return the models of our apps, without their histories."""
    return [
        model
        for model in apps.get_models()
        if model.__module__.startswith("coordination.")
        and not model.__name__.startswith("Historical")
        and not model._meta.proxy
    ]


def least(field):
    """Return nothing where that may be, else the least value of a field, or the field where it has none."""
    if field.null:
        return None
    if field.blank:
        return field.get_default()
    if isinstance(field, models.DateTimeField):
        return datetime.combine(FIRST_DAY, time.min, tzinfo=UTC)
    if isinstance(field, models.DateField):
        return FIRST_DAY
    return 0 if type(field) in LARGEST else field


def greatest(field):
    """Return the last day, the longest text or the largest number of a field, or the field where it has none."""
    if isinstance(field, models.DateTimeField):
        return datetime.combine(LAST_DAY, time.max, tzinfo=UTC)
    if isinstance(field, models.DateField):
        return LAST_DAY
    if field.name == "time_zone":
        return "Mars/Olympus_Mons"  # it may be stored by a machine with other zones
    if field.editable and type(field) in {models.CharField, models.TextField}:
        return "W" * (field.max_length or 2_000)
    return LARGEST.get(type(field), field)


def extreme(field, kind):
    """Return a value of this kind for a field, or `field` itself where it has none."""
    if field.name in KEPT or field.choices or field.unique or field.is_relation:
        return field
    return least(field) if kind == "least" else greatest(field)


def is_json(field):
    return isinstance(field, models.JSONField)


def lengthened(value):
    """Return a list or dict of words with long words in their place, and other values as they are.

    What a list of objects holds are codes, keys and days of ours: these stay.
    """
    if isinstance(value, dict):
        return {name: LONG if isinstance(each, str) else each for name, each in value.items()}
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return [LONG] * 3 * len(value)
    return value


def store_lengthened(model, field):
    """Lengthen what each row has in a field of JSON; return in how many."""
    stored = 0
    for key, value in model._base_manager.values_list("pk", field.attname):
        longer = lengthened(value)
        if LONG not in str(value) and longer != value:
            with suppress(IntegrityError), transaction.atomic():
                stored += model._base_manager.filter(pk=key).update(**{field.attname: longer})
    return stored


def values_by_turns(field):
    """Return the choices of a field, and nothing where that may be; [] where they stay."""
    if field.name in KEPT or f"{field.model.__name__}.{field.name}" in KEPT_CHOICES:
        return []
    empty = [None] if field.null else [""] if field.blank else []
    return [value for value, _words in field.flatchoices] + empty if field.choices else []


def store_by_turns(model, field):
    """Store each choice of a field in some of its rows; return in how many."""
    values, stored = values_by_turns(field), 0
    keys = list(model._base_manager.order_by("pk").values_list("pk", flat=True))
    for place, value in enumerate(values):
        rows = model._base_manager.filter(pk__in=keys[place :: len(values)])
        with suppress(IntegrityError), transaction.atomic():
            stored += rows.update(**{field.attname: value})
    return stored


def store(kinds):
    """Store values of these kinds in every row, as far as the database takes them.

    `kinds` are by field name. Returns how many fields of rows were changed.
    """
    stored = 0
    for model in own_models():
        for field in [*model._meta.concrete_fields, *model._meta.concrete_fields[::-1]]:
            kind = kinds.get(field.name, kinds[""])
            value = extreme(field, kind)
            if value is field:
                stored += store_by_turns(model, field) if kind == "least" else 0
                stored += store_lengthened(model, field) if is_json(field) else 0
                continue
            try:
                with transaction.atomic():
                    stored += model._base_manager.update(**{field.attname: value})
            except IntegrityError:  # the constraints of the model refuse it: it cannot be stored
                continue
    return stored


@pytest.fixture
def demonstration(now) -> tuple[dict[str, Person | None], Things]:
    return told(NOW)


names = sorted({field.name for model in own_models() for field in model._meta.concrete_fields})
drawn_kinds = st.fixed_dictionaries(
    {"": st.sampled_from(KINDS)}, optional={name: st.sampled_from(KINDS) for name in names}
)


@pytest.mark.parametrize(
    ("kinds", "turn"), [({"": "greatest", "first_day": "least"}, 0), ({"": "least"}, 1)]
)
def test_no_extreme_value_breaks_a_page(demonstration, kinds, turn):
    """These examples, which are always run, have the pages of the admin too."""
    hold_each_page(demonstration, kinds, turn, SHOWN)


@settings(max_examples=1, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn_kinds, st.integers(DRAWN, 4))
def test_no_storable_value_breaks_a_page(demonstration, kinds, turn):
    hold_each_page(demonstration, kinds, turn, ())


def hold_each_page(demonstration, kinds, turn, of_models):
    """Store values of these kinds in every row, and ask for each page, and for those of each model of the admin whose name ends so."""
    cast, things = demonstration
    cast |= {"principals_office": office_of("UNFPA")}
    every = [
        address
        for address in addresses()
        if address.name not in LEFT_OUT and (not address.model or address.name.endswith(of_models))
    ]
    with transaction.atomic():
        clients = {role: client_of(cast[role]) for role in ROLES}
        stored = store(kinds)
        failed, shown = [], Counter()
        for place, address in enumerate(every, turn):
            by_turns = [ROLES[place % len(ROLES)], "chair"]
            for role in ["administrator"] if address.model else dict.fromkeys(by_turns):
                status = status_of(things.path(address), clients[role])
                if status not in EXPECTED:
                    failed.append((address.name, role, status))
                shown[role] += status == 200
                if status in {200, 405}:
                    break
        transaction.set_rollback(True)

    assert failed == [], failed
    assert stored > 500
    assert all(shown[role] for role in ROLES), shown
    assert shown.total() > 40


def office_of(acronym):
    """Return a person of the office of an agency's principal."""
    [agency] = Agency.objects.filter(acronym=acronym)
    found = Appointment.objects.filter(agency=agency, role=Role.OFFICE).first()
    return (found or AppointmentFactory(agency=agency, role=Role.OFFICE)).person


EXPECTED = {200, 302, 400, 403, 404, 405, 409, 410, 422, 429}


def status_of(path, client):
    """Return the status of a page, or the error that it would answer 500 for."""
    try:
        return answer_of("GET", path, client, {}).status_code
    except Exception as error:  # noqa: BLE001 - the test client raises it
        return repr(error)[:200]


def test_every_day_and_moment_has_bounds_in_the_database():
    unbound = []
    for model in own_models():
        conditions = " ".join(
            str(constraint.condition)
            for constraint in model._meta.constraints
            if isinstance(constraint, models.CheckConstraint)
        )
        unbound += [
            f"{model.__name__}.{field.name}"
            for field in model._meta.local_concrete_fields
            if isinstance(field, models.DateField) and f"{field.name}__lte" not in conditions
        ]

    assert unbound == []


@pytest.mark.parametrize("day", ["1899-12-31", "2201-01-01", "9999-12-31"])
def test_the_database_refuses_a_day_beyond_the_bounds(terms, day):
    with connection.cursor() as cursor, pytest.raises(IntegrityError), transaction.atomic():
        cursor.execute("UPDATE rotation_chairterm SET last_day = %s", [day])


FAR = "This is more than ten years from today."


@pytest.mark.parametrize("day", ["9999-12-31", "2036-12-31", "1900-01-01", "0001-01-01"])
@pytest.mark.parametrize(
    ("name", "field", "typed"),
    [
        ("rotation:propose", "last_day", {"first_day": "2028-01-01", "kind": "term"}),
        ("rotation:propose", "first_day", {"last_day": "2028-01-01", "kind": "term"}),
        (
            "meetings:convene",
            "day",
            {"title": "Far", "kind": "event", "begins": "10:00", "time_zone": "Europe/Paris"},
        ),
    ],
)
def test_an_act_far_from_today_is_refused(sign_in, now, chair, unfpa, name, field, typed, day):
    sent = {"first_agency": unfpa.pk, **typed, field: day}

    answer = sign_in(chair).post(reverse(name), sent)

    page = text_of(answer)
    assert answer.status_code == 422
    assert any(
        sentence in page
        for sentence in (FAR, "not a day on which people meet", "A term that begins in the past")
    )


@pytest.mark.parametrize("deadline", ["9999-12-31T23:59", "0001-01-01T00:00", "2050-01-01T00:00"])
def test_a_deadline_far_from_today_is_refused(sign_in, now, chair, deadline):
    chair.time_zone = "America/New_York"
    chair.save()
    slug = drafted().statement.slug

    answer = sign_in(chair).post(
        reverse("statements:circulate", args=[slug]), {"deadline": deadline}
    )

    page = text_of(answer)
    assert answer.status_code == 422
    assert any(
        sentence in page
        for sentence in (FAR, "Give a day from 1900-01-01 to 2200-12-31.", "Choose a moment after")
    )


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("last_day", "9999-12-31", "Give a day from 1900-01-01 to 2200-12-31."),
        ("first_day", "1899-12-31", "Give a day from 1900-01-01 to 2200-12-31."),
        ("sources", "5", "Write a list of texts"),
        ("sources", '{"a": 1}', "Write a list of texts"),
    ],
)
def test_the_admin_refuses_what_would_break_a_page(
    sign_in, now, unesco, administrator, field, value, sentence
):
    administrator.is_superuser = True
    administrator.save()
    membership = unesco.memberships.get()
    sent = {
        "agency": unesco.pk, "standing": "member", "first_day": "2006-01-01",
        "first_precision": "day", "last_day": "", "last_precision": "day",
        "sources": "[]", "note": "", "version_seen": "1", field: value,
    }  # fmt: skip

    page = text_of(
        sign_in(administrator).post(
            reverse("admin:members_membership_change", args=[membership.pk]), sent
        )
    )

    assert sentence in page

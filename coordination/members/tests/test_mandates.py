"""The words by which an agency's mandate is known: who changes them, what is kept, what is refused."""

from zoneinfo import ZoneInfo

import pytest
from django.contrib.admin import site
from django.forms.models import model_to_dict
from django.urls import reverse

from coordination.core.errors import NotAllowed, Stale
from coordination.core.http import Reader
from coordination.members.actions import mandates
from coordination.members.actions.mandates import cleaned_terms
from coordination.members.errors import TermNotCounted
from coordination.members.models import Agency
from coordination.tests.cast import NOW


@pytest.fixture
def page(unfpa, now):
    return reverse("members:mandate", args=[unfpa.slug])


def words(agency):
    agency.refresh_from_db()
    return agency.mandate_terms


def test_terms_are_kept_once_with_one_space_between_words():
    assert cleaned_terms([" decent   work ", "", "Decent Work", "traffick*", "难民"]) == [
        "decent work",
        "traffick*",
        "难民",
    ]


@pytest.mark.parametrize(
    ("term", "sentence"),
    [
        ("*", "“*” has no letter; it would never be found."),
        ("…", "“…” has no letter; it would never be found."),
        (
            "a* child",
            "In “a* child”: “*” stands for any ending, and needs at least 3 letters before it and none after.",
        ),
        (
            "child*ren",
            "In “child*ren”: “*” stands for any ending, and needs at least 3 letters before it and none after.",
        ),
        (
            "child**",
            "In “child**”: “*” stands for any ending, and needs at least 3 letters before it and none after.",
        ),
        ("x" * 61, "“" + "x" * 30 + " …” is too long for a term; give each a line of its own."),
    ],
)
def test_terms_that_would_count_nothing_or_everything_are_refused(term, sentence):
    with pytest.raises(TermNotCounted, match="term|letter") as refused:
        cleaned_terms([term])

    assert refused.value.message == sentence


def test_there_are_at_most_sixty():
    with pytest.raises(TermNotCounted, match="At most 60 terms are counted; these are 61"):
        cleaned_terms(f"term {number}" for number in range(61))


def test_only_its_focal_points_and_an_administrator_change_them(
    now, unfpa, focal_point, administrator, other_agency, chair, former_focal_point
):
    for person in (other_agency, chair, former_focal_point):
        with pytest.raises(NotAllowed):
            mandates.edit_mandate(unfpa, ["health"], version=unfpa.version, by=person, at=NOW)

    mandates.edit_mandate(unfpa, ["health"], version=1, by=focal_point, at=NOW)
    with pytest.raises(Stale):
        mandates.edit_mandate(unfpa, ["midwives"], version=1, by=administrator, at=NOW)
    mandates.edit_mandate(unfpa, ["midwives"], version=2, by=administrator, at=NOW)

    assert words(unfpa) == ["midwives"]


def test_a_focal_point_changes_them_on_the_agencys_page(client, page, unfpa, focal_point):
    client.force_login(focal_point, backend="django.contrib.auth.backends.ModelBackend")
    agency_page = reverse("members:agency", args=[unfpa.slug])
    assert f'href="{page}"' in client.get(agency_page).content.decode()

    refused = client.post(page, {"terms": "health\n*", "version": 1})
    assert (refused.status_code, refused.context["form"].errors) == (
        422,
        {"terms": ["“*” has no letter; it would never be found."]},
    )
    assert words(unfpa) == []
    answer = client.post(
        page, {"terms": "maternal health, midwi*\r\nhealth", "version": 1}, follow=True
    )

    assert words(unfpa) == ["maternal health", "midwi*", "health"]
    assert "maternal health, midwi* and health" in answer.content.decode()
    assert client.get(page).context["form"]["terms"].value() == "maternal health\nmidwi*\nhealth"
    assert (
        "Words of the mandate"
        in client.get(reverse("members:agency_history", args=[unfpa.slug])).content.decode()
    )


def test_the_second_of_two_sees_both_lists(client, page, unfpa, focal_point, colleague):
    mandates.edit_mandate(unfpa, ["health"], version=1, by=colleague, at=NOW)
    client.force_login(focal_point, backend="django.contrib.auth.backends.ModelBackend")

    answer = client.post(page, {"terms": "midwives", "version": 1})

    assert answer.status_code == 409
    assert "midwives" in answer.content.decode()
    assert "health" in answer.content.decode()
    assert words(unfpa) == ["health"]


def test_others_see_the_words_and_no_link(client, page, unfpa, other_agency):
    unfpa.mandate_terms = ["midwives"]
    unfpa.save()
    client.force_login(other_agency, backend="django.contrib.auth.backends.ModelBackend")

    shown = client.get(reverse("members:agency", args=[unfpa.slug])).content.decode()

    assert "midwives" in shown
    assert page not in shown
    assert client.get(page).status_code == 403


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ('["health", "Health", " midwi* "]', ["health", "midwi*"]),
        ('{"a": 1}', None),
        ('["*"]', None),
        ("[1]", None),
    ],
)
def test_the_admin_keeps_the_same_rules(admin_form, unfpa, given, kept):
    form = admin_form(unfpa, mandate_terms=given)

    assert form.is_valid() == (kept is not None), form.errors
    assert kept is None or form.cleaned_data["mandate_terms"] == kept
    assert kept is not None or list(form.errors) == ["mandate_terms"]


@pytest.fixture
def admin_form(rf, administrator, now):
    """Return an agency's form of the admin, filled as it is but for what is changed."""

    def filled(agency, **changes):
        request = rf.get("/")
        request.user, request.reader = administrator, Reader(ZoneInfo("UTC"), "UTC")
        form = site._registry[Agency].get_form(request, agency)
        data = model_to_dict(agency) | {"version_seen": agency.version} | changes
        return form(
            {name: value for name, value in data.items() if value is not None}, instance=agency
        )

    return filled

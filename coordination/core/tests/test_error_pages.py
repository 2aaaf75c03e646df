"""The pages of errors and of a lost race."""

from types import SimpleNamespace

import pytest
from django import forms
from django.test import Client, RequestFactory

from coordination.core.errors import Stale
from coordination.core.tests.pages import text_of
from coordination.core.views import bad_request, edit_conflict, server_error
from coordination.members.models import Agency, Appointment

pytestmark = pytest.mark.usefixtures("strict")


def test_page_that_does_not_exist_searches(client, focal_point):
    anybody = client.get("/no-such/page/")
    client.force_login(focal_point)
    mine = client.get("/no-such/page/")

    assert (anybody.status_code, mine.status_code) == (404, 404)
    assert "Adopted statements" in text_of(anybody)
    assert 'name="q" value="no such page"' in text_of(mine)


def test_refusal_says_who_may_and_keeps_what_was_typed(client, focal_point, terms, now):
    client.force_login(focal_point)
    response = client.post(
        "/rotation/2027-H1/confirm/", {"reason": "a long reason that must not be lost"}
    )

    page = text_of(response)
    assert response.status_code == 403
    assert "Only the chair’s team" in page
    assert "a long reason that must not be lost</textarea>" in page


def test_rule_that_forbids_is_said_on_a_page(client, chair, now):
    client.force_login(chair)

    response = client.post("/rotation/2027-H1/confirm/", {"note": "a note that must not be lost"})

    page = text_of(response)
    assert response.status_code == 422
    assert "<h1>This cannot be done now</h1>" in page
    assert "a note that must not be lost</textarea>" in page


def test_fault_of_ours_stands_alone(client, group, settings):
    response = server_error(RequestFactory().get("/"))

    assert response.status_code == 500
    assert "<h1>The fault is ours</h1>" in text_of(response)


def test_bad_request_says_that_nothing_changed(rf, group, client):
    request = client.get("/members/").wsgi_request
    response = bad_request(request)

    assert response.status_code == 400
    assert "nothing was changed" in text_of(response)


def test_form_older_than_the_sign_in_gives_back_what_was_typed(focal_point, terms):
    client = Client(enforce_csrf_checks=True)
    client.force_login(focal_point)

    response = client.post(
        "/profile/", {"name": "a long text that must not be lost", "password": "never shown again"}
    )

    page = text_of(response)
    assert response.status_code == 403
    assert "This form is older than your sign-in" in page
    assert "a long text that must not be lost</textarea>" in page
    assert "never shown again" not in page


class RoleForm(forms.Form):
    title = forms.CharField(label="Title")
    role = forms.ChoiceField(
        label="Role", choices=[("focal_point", "focal point"), ("office", "principal’s office")]
    )
    bodies = forms.ModelMultipleChoiceField(Agency.objects.all(), required=False)
    agency = forms.ModelChoiceField(Agency.objects.all(), label="Chair", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)


@pytest.fixture
def lost_race(client, focal_point, colleague, unfpa, ohchr):
    client.force_login(focal_point)
    request = client.get("/members/").wsgi_request
    current = Appointment.objects.get(person=colleague)
    current.title = "Theirs"
    current.save()
    data = {
        "title": "Mine",
        "role": "office",
        "bodies": [unfpa.pk, ohchr.pk],
        "agency": ohchr.pk,
        "version": 1,
    }
    post = RequestFactory().post("/", data).POST
    return SimpleNamespace(
        request=request,
        stale=Stale("lost", current=current),
        form=RoleForm(post),
        unfpa=unfpa,
        ohchr=ohchr,
    )


def test_lost_race_shows_both_and_the_control_with_ones_own(lost_race):
    response = edit_conflict(
        lost_race.request, lost_race.stale, lost_race.form, what="The appointment", action="/back/"
    )

    page = text_of(response)
    assert response.status_code == 409
    assert "<h1>The appointment was changed while you wrote</h1>" in page
    assert 'data-fill="both-title" value="Theirs" hidden>' in page
    assert (
        '<input type="text" name="title" value="Mine" id="both-title" class="form__input"' in page
    )
    assert '<p class="block__text">focal point</p>' in page
    assert '<p class="block__text">principal’s office</p>' in page
    assert '<option value="office" selected>' in page


def test_lost_race_marks_the_words_that_differ(lost_race):
    lost_race.stale.current.title = "Head of the office in Geneva"
    lost_race.form.data = lost_race.form.data.copy()
    lost_race.form.data["title"] = "Head of the section in Geneva"

    page = text_of(
        edit_conflict(
            lost_race.request, lost_race.stale, lost_race.form, what="The appointment", action="/"
        )
    )

    assert '<p class="block__text">Head of the <del>office</del> in Geneva</p>' in page
    assert '<p class="block__text">Head of the <ins>section</ins> in Geneva</p>' in page


def test_lost_race_carries_every_value_of_what_it_does_not_show(lost_race):
    response = edit_conflict(
        lost_race.request, lost_race.stale, lost_race.form, what="The appointment", action="/back/"
    )

    page = text_of(response)
    for body in (lost_race.unfpa, lost_race.ohchr):
        assert f'<input type="hidden" name="bodies" value="{body.pk}">' in page
    assert page.count('name="version"') == 1


def test_lost_race_compares_what_the_form_shows_where_names_differ(lost_race):
    words = {"title": "Theirs", "role": "office", "agency": lost_race.unfpa, "version": 2}

    response = edit_conflict(
        lost_race.request, lost_race.stale, lost_race.form, what="It", action="/", values=words
    )

    page = text_of(response)
    assert '<p class="block__text">UNFPA</p>' in page
    assert '<p class="block__text">OHCHR</p>' in page
    assert 'id="pair-role"' not in page

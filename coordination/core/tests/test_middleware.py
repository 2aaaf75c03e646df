"""What middleware does with what nobody caught."""

from collections.abc import Iterator

import pytest
from django.forms import PasswordInput
from django.forms.forms import BaseForm
from django.test import RequestFactory
from django.urls import get_resolver

from coordination.core.middleware import RecordKeyMiddleware, previous_page, typed_texts
from coordination.core.tests.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["agency/unfpa/history/", "agency/1/history/first/"])
def test_a_key_that_is_no_number_is_found_nowhere_in_the_records(client, administrator, path):
    client.force_login(administrator)

    assert client.get(f"/admin/members/{path}").status_code == 404


@pytest.mark.parametrize(
    "address",
    ["/no-such/page/", "/members/no-such-agency/", "/admin/members/agency/unfpa/history/"],
    ids=["no view", "a view that finds nothing", "a key that is no number"],
)
def test_what_is_not_found_has_our_page_with_debug_too(client, administrator, settings, address):
    settings.DEBUG = True
    client.force_login(administrator)

    response = client.get(address)

    assert response.status_code == 404
    assert "<h1>Nothing is here</h1>" in text_of(response)
    assert "DEBUG" not in text_of(response)


@pytest.mark.parametrize("words", ["Field 'id' expected a number but got 'x'.", "something else"])
def test_other_faults_stay_faults(words):
    middleware = RecordKeyMiddleware(lambda request: None)

    assert (
        middleware.process_exception(RequestFactory().get("/members/"), ValueError(words)) is None
    )
    assert middleware.process_exception(RequestFactory().get("/admin/"), TypeError(words)) is None
    if words == "something else":
        assert (
            middleware.process_exception(RequestFactory().get("/admin/"), ValueError(words)) is None
        )


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/meetings/41/", "http://testserver/meetings/41/"),
        ("https://elsewhere.example/", "/x/"),
        ("", "/x/"),
    ],
    ids=["ours", "another's", "none"],
)
def test_what_was_refused_leads_back_to_the_page_of_ours_that_it_came_from(referer, back):
    request = RequestFactory().post("/x/", headers={"referer": referer} if referer else {})

    assert previous_page(request) == back


def test_what_was_typed_is_given_back_however_short_but_no_choice_and_no_secret():
    sent = {
        "text": "I agree.",
        "reason": "Unacceptable to us",
        "kind": "object",
        "agency": "12",
        "new_password": "correct horse battery",
    }

    assert typed_texts(RequestFactory().post("/x/", sent)) == [
        ("text", "I agree."),
        ("reason", "Unacceptable to us"),
    ]


def subclasses(of: type) -> Iterator[type]:
    for each in of.__subclasses__():
        yield each
        yield from subclasses(each)


def test_no_password_of_any_form_is_given_back():
    get_resolver().url_patterns  # noqa: B018 - loads every view, and with it every form
    names = {
        name
        for form in subclasses(BaseForm)
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field.widget, PasswordInput)
    }
    sent = dict.fromkeys(names, "correct horse battery")

    assert names >= {"password", "password_again", "password1", "oldpassword"}
    assert typed_texts(RequestFactory().post("/x/", sent)) == []

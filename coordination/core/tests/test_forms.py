"""One way from a form to an action: what is shown, what is raised, who meets the page for two editors."""

import pytest
from django import forms
from django.http import HttpResponse, QueryDict

from coordination.core.errors import NotAllowed, OutOfReach, RuleBroken, Stale, TooManyAttempts
from coordination.core.forms import EditedObject, FieldNamesMixin, press_button, submit
from coordination.core.views import shown_fields

pytestmark = pytest.mark.django_db


class GroupForm(FieldNamesMixin, forms.Form):
    field_of = {"title": "name"}

    name = forms.CharField()
    acronym = forms.CharField(required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


@pytest.fixture
def request_(rf, group, administrator):
    request = rf.post("/group/")
    request.group, request.user = group, administrator
    return request


def breaking(error):
    def act():
        raise error

    return act


def done(result):
    return HttpResponse(f"saved {result}")


def data(**fields):
    found = QueryDict(mutable=True)
    found.update(fields)
    return found


def sent(**fields):
    return GroupForm(data(**{"name": "Group", **fields}))


def test_a_valid_form_is_handed_to_the_action_and_answered(request_):
    answer = submit(request_, sent(), lambda: "it", done)

    assert (answer.status_code, answer.content) == (200, b"saved it")


@pytest.mark.parametrize("form", [GroupForm(), GroupForm({"name": ""})])
def test_without_a_valid_form_nothing_is_done(request_, form):
    assert submit(request_, form, breaking(AssertionError), done) is None


@pytest.mark.parametrize(
    ("field", "place"),
    [("acronym", "acronym"), ("title", "name"), ("elsewhere", "__all__"), (None, "__all__")],
)
def test_a_broken_rule_stands_beside_its_field(request_, field, place):
    form = sent()

    assert submit(request_, form, breaking(RuleBroken("Not so.", field=field)), done) is None
    assert form.errors == {place: ["Not so."]}


class StepOver(RuleBroken):
    """No form is left to show."""


@pytest.mark.parametrize(
    "error",
    [
        NotAllowed("No."),
        OutOfReach("Away."),
        TooManyAttempts("Wait.", seconds=9),
        StepOver("Over."),
        ValueError("a fault"),
    ],
)
def test_what_leaves_no_form_to_show_is_raised(request_, error):
    with pytest.raises(type(error)):
        submit(request_, sent(), breaking(error), done, gone=(StepOver,))


def test_the_second_of_two_editors_gets_both_versions(request_, group):
    stale = Stale("Meanwhile.", current=group)
    form = sent(name="Mine", version="1")

    answer = submit(
        request_,
        form,
        breaking(stale),
        done,
        edited=EditedObject("This group", lambda now: {"name": f"{now.acronym}, theirs"}),
    )

    page = answer.content.decode()
    assert (answer.status_code, "This group" in page) == (409, True)
    assert ("Mine" in page, f"{group.acronym}, theirs" in page) == (True, True)
    with pytest.raises(Stale):
        submit(request_, form, breaking(stale), done)


def test_a_button_acts_on_what_its_page_showed(request_, group):
    shown = GroupForm(initial={"name": "Before", "version": 3}, prefix="seen")
    form = GroupForm(data(**dict(shown_fields(shown))), prefix="seen")
    edited = EditedObject("This group", lambda now: {"name": now.name, "acronym": "", "version": 4})

    def refuse(version):
        raise Stale("Meanwhile.", current=group)

    acted = press_button(request_, form, lambda version: version, done, edited=edited, verb="Close")
    refused = press_button(request_, form, refuse, done, edited=edited, verb="Close it now")

    assert acted.content == b"saved 3"
    assert (refused.status_code, "Close it now" in refused.content.decode()) == (409, True)

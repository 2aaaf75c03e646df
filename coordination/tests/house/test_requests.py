"""That the watch over the queries of a request is on."""

import pytest
from django.conf import settings
from django.forms import Form, ModelChoiceField
from django.utils.module_loading import import_string
from zeal import NPlusOneError

from coordination.meetings.models import AgendaItem
from coordination.meetings.tests.factories import MeetingFactory
from coordination.members.models import Agency


def leads(rows):
    """Return a view that names who leads each item of the agenda."""
    return lambda request: [str(item.lead) for item in rows]


@pytest.fixture
def watch():
    return import_string(settings.MIDDLEWARE[0])


def test_a_request_that_asks_again_for_each_row_fails(watch, rf, unfpa, ohchr):
    for position, agency in enumerate((unfpa, ohchr), 1):
        AgendaItem.objects.create(
            meeting=MeetingFactory(), position=position, title="The statement", lead=agency
        )

    with pytest.raises(NPlusOneError, match=r"N\+1 detected on meetings\.AgendaItem\.lead"):
        watch(leads(AgendaItem.objects.all()))(rf.get("/"))

    assert watch(leads(AgendaItem.objects.select_related("lead")))(rf.get("/")) == [
        "UNFPA",
        "OHCHR",
    ]


def test_a_request_that_gets_each_row_by_itself_fails(watch, rf, unfpa, ohchr):
    with pytest.raises(NPlusOneError, match=r"N\+1 detected on members\.Agency\.get\(\)"):
        watch(lambda request: [Agency.objects.get(pk=key) for key in (unfpa.pk, ohchr.pk)])(
            rf.get("/")
        )


def test_fields_of_a_form_look_each_for_their_own_record(watch, rf, unfpa, ohchr):
    class Pair(Form):
        first = ModelChoiceField(Agency.objects.all())
        second = ModelChoiceField(Agency.objects.all())

    def chosen(request):
        form = Pair(request.GET)
        return form.is_valid() and form.cleaned_data

    assert watch(chosen)(rf.get("/", {"first": unfpa.pk, "second": ohchr.pk})) == {
        "first": unfpa,
        "second": ohchr,
    }

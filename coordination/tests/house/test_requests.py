"""That the watch over the queries of a request is on."""

import pytest
from django.conf import settings
from django.utils.module_loading import import_string
from zeal import NPlusOneError

from coordination.meetings.models import AgendaItem
from coordination.meetings.tests.factories import MeetingFactory


def leads(rows):
    """Return a view that names who leads each item of the agenda."""
    return lambda request: [str(item.lead) for item in rows]


def test_a_request_that_asks_again_for_each_row_fails(rf, unfpa, ohchr):
    for position, agency in enumerate((unfpa, ohchr), 1):
        AgendaItem.objects.create(meeting=MeetingFactory(), position=position, title="The statement", lead=agency)
    watch = import_string(settings.MIDDLEWARE[0])

    with pytest.raises(NPlusOneError, match=r"N\+1 detected on meetings\.AgendaItem\.lead"):
        watch(leads(AgendaItem.objects.all()))(rf.get("/"))

    assert watch(leads(AgendaItem.objects.select_related("lead")))(rf.get("/")) == ["UNFPA", "OHCHR"]

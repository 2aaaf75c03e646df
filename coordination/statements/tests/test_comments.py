"""What agencies say to each other about paragraphs and amendments."""

import pytest

from coordination.core.errors import NotAllowed
from coordination.statements import actions, due, queries
from coordination.statements.enums import StatementState
from coordination.statements.errors import CommentWithdrawn, NotOnThisText, ReasonMissing, WrongState
from coordination.statements.models import Comment
from coordination.statements.tests.factories import AmendmentFactory, circulated, drafted
from coordination.statements.tests.pages import url
from coordination.statements.tests.test_mails import mail
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "terms")]
B3 = actions.About("b3")


@pytest.fixture
def draft(unfpa, ohchr):
    return circulated()


def say(draft, agency, by, text="Is that the word of 2010?", about=B3, at=NOW):
    return actions.comment(draft.statement, about, text, agency=agency, by=by, at=at)


def test_it_is_kept_with_who_said_it_and_whom_it_mentions(draft, unfpa, ohchr, who, focal_point):
    said = say(draft, unfpa, focal_point, " Ask @ohchr, and @WHO; not x@whoever. ")

    assert (said.key, said.agency, said.author, said.said_at) == ("b3", unfpa, focal_point, NOW)
    assert said.text == "Ask @ohchr, and @WHO; not x@whoever."
    assert sorted(agency.acronym for agency in said.mentions.all()) == ["OHCHR", "WHO"]


def test_what_cannot_be_said(draft, unfpa, ohchr, focal_point, other_agency):
    elsewhere = AmendmentFactory(block=circulated().blocks.get(key="b3"))
    for error, act in (
        (ReasonMissing, lambda: say(draft, unfpa, focal_point, " ")),
        (NotOnThisText, lambda: say(draft, unfpa, focal_point, about=actions.About("b9"))),
        (NotOnThisText, lambda: say(draft, unfpa, focal_point, about=actions.About("b3", elsewhere))),
        (NotAllowed, lambda: say(draft, unfpa, other_agency)),
        (WrongState, lambda: say(drafted().statement.drafts.get(), unfpa, focal_point)),
        (WrongState, lambda: say(circulated(StatementState.WITHDRAWN), unfpa, focal_point)),
    ):
        with pytest.raises(error):
            act()
    assert Comment.objects.count() == 0


def test_ones_agency_takes_it_back_and_that_it_was_said_stays(draft, unfpa, focal_point, colleague, other_agency, of_unfpa):
    said = say(draft, unfpa, focal_point)
    with pytest.raises(NotAllowed):
        actions.withdraw_comment(said, by=other_agency, at=NOW)

    actions.withdraw_comment(said, by=colleague, at=NOW)

    with pytest.raises(CommentWithdrawn):
        actions.withdraw_comment(said, by=colleague, at=NOW)
    page = of_unfpa.get(url("discuss", draft)).content.decode()
    assert ("withdrew this comment" in page, "the word of 2010" in page) == (True, False)


def test_who_is_mentioned_and_whose_amendment_it_is_are_told(draft, unfpa, ohchr, focal_point, other_agency, incoming_chair, chair, group):
    amendment = AmendmentFactory(block=draft.blocks.get(key="b3"), agency=ohchr)
    say(draft, unfpa, focal_point, "Nobody in particular.")
    say(draft, unfpa, focal_point, "Could @WHO and @UNFPA live with this?", actions.About("b3", amendment))

    told = list(due.mentions(NOW))

    assert sorted(item.person_id for item in told) == sorted([other_agency.pk, incoming_chair.pk])
    subject, text, html = mail(told[0], group)
    assert subject == f"Answer UNFPA’s comment: {draft.statement}"
    assert "Nadia Ferreira (UNFPA) says about" in text
    assert "live with this?" in html
    assert told[0].url.endswith(f"?about=a{amendment.pk}#t-a{amendment.pk}")


def test_an_email_address_mentions_nobody(who, unfpa):
    assert queries.mentioned("Ask ruth@who.int, or nadia@unfpa.", NOW.date()) == []
    assert queries.mentioned("(@who, or @UNFPA)", NOW.date()) == [unfpa, who]


def test_the_page_of_the_discussion(draft, unfpa, ohchr, of_unfpa, signed_in, other_agency, administrator, client):
    path = url("discuss", draft)
    amendment = AmendmentFactory(block=draft.blocks.get(key="b3"), agency=ohchr)
    assert "Nothing has been said yet" in of_unfpa.get(path).content.decode()
    assert f"{path}?about=b3#t-b3" in of_unfpa.get(url("show", draft)).content.decode()

    assert of_unfpa.post(path, {"about": "b3", "agency": unfpa.pk, "text": " "}).status_code == 422
    sent = of_unfpa.post(path, {"about": "b3", "agency": unfpa.pk, "text": "Why <all>?"})
    assert sent["Location"] == f"{path}#t-b3"
    of_unfpa.post(path, {"about": f"a{amendment.pk}", "agency": unfpa.pk, "text": "And this?"})

    assert [(each.text, each.amendment) for each in Comment.objects.all()] == [("Why <all>?", None), ("And this?", amendment)]
    page = signed_in(other_agency).get(path).content.decode()
    assert ("Why &lt;all&gt;?" in page, "OP 1: amendment 1, OHCHR" in page, "Withdraw" in page) == (True, True, False)
    assert "2 comments" in of_unfpa.get(url("show", draft)).content.decode()
    said = Comment.objects.first()
    assert signed_in(other_agency).post(url("withdraw_comment", draft, said.pk)).status_code == 403
    assert of_unfpa.post(url("withdraw_comment", draft, said.pk)).status_code == 302
    assert client.get(path).status_code == 302
    assert signed_in(administrator).post(path, {"about": "b3", "text": "Hello"}).status_code == 403
    assert of_unfpa.get(f"{path}?about=nowhere").status_code == 200


def test_threads_stand_in_the_order_of_the_text(draft, unfpa, focal_point):
    for key in ("b4", "b2"):
        say(draft, unfpa, focal_point, about=actions.About(key))

    threads = queries.threads(draft.statement, queries.amendments_by_block(draft), "b3")

    assert [(thread.view.block.key, len(thread.said)) for thread in threads] == [("b2", 1), ("b3", 0), ("b4", 1)]

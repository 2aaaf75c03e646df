"""What agencies say to each other about paragraphs and amendments."""

import pytest

from coordination.core.errors import NotAllowed
from coordination.statements.actions import comments, drafts, settlements
from coordination.statements.actions.amendments import close_amendments, withdraw_amendment
from coordination.statements.actions.comments import CommentSubject
from coordination.statements.due import comments as comments_due
from coordination.statements.enums import AmendmentState, StatementState
from coordination.statements.errors import (
    CommentWithdrawn,
    NotMentioned,
    NotOnThisText,
    ReasonMissing,
    WrongState,
)
from coordination.statements.models import Comment, Statement
from coordination.statements.queries import comments as comments_queries
from coordination.statements.queries.comments import mentioned_agencies
from coordination.statements.queries.drafts import latest_draft
from coordination.statements.queries.paragraphs import block_views
from coordination.statements.tests.factories import DEADLINE, AmendmentFactory, circulated, drafted
from coordination.statements.tests.pages import url
from coordination.statements.tests.test_mails import mail
from coordination.statements.views.comments import LAST
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "terms")]
B3 = CommentSubject("b3")


@pytest.fixture
def draft(unfpa, ohchr):
    return circulated()


def say(draft, agency, by, text="Is that the word of 2010?", about=B3, at=NOW):
    return comments.add_comment(draft.statement, about, text, agency=agency, by=by, at=at)


def test_it_is_kept_with_who_said_it_and_whom_it_mentions(draft, unfpa, ohchr, who, focal_point):
    comment = say(draft, unfpa, focal_point, " Ask @ohchr, and @WHO; not x@whoever. ")

    assert (comment.key, comment.agency, comment.author, comment.said_at) == (
        "b3",
        unfpa,
        focal_point,
        NOW,
    )
    assert comment.text == "Ask @ohchr, and @WHO; not x@whoever."
    assert sorted(agency.acronym for agency in comment.mentions.all()) == ["OHCHR", "WHO"]


def test_what_cannot_be_said(draft, unfpa, ohchr, focal_point, other_agency):
    elsewhere = AmendmentFactory(block=circulated().blocks.get(key="b3"))
    gone = AmendmentFactory(block=draft.blocks.get(key="b3"), state=AmendmentState.WITHDRAWN)
    for error, act in (
        (ReasonMissing, lambda: say(draft, unfpa, focal_point, " ")),
        (NotOnThisText, lambda: say(draft, unfpa, focal_point, about=CommentSubject("b9"))),
        (
            NotOnThisText,
            lambda: say(draft, unfpa, focal_point, about=CommentSubject("b3", elsewhere)),
        ),
        (NotOnThisText, lambda: say(draft, unfpa, focal_point, about=CommentSubject("b3", gone))),
        (NotAllowed, lambda: say(draft, unfpa, other_agency)),
        (WrongState, lambda: say(drafted().statement.drafts.get(), unfpa, focal_point)),
        (WrongState, lambda: say(circulated(StatementState.WITHDRAWN), unfpa, focal_point)),
    ):
        with pytest.raises(error):
            act()
    assert Comment.objects.count() == 0


def test_ones_agency_takes_it_back_and_that_it_was_said_stays(
    draft, unfpa, focal_point, colleague, other_agency, of_unfpa
):
    comment = say(draft, unfpa, focal_point)
    with pytest.raises(NotAllowed):
        comments.withdraw_comment(comment, by=other_agency, at=NOW)

    comments.withdraw_comment(comment, by=colleague, at=NOW)

    with pytest.raises(CommentWithdrawn):
        comments.withdraw_comment(comment, by=colleague, at=NOW)
    page = of_unfpa.get(url("discuss", draft)).content.decode()
    assert ("withdrew this comment" in page, "the word of 2010" in page) == (True, False)


def test_who_is_mentioned_and_whose_amendment_it_is_are_told(
    draft, unfpa, ohchr, focal_point, other_agency, incoming_chair, chair, group
):
    amendment = AmendmentFactory(block=draft.blocks.get(key="b3"), agency=ohchr)
    say(draft, unfpa, focal_point, "Nobody in particular.")
    say(
        draft,
        unfpa,
        focal_point,
        "Could @WHO and @UNFPA live with this?",
        CommentSubject("b3", amendment),
    )

    mails = list(comments_due.mentions(NOW))

    assert sorted(item.person_id for item in mails) == sorted([other_agency.pk, incoming_chair.pk])
    subject, text, html = mail(mails[0], group)
    assert subject == f"Answer UNFPA’s comment: {draft.statement}"
    assert "Nadia Ferreira (UNFPA) says about" in text
    assert "live with this?" in html
    assert mails[0].url.endswith(f"?about=a{amendment.pk}#t-a{amendment.pk}")


def test_an_email_address_mentions_nobody(who, unfpa):
    assert mentioned_agencies("Ask ruth@who.int, or nadia@unfpa.", NOW.date()) == []
    assert mentioned_agencies("(@who, or @UNFPA)", NOW.date()) == [unfpa, who]


def test_the_page_of_the_discussion(
    draft, unfpa, ohchr, of_unfpa, signed_in, other_agency, administrator, client
):
    path = url("discuss", draft)
    amendment = AmendmentFactory(block=draft.blocks.get(key="b3"), agency=ohchr)
    assert "Nothing has been said yet" in of_unfpa.get(path).content.decode()
    assert f"{path}?about=b3#t-b3" in of_unfpa.get(url("show", draft)).content.decode()

    assert of_unfpa.post(path, {"about": "b3", "agency": unfpa.pk, "text": " "}).status_code == 422
    sent = of_unfpa.post(path, {"about": "b3", "agency": unfpa.pk, "text": "Why <all>?"})
    assert sent["Location"] == f"{path}#t-b3"
    of_unfpa.post(path, {"about": f"a{amendment.pk}", "agency": unfpa.pk, "text": "And this?"})

    assert [(each.text, each.amendment) for each in Comment.objects.all()] == [
        ("Why <all>?", None),
        ("And this?", amendment),
    ]
    page = signed_in(other_agency).get(path).content.decode()
    assert ("Why &lt;all&gt;?" in page, "OP 1: amendment 1, OHCHR" in page, "Withdraw" in page) == (
        True,
        True,
        False,
    )
    assert "2 comments" in of_unfpa.get(url("show", draft)).content.decode()
    comment = Comment.objects.first()
    assert (
        signed_in(other_agency).post(url("withdraw_comment", draft, comment.pk)).status_code == 403
    )
    assert of_unfpa.post(url("withdraw_comment", draft, comment.pk)).status_code == 302
    assert client.get(path).status_code == 302
    assert signed_in(administrator).post(path, {"about": "b3", "text": "Hello"}).status_code == 403
    assert of_unfpa.get(f"{path}?about=nowhere").status_code == 200


def mentioned_on_desk(*agencies):
    return [
        (mention.comment.text, mention.agency.acronym)
        for mention in comments_queries.open_mentions(agencies)
    ]


def test_a_mention_stays_until_it_is_answered_in_its_thread(
    draft, unfpa, ohchr, focal_point, other_agency
):
    amendment = AmendmentFactory(block=draft.blocks.get(key="b3"), agency=ohchr)
    on_paragraph, on_amendment = CommentSubject("b3"), CommentSubject("b3", amendment)
    for place, text in ((on_paragraph, "@UNFPA first"), (on_amendment, "@UNFPA second")):
        say(draft, ohchr, other_agency, text, about=place)
    say(draft, unfpa, focal_point, "@UNFPA itself", about=CommentSubject("b2"))
    assert mentioned_on_desk(unfpa, ohchr) == [
        ("@UNFPA first", "UNFPA"),
        ("@UNFPA second", "UNFPA"),
    ]

    say(draft, unfpa, focal_point, "Here.", about=on_amendment)
    assert mentioned_on_desk(unfpa) == [("@UNFPA first", "UNFPA")]
    say(draft, unfpa, focal_point, "And here.", about=on_paragraph)
    assert mentioned_on_desk(unfpa) == []


def test_a_mention_is_on_the_desk_and_is_dismissed_with_history(
    draft, unfpa, ohchr, other_agency, of_unfpa, signed_in
):
    comment = say(draft, ohchr, other_agency, "@UNFPA, why?", about=CommentSubject("b3"))
    step = f'href="{url("discuss", draft)}#t-b3"'
    dismiss = url("dismiss_mention", draft, comment.pk)
    desk = of_unfpa.get("/desk/").content.decode()
    assert (step in desk, "Answer OHCHR, who mentions UNFPA" in desk) == (True, True)
    assert dismiss in of_unfpa.get(url("discuss", draft)).content.decode()
    other = signed_in(other_agency)
    assert dismiss not in other.get(url("discuss", draft)).content.decode()
    assert other.post(dismiss, {"agency": ohchr.pk}).status_code == 403

    for _twice in range(2):
        done = of_unfpa.post(dismiss, {"agency": unfpa.pk})
        assert done["Location"] == f"{url('discuss', draft)}#t-b3"

    assert step not in of_unfpa.get("/desk/").content.decode()
    assert dismiss not in of_unfpa.get(url("discuss", draft)).content.decode()
    page = other.get(url("history", draft)).content.decode()
    assert page.count("UNFPA need not answer") == 1
    with pytest.raises(NotMentioned):
        comments.dismiss_mention(comment, agency=ohchr, by=other_agency, at=NOW)


def test_what_mentions_nobody_cannot_be_dismissed(draft, unfpa, focal_point, of_unfpa):
    comment = say(draft, unfpa, focal_point, "So.", about=CommentSubject("b3"))

    assert of_unfpa.post(url("dismiss_mention", draft, comment.pk)).status_code == 404


def test_a_thread_leads_back_to_its_paragraph_or_amendment(draft, unfpa, ohchr, of_unfpa):
    path, text = url("discuss", draft), url("show", draft)
    amendment = AmendmentFactory(block=draft.blocks.get(key="b3"), agency=ohchr)
    for about in ("b4", f"a{amendment.pk}"):
        of_unfpa.post(path, {"about": about, "agency": unfpa.pk, "text": "Why?"})

    page = of_unfpa.get(path).content.decode()

    assert page.count("Back to the text") == 2
    assert f'href="{text}?opened=b4#b4"' in page
    assert f'href="{text}?opened=b3#a{amendment.pk}"' in page


def test_threads_stand_in_the_order_of_the_text(draft, unfpa, focal_point):
    for key in ("b4", "b2"):
        say(draft, unfpa, focal_point, about=CommentSubject(key))

    threads = comments_queries.threads(draft.statement, block_views(draft), "b3")

    assert [(thread.view.block.key, len(thread.comments)) for thread in threads] == [
        ("b2", 1),
        ("b3", 0),
        ("b4", 1),
    ]


def test_the_page_shows_the_last_comments_of_a_thread_and_all_on_demand(
    draft, unfpa, focal_point, of_unfpa
):
    words = [f"Comment number {n} of all." for n in range(LAST + 3)]
    for text in words:
        say(draft, unfpa, focal_point, text, about=CommentSubject("b3"))
    say(draft, unfpa, focal_point, about=CommentSubject("b4"))
    path = url("discuss", draft)

    page, whole = (of_unfpa.get(each).content.decode() for each in (path, f"{path}?whole"))

    assert [text in page for text in words] == [False] * 3 + [True] * LAST
    assert [text in whole for text in words] == [True] * len(words)
    assert ('href="?whole#t-b3">Show the 3 earlier comments' in page, "earlier" in whole) == (
        True,
        False,
    )
    assert page.count("?whole") == 1


def heads(draft):
    draft = latest_draft(draft.statement)
    return [
        thread.title for thread in comments_queries.threads(draft.statement, block_views(draft))
    ]


def test_what_was_said_of_an_amendment_stays_when_it_is_withdrawn(
    draft, unfpa, ohchr, other_agency, focal_point, of_unfpa
):
    amendment = AmendmentFactory(block=draft.blocks.get(key="b3"), agency=ohchr)
    say(draft, unfpa, focal_point, about=CommentSubject("b3", amendment))

    withdraw_amendment(amendment, version=1, by=other_agency, at=NOW)

    assert heads(draft) == ["OP 1: amendment 1 to draft 1, OHCHR (withdrawn)"]
    page = of_unfpa.get(f"{url('discuss', draft)}?about=a{amendment.pk}").content.decode()
    assert (
        f'id="t-a{amendment.pk}"' in page,
        "the word of 2010?" in page,
        "Nothing has been said" in page,
    ) == (True, True, False)
    assert ("?about=b3#t-b3" in page, f"?about=a{amendment.pk}#" in page) == (True, False)


def test_what_was_said_stays_when_the_next_draft_is_issued(
    draft, unfpa, ohchr, focal_point, chair, of_unfpa
):
    changed, dropped = draft.blocks.get(key="b3"), draft.blocks.get(key="b4")
    amendments = [
        AmendmentFactory(block=changed, agency=ohchr),
        AmendmentFactory(block=dropped, agency=ohchr, kind="delete", proposed_text=""),
    ]
    for block, amendment in zip((changed, dropped), amendments, strict=True):
        say(draft, unfpa, focal_point, about=CommentSubject(block.key, amendment))
        say(draft, unfpa, focal_point, about=CommentSubject(block.key))
    close_amendments(draft.statement, by=chair, at=NOW)
    for amendment in amendments:
        settlements.take(amendment, version=1, by=chair, at=NOW)

    drafts.issue_draft(
        draft.statement, to=StatementState.AMENDMENTS, deadline=DEADLINE, by=chair, at=NOW
    )

    assert heads(draft) == [
        "OP 1",
        "OP 1: amendment 1 to draft 1, OHCHR (taken)",
        "OP 2 of draft 1",
        "OP 2 of draft 1: amendment 2 to draft 1, OHCHR (taken)",
    ]
    page = of_unfpa.get(url("discuss", draft)).content.decode()
    assert page.count("the word of 2010?") == 4
    removed = page[page.index('id="removed"') :]
    assert (
        'id="t-b4"' in removed,
        f'id="t-a{amendments[1].pk}"' in removed,
        ">Comment" in removed,
    ) == (True, True, False)


def test_a_comment_on_what_went_meanwhile_is_given_back(
    draft, unfpa, ohchr, other_agency, of_unfpa
):
    amendment = AmendmentFactory(block=draft.blocks.get(key="b3"), agency=ohchr)
    withdraw_amendment(amendment, version=1, by=other_agency, at=NOW)

    for text, about in (
        ("Could we say “all migrants”?", f"a{amendment.pk}"),
        ("Could we say it shorter?", "b9"),
    ):
        answer = of_unfpa.post(
            url("discuss", draft), {"about": about, "agency": unfpa.pk, "text": text}
        )

        assert answer.status_code == 422
        page = answer.content.decode()
        assert ("was withdrawn, or is no longer in the newest draft" in page, text in page) == (
            True,
            True,
        )
    assert Comment.objects.count() == 0


def test_what_was_said_can_be_read_after_the_adoption_and_nothing_added(
    draft, unfpa, focal_point, signed_in
):
    comment = say(draft, unfpa, focal_point)
    Statement.objects.filter(pk=draft.statement_id).update(
        state=StatementState.ADOPTED, adopted_at=NOW
    )
    client = signed_in(focal_point)

    page = client.get(url("discuss", draft))
    late = client.post(
        url("discuss", draft),
        {"about": "b3", "text": "One word more, if I may.", "agency": unfpa.pk},
    )

    assert url("discuss", draft) in client.get(url("show", draft)).text
    assert comment.text in page.text
    assert "?about=" not in page.text
    assert late.status_code == 422
    assert "One word more, if I may." in late.text
    assert Comment.objects.count() == 1


def test_an_adopted_statement_of_which_nothing_was_said_has_no_discussion(
    draft, focal_point, signed_in
):
    Statement.objects.filter(pk=draft.statement_id).update(
        state=StatementState.ADOPTED, adopted_at=NOW
    )

    assert url("discuss", draft) not in signed_in(focal_point).get(url("show", draft)).text

"""What the forms of the pages do, and what happens to a lost race."""

from datetime import timedelta

import pytest

from coordination.meetings.models import Meeting
from coordination.statements.enums import StatementState, StepLevel
from coordination.statements.models import Block, Position, Statement
from coordination.statements.tests.factories import (
    DEADLINE,
    TEXT,
    AmendmentFactory,
    ClearanceStepFactory,
    circulated,
    drafted,
    in_clearance,
    unfrozen,
)
from coordination.statements.tests.pages import LATER, form_of, url
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def start(browser, **fields):
    """Send the page on which a statement is started."""
    return browser.post("/statements/start/", form_of(browser.get("/statements/start/"), **fields))


# the chair's acts


def test_acts_of_the_chair_are_refused_to_others_with_who_may(of_unfpa):
    draft = circulated(StatementState.CONSOLIDATION)
    pk = AmendmentFactory(block=draft.blocks.get(key="b3")).pk

    gets = [
        url(name, draft) for name in ("paste", "circulate", "consolidate", "issue", "open_step")
    ]
    gets += [url("act", draft, act) for act in ("close", "return", "adopt", "release", "withdraw")]
    gets += [
        url("edit_block", draft, "b3"),
        url("adapt", draft, "b3"),
        url("decline", draft, pk),
        "/statements/start/",
    ]
    posts = [
        url("remove_block", draft, "b3"),
        url("take", draft, pk),
        url("reopen", draft, pk),
        url("unsettle", draft, "b3"),
    ]
    for answer in [
        *(of_unfpa.get(path) for path in gets),
        *(of_unfpa.post(path) for path in [*gets[:2], *gets[3:], *posts]),
    ]:
        assert answer.status_code == 403
        assert "The chair is UNESCO until 31 December 2026." in answer.content.decode()


def test_pages_of_the_chairs_acts_link_to_the_statement_for_good(of_chair):
    """Nobody else can open the page of the act, so its own address would be of no use to them."""
    drafting, ready, clearance_step = (
        drafted(),
        circulated(StatementState.CONSOLIDATION),
        in_clearance(),
    )
    adopted = circulated(StatementState.ADOPTED, adopted_at=NOW, adopted_sha256="f" * 64).statement
    acts = [
        (drafting.statement, url("add_block", drafting, "b2")),
        (drafting.statement, url("edit_block", drafting, "b2")),
        (drafting.statement, url("paste", drafting)),
        (drafting.statement, url("circulate", drafting)),
        (ready.statement, url("consolidate", ready)),
        (ready.statement, url("adapt", ready, "b3")),
        (ready.statement, url("issue", ready)),
        (adopted, url("plan_delivery", adopted)),
    ]

    for statement, act in acts:
        assert (
            f'<a href="{url("show", statement)}">Permanent link: '
            in of_chair.get(act).content.decode()
        ), act
    assert (
        f'<a href="{url("positions", clearance_step)}">Permanent link: '
        in of_chair.get(url("record_letter", clearance_step)).content.decode()
    )
    assert (
        f'<a href="{url("history", ready)}">Permanent link: '
        in of_chair.get(url("history", ready)).content.decode()
    )


def test_anonymous_is_asked_to_sign_in(client):
    draft = circulated()

    for path in (
        "/statements/start/",
        url("positions", draft),
        url("amend", draft, "b3"),
        url("consolidate", draft),
    ):
        assert client.get(path)["Location"].startswith("/accounts/login/")


def test_a_form_of_the_chair_sent_after_midnight_is_judged_by_the_new_day(signed_in, chair, now):
    draft = circulated(StatementState.CONSOLIDATION)
    amendment = AmendmentFactory(block=draft.blocks.get(key="b3"))
    now.move_to("2026-12-31T22:59:30+00:00")
    of_chair = signed_in(chair)
    assert of_chair.get(url("decline", draft, amendment.pk)).status_code == 200
    now.move_to("2026-12-31T23:00:30+00:00")

    answer = of_chair.post(
        url("decline", draft, amendment.pk), {"reason": "A long and careful reason.", "version": 1}
    )

    assert answer.status_code == 403
    page = answer.content.decode()
    assert "The chair passed from UNESCO to WHO on 1 January 2027, 00:00 Geneva." in page
    assert "A long and careful reason." in page
    amendment.refresh_from_db()
    assert amendment.state == "open"


def test_start_keeps_the_text_when_something_is_missing(of_chair):
    answer = start(of_chair, title="", text=TEXT)

    assert answer.status_code == 422
    assert "Call upon States to ensure" in answer.content.decode()
    answer = start(of_chair, title="No words", text="\u200b")
    assert "this has no words" in answer.content.decode()


def test_start_offers_the_meetings_to_come(of_chair):
    Meeting.objects.create(slug="past", title="Past", starts_at=NOW - timedelta(days=1))
    ahead = Meeting.objects.create(slug="ahead", title="Ahead", starts_at=NOW + timedelta(days=9))

    assert list(of_chair.get("/statements/start/").context["form"].fields["meeting"].queryset) == [
        ahead
    ]
    start(of_chair, title="For a meeting", text=TEXT, meeting=ahead.pk)
    assert Statement.objects.get().meeting == ahead


def test_a_paragraph_is_added_in_preparation(of_chair):
    draft = drafted()
    assert url("add_block", draft, "b2") in of_chair.get(url("show", draft)).content.decode()

    page = of_chair.get(url("add_block", draft, "b2"))
    assert (
        of_chair.post(url("add_block", draft, "b2"), form_of(page, text="\u200b")).status_code
        == 422
    )
    answer = of_chair.post(url("add_block", draft, "b2"), form_of(page, text="New one."))

    assert answer["Location"] == url("show", draft) + "#b5"
    assert [block.kind for block in draft.blocks.order_by("position")] == [
        "title",
        "preambular",
        "preambular",
        "operative",
        "operative",
    ]


def test_edit_remove_and_replace_in_preparation(of_chair):
    draft = drafted()

    page = of_chair.get(url("edit_block", draft, "b2")).content.decode()
    piece = of_chair.get(
        url("edit_block", draft, "b2"), headers={"HX-Request": "true"}
    ).content.decode()
    assert ('<h2 id="remove-b2-title">' in page, '<h4 id="remove-b2-title">' in piece) == (
        True,
        True,
    )
    assert f'action="{url("remove_block", draft, "b2")}"' in page
    assert '<input type="hidden" name="version" value="1">' in page
    answer = of_chair.post(
        url("edit_block", draft, "b2"), {"text": "Noting.", "kind": "body", "version": 1}
    )
    assert answer["Location"] == url("show", draft) + "?opened=b2#b2"
    assert (
        of_chair.post(
            url("edit_block", draft, "b2"), {"text": " ", "kind": "body", "version": 2}
        ).status_code
        == 422
    )
    assert (
        of_chair.post(
            url("edit_block", draft, "b2"), {"text": "\u200b", "kind": "body", "version": 2}
        ).status_code
        == 422
    )
    assert of_chair.post(url("remove_block", draft, "b2"), {"version": 2}).status_code == 302
    assert of_chair.post(url("remove_block", draft, "b3")).status_code == 409
    assert of_chair.get(url("paste", draft)).status_code == 200
    assert of_chair.post(url("paste", draft), {"text": "\u200b", "version": 1}).status_code == 422
    assert of_chair.post(url("paste", draft), {"text": "All new.", "version": 1}).status_code == 302
    assert list(Block.objects.values_list("text", flat=True)) == ["All new."]


def test_two_edit_one_paragraph_and_the_second_sees_both(of_chair):
    draft = drafted()
    of_chair.post(url("edit_block", draft, "b2"), {"text": "First.", "kind": "body", "version": 1})

    answer = of_chair.post(
        url("edit_block", draft, "b2"), {"text": "Second.", "kind": "body", "version": 1}
    )

    assert answer.status_code == 409
    assert "First." in answer.content.decode()
    assert "Second." in answer.content.decode()


@pytest.mark.parametrize(
    "deadline", ["", "2020-01-01T10:00", "0001-01-01T00:00", "9999-12-31T23:59", "never"]
)
def test_circulate_asks_for_a_deadline_ahead(of_chair, deadline):
    draft = drafted()

    assert of_chair.get(url("circulate", draft)).status_code == 200
    assert of_chair.post(url("circulate", draft), {"deadline": deadline}).status_code == 422
    assert of_chair.post(url("circulate", draft), {"deadline": LATER}).status_code == 302


def test_the_deadline_is_meant_in_the_readers_zone(of_chair):
    draft = drafted()

    of_chair.post(url("circulate", draft), {"deadline": "2026-11-30T18:00"})

    assert Statement.objects.get().amendments_until == DEADLINE


def test_confirm_pages_say_what_they_do_and_refuse_with_a_sentence(of_chair):
    step = in_clearance()
    for act in ("close", "return", "adopt", "release", "withdraw"):
        assert of_chair.get(url("act", step, act)).status_code == 200
    assert of_chair.get(url("act", step, "explode")).status_code == 404
    assert (
        "the statement is at “clearance”"
        in of_chair.post(url("act", step, "close")).content.decode()
    )
    assert (
        "Not every step of clearance has been opened"
        in of_chair.post(url("act", step, "adopt")).content.decode()
    )
    assert of_chair.post(url("act", step, "withdraw"), {"reason": ""}).status_code == 422
    answer = of_chair.post(url("act", step, "withdraw"), {"reason": "Cancelled."})
    assert answer["Location"] == url("show", step)
    assert "This statement was withdrawn" in of_chair.get(url("show", step)).content.decode()


def test_open_step_refuses_with_what_is_missing(of_chair):
    step = in_clearance()

    assert of_chair.get(url("open_step", step)).status_code == 200
    assert (
        "Waiting for UNESCO"
        in of_chair.post(url("open_step", step), {"deadline": LATER}).content.decode()
    )


def next_act(browser, path):
    """Return the words of the act that the bar calls for, and check that it is the only one."""
    acts = [link.label for link in browser.get(path).context["bar"].links if link.main]
    assert len(acts) <= 1
    return next(iter(acts), None)


def test_the_chair_sees_what_comes_next(of_chair, unfpa, unesco, ohchr, terms, focal_point):
    step = in_clearance()
    path = url("positions", step)
    assert next_act(of_chair, path) == "Take a position"
    for agency in (unfpa, unesco, ohchr):
        Position.objects.create(
            step=step, agency=agency, person=focal_point, kind="approve", sha256="", taken_at=NOW
        )
    who = terms[1].agencies.get()
    Position.objects.create(
        step=step,
        agency=who,
        person=focal_point,
        kind="object",
        sha256="",
        reason="No.",
        taken_at=NOW,
    )

    assert (
        next_act(of_chair, path)
        == next_act(of_chair, url("show", step))
        == "Return to consolidation"
    )
    Position.objects.create(
        step=step, agency=who, person=focal_point, kind="approve", sha256="", taken_at=NOW
    )
    assert (
        next_act(of_chair, path)
        == next_act(of_chair, url("show", step))
        == "Open principals’ approval"
    )
    step.closed_at = NOW
    step.save()
    last = ClearanceStepFactory(draft=step.draft, level=StepLevel.PRINCIPALS, position=2)
    for agency in (unfpa, unesco, ohchr, who):
        Position.objects.create(
            step=last, agency=agency, person=focal_point, kind="approve", sha256="", taken_at=NOW
        )
    assert (
        next_act(of_chair, path) == next_act(of_chair, url("show", step)) == "Adopt the statement"
    )


def test_bars_say_where_a_statement_stands(
    of_unfpa, signed_in, chair, focal_point, administrator, now
):
    adopted = circulated(StatementState.ADOPTED, adopted_at=NOW)
    assert (
        "Adopted, and not public yet"
        in of_unfpa.get(url("history", adopted)).content.decode()
        + of_unfpa.get(url("show", adopted)).content.decode()
    )
    closed = circulated()
    assert [
        link.label
        for link in signed_in(administrator).get(url("show", closed)).context["bar"].links
    ] == []
    now.move_to(DEADLINE)
    # the sessions of before have ended
    of_unfpa, of_chair = signed_in(focal_point), signed_in(chair)
    assert "the chair consolidates next" in of_unfpa.get(url("show", closed)).content.decode()
    assert [link.label for link in of_chair.get(url("show", closed)).context["bar"].links] == [
        "Begin consolidation",
        "More time",
        "Withdraw the statement",
    ]
    step = ClearanceStepFactory(draft=circulated(StatementState.CLEARANCE), closed_at=NOW)
    assert of_unfpa.get(url("show", step)).context["bar"].deadline is None


def test_compare_takes_any_address(of_unfpa):
    draft = circulated()

    for query in ("", "?from=1&to=1", "?from=x&to=-1", "?from=²", "?from=99999999999&to=1"):
        assert of_unfpa.get(url("compare", draft) + query).status_code == 200
    assert of_unfpa.get(url("compare", draft) + "?from=7&to=1").status_code == 404


def test_more_time_for_amendments_on_a_page(of_chair, of_unfpa):
    draft = circulated()
    path = url("reopen_amendments", draft)
    assert of_unfpa.get(path).status_code == 403
    assert path in of_chair.get(url("show", draft)).content.decode()

    assert of_chair.post(path, {"deadline": "2020-01-01T10:00"}).status_code == 422
    answer = of_chair.post(path, {"deadline": LATER}, follow=True)

    assert "Amendments are open until the new deadline" in answer.content.decode()
    assert Statement.objects.get().amendments_until.isoformat()[:10] == LATER[:10]


def test_a_statement_begins_from_the_text_of_an_earlier_one(of_chair):
    earlier = circulated(
        StatementState.ADOPTED, title="Transit 2025", adopted_at=NOW, adopted_sha256="f" * 64
    )
    with unfrozen():
        Block.objects.filter(key="b2").update(kind="body")
    assert f"?from={earlier.statement.slug}" in of_chair.get("/statements/start/").content.decode()

    page = of_chair.get(f"/statements/start/?from={earlier.statement.slug}")

    assert "The text below is that of “Transit 2025”" in page.content.decode()
    of_chair.post(
        f"/statements/start/?from={earlier.statement.slug}", form_of(page, title="Transit 2026")
    )
    texts = [
        list(Block.objects.filter(draft__statement__title=title).values_list("kind", "text"))
        for title in ("Transit 2025", "Transit 2026")
    ]
    assert texts[0] == texts[1]
    assert of_chair.get("/statements/start/?from=nowhere").context["form"]["text"].value() is None

"""A Word file comes back: what people see of it, what becomes of it, who may do what."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from coordination.core.tests import files
from coordination.core.tests.pages import text_of
from coordination.members.tests.factories import PersonFactory
from coordination.statements.enums import AmendmentKind, WordFileState
from coordination.statements.models import Amendment, WordAuthor, WordFile
from coordination.statements.tests.factories import (
    CARE,
    AmendmentFactory,
    BlockFactory,
    DraftFactory,
    circulated,
    drafted,
    in_clearance,
)
from coordination.statements.tests.pages import form_of, url
from coordination.statements.tests.word_files import (
    dele,
    edited,
    ins,
    mark,
    of_draft,
    par,
    run,
    who,
    word,
)
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "terms")]
TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def send(client, draft, content: bytes, name: str = "UNFPA comments.docx", **data):
    path = url("send_word", draft)
    sent = {"file": SimpleUploadedFile(name, content, TYPE), **data}
    if "agency" not in sent:
        sent["agency"] = client.get(path).context["form"]["agency"].value()
    return client.post(path, sent)


def page_after(client, draft, content: bytes):
    answer = send(client, draft, content)
    assert answer.status_code == 302, text_of(answer)
    return client.get(answer["Location"])


def status(client, path) -> int:
    answer = client.get(path)
    if answer.streaming:
        answer.getvalue()  # read to its end, a file is closed
    return answer.status_code


def keep(client, page, *items, **fields):
    """Send the form of a review with some changes kept."""
    form = form_of(page)
    for name in [name for name in form if name.startswith("keep-")]:
        del form[name]
    form |= {f"keep-{item.id}": "on" for item in items} | fields
    return client.post(page.wsgi_request.path, form)


def test_tracked_changes_become_amendments_of_the_agency(of_unfpa, unfpa, draft, focal_point):
    content = of_draft(draft, {"b3": edited("Nadia R")}, par("Thanks all;"))

    page = page_after(of_unfpa, draft, content)

    received = WordFile.objects.get()
    assert (received.sha256, received.agency, received.draft, received.name) == (
        hashlib.sha256(content).hexdigest(),
        unfpa,
        draft,
        "UNFPA comments.docx",
    )
    tracked, untracked = page.context["review"].items
    assert (tracked.kind, tracked.text, tracked.is_untracked) == (
        "replace",
        CARE.replace("migrants", "all migrants"),
        False,
    )
    assert (untracked.kind, untracked.text, untracked.is_untracked) == (
        "insert",
        "Thanks all;",
        True,
    )
    assert Amendment.objects.count() == 0

    answer = keep(of_unfpa, page, tracked, untracked, reason="From our legal office.")

    assert answer.status_code == 302
    replaced, new = Amendment.objects.order_by("number")
    assert (replaced.block.key, replaced.kind, replaced.proposed_text, replaced.agency) == (
        "b3",
        AmendmentKind.REPLACE,
        tracked.text,
        unfpa,
    )
    assert (new.block.key, new.kind, new.rationale) == (
        "b4",
        AmendmentKind.INSERT,
        "From our legal office.",
    )
    assert {replaced.author, new.author} == {focal_point}
    assert {replaced.word_file, new.word_file} == {received}
    received.refresh_from_db()
    assert received.state == WordFileState.PROPOSED
    ended = of_unfpa.get(url("review_word", draft, received.pk))
    assert "Amendment 1" in text_of(ended)
    assert "From a Word file" in text_of(of_unfpa.get(url("show", draft)))
    assert of_unfpa.post(url("review_word", draft, received.pk), {}).status_code == 200
    assert Amendment.objects.count() == 2


def test_the_page_shows_each_change_and_what_is_not_proposed(of_unfpa, draft):
    blocks = of_draft(draft, {"b3": edited("Nadia R")})
    page = page_after(of_unfpa, draft, blocks)

    shown = text_of(page)
    assert "Nadia R" in shown
    assert "<ins>" in shown
    assert "Propose this" in shown
    assert "What is not proposed" not in shown


def test_a_changed_line_above_the_text_is_told(of_unfpa, draft):
    cover = par("Draft ", ins("Nadia R", "one"), style="CoverLine")
    content = word(cover, *[par(block.text) for block in draft.blocks.order_by("position")])

    page = page_after(of_unfpa, draft, content)

    assert page.context["review"].items == ()
    assert "1 changed line above or below the text is ignored." in text_of(page)


def test_nothing_ticked_or_no_reason_is_said_beside_the_form(of_unfpa, draft):
    page = page_after(of_unfpa, draft, of_draft(draft, {"b3": edited("Nadia R")}))

    nothing = keep(of_unfpa, page, reason="x")
    unreasoned = keep(of_unfpa, page, *page.context["review"].items)

    assert (nothing.status_code, unreasoned.status_code) == (422, 422)
    assert "Tick at least one change, or discard the file." in text_of(nothing)
    assert "Say in a sentence why; the chair and the others read it." in text_of(unreasoned)
    assert Amendment.objects.count() == 0


def test_all_changes_are_proposed_or_none(of_unfpa, draft):
    words = ins("Nadia R", "Also ") + run(draft.blocks.get(key="b2").text)
    content = of_draft(draft, {"b2": words, "b3": edited("Nadia R")})
    page = page_after(of_unfpa, draft, content)
    first, second = page.context["review"].items

    answer = keep(of_unfpa, page, first, second, **{f"reason-{first.id}": "Because."})

    assert (answer.status_code, Amendment.objects.count()) == (422, 0)


def test_tracked_and_untracked_words_of_a_paragraph_are_one_amendment(of_unfpa, draft):
    changed = run("Call upon all States to ensure that ") + ins("Nadia R", "young ")
    changed += run(CARE[len("Call upon States to ensure that ") :])
    page = page_after(of_unfpa, draft, of_draft(draft, {"b3": changed}))
    untracked, tracked = page.context["review"].items
    assert (untracked.is_untracked, tracked.is_untracked) == (True, False)

    keep(of_unfpa, page, untracked, tracked, reason="Ours.")

    assert Amendment.objects.get().proposed_text == CARE.replace(
        "upon States", "upon all States"
    ).replace("migrants", "young migrants")


def test_an_own_open_amendment_is_replaced_only_when_ticked(of_unfpa, unfpa, draft):
    block = draft.blocks.get(key="b3")
    own = AmendmentFactory(block=block, agency=unfpa, proposed_text="Other words;")
    page = page_after(of_unfpa, draft, of_draft(draft, {"b3": edited("Nadia R")}))
    (item,) = page.context["review"].items

    assert (item.existing, item.kept_at_first) == (own, False)
    assert "UNFPA already proposes other words here: amendment 1." in text_of(page)
    keep(of_unfpa, page, item)

    own.refresh_from_db()
    assert (own.proposed_text, own.rationale) == (item.text, "The words of 2010.")
    assert own.word_file == WordFile.objects.get()


def test_what_is_proposed_already_is_counted(of_unfpa, unfpa, draft):
    block = draft.blocks.get(key="b3")
    words = CARE.replace("migrants", "all migrants")
    AmendmentFactory(block=block, agency=unfpa, proposed_text=words)

    page = page_after(of_unfpa, draft, of_draft(draft, {"b3": edited("UNFPA")}))

    assert (page.context["review"].items, page.context["review"].known) == ((), 1)
    assert "1 change is proposed or in the draft already." in text_of(page)


def test_a_focal_point_cannot_propose_for_another_agency(of_unfpa, who, draft):
    page = page_after(of_unfpa, draft, of_draft(draft, {"b3": edited("WHO")}))
    review = page.context["review"]

    (other,) = review.others
    assert (review.items, other.agency, other.may_keep) == ((), who, False)
    assert "Left out: only that agency or the chair can propose it." in text_of(page)
    answer = keep(of_unfpa, page, other)
    assert (answer.status_code, Amendment.objects.count()) == (422, 0)


def test_the_chair_records_what_another_agency_sent(of_chair, chair, who, draft):
    page = page_after(of_chair, draft, of_draft(draft, {"b3": edited("WHO")}))
    (other,) = page.context["review"].others
    assert "Record it for WHO" in text_of(page)
    assert (other.may_keep, other.kept_at_first) == (True, False)

    answer = keep(of_chair, page, other, reason="By mail of 24 November.")

    assert answer.status_code == 302
    recorded = Amendment.objects.get()
    assert (recorded.agency, recorded.author, recorded.word_file) == (
        who,
        chair,
        WordFile.objects.get(),
    )
    assert recorded.recorded
    assert recorded.history.get().history_change_reason == "amendment_recorded"
    shown = text_of(of_chair.get(url("show", draft)))
    assert "Sent in a Word file, recorded by the chair" in shown


def test_authors_are_mapped_and_remembered(of_unfpa, unfpa, who, draft):
    content = of_draft(draft, {"b3": edited("Ann Other")})
    page = page_after(of_unfpa, draft, content)
    received = WordFile.objects.get()
    path = url("name_word_authors", draft, received.pk)
    assert [(one.name, one.agency, one.is_sure) for one in page.context["review"].authors] == [
        ("Ann Other", unfpa, False)
    ]

    answer = of_unfpa.post(path, {"version": received.version, "author-0": str(who.pk)})

    assert answer["Location"] == url("review_word", draft, received.pk)
    assert WordAuthor.objects.get().writes_for == who
    assert of_unfpa.get(answer["Location"]).context["review"].others[0].agency == who
    received.refresh_from_db()
    of_unfpa.post(path, {"version": received.version, "author-0": ""})
    review = of_unfpa.get(answer["Location"]).context["review"]
    assert (review.items, review.others, review.left_out) == ((), (), 1)
    again = page_after(of_unfpa, draft, content)
    assert [(one.agency, one.is_sure) for one in again.context["review"].authors] == [(None, True)]
    stale = of_unfpa.post(path, {"version": 1, "author-0": str(who.pk)})
    assert stale.status_code == 409


def test_a_file_can_be_discarded_and_stays_on_record(of_unfpa, draft):
    page = page_after(of_unfpa, draft, of_draft(draft, {"b3": edited("Nadia R")}))
    received = WordFile.objects.get()

    answer = of_unfpa.post(url("discard_word", draft, received.pk), {"version": received.version})

    assert answer.status_code == 302
    received.refresh_from_db()
    assert received.state == WordFileState.DISCARDED
    assert "It was discarded, and stays on record." in text_of(of_unfpa.get(page.wsgi_request.path))
    file = of_unfpa.get(url("word_file", draft, received.pk))
    assert hashlib.sha256(file.getvalue()).hexdigest() == received.sha256
    assert file["Content-Disposition"] == 'attachment; filename="UNFPA comments.docx"'
    assert file["Content-Security-Policy"] == "sandbox; default-src 'none'"
    twice = of_unfpa.post(url("discard_word", draft, received.pk), {"version": received.version})
    assert "This file is “discarded” already." in text_of(twice)


def test_only_its_agency_opens_a_file_and_the_chair_once_it_is_proposed(
    of_unfpa, of_chair, signed_in, other_agency, draft
):
    page = page_after(of_unfpa, draft, of_draft(draft, {"b3": edited("Nadia R")}))
    paths = [url(name, draft, WordFile.objects.get().pk) for name in ("review_word", "word_file")]
    stranger = signed_in(other_agency)

    def answers():
        return [status(client, path) for client in (stranger, of_chair) for path in paths]

    assert answers() == [404] * 4
    keep(of_unfpa, page, *page.context["review"].items, reason="Ours.")
    assert answers() == [404, 404, 200, 200]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.doc", b"x", "Send a Word file (.docx)."),
        ("a.docm", files.office(), "Send a Word file (.docx)."),
        ("a.docx", b"PK\x03\x04 nothing", "This file is damaged."),
        ("a.docx", files.office(), "This file is damaged."),
        ("a.docx", files.XXE, "The content of this file is not that of a .docx file."),
        (
            "a.docx",
            files.office(
                "docx", {"word/vbaProject.bin": b""}, "application/vnd.ms-office.vbaProject"
            ),
            "This file contains macros.",
        ),
        (
            "a.docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "This file is protected by a password.",
        ),
    ],
)
def test_a_bad_file_gets_a_sentence_and_changes_nothing(of_unfpa, draft, name, content, sentence):
    answer = send(of_unfpa, draft, content, name)

    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert WordFile.objects.count() == 0


def test_a_file_of_another_statement_is_refused(of_unfpa, draft):
    other = circulated()

    answer = send(of_unfpa, draft, of_draft(other))

    assert answer.status_code == 422
    assert f"This file was made from {other.statement.symbol}." in text_of(answer)


def test_too_many_files_within_an_hour_are_refused(of_unfpa, draft, settings):
    settings.HOURLY_LIMITS = settings.HOURLY_LIMITS | {"word_files": 1}
    content = of_draft(draft)

    assert send(of_unfpa, draft, content).status_code == 302
    refused = send(of_unfpa, draft, content)

    assert (refused.status_code, WordFile.objects.count()) == (422, 1)


def test_an_older_draft_is_put_on_the_newest(of_unfpa, draft):
    newer = circulated_again(draft, {"b3": CARE.replace("health care", "health services")})
    content = of_draft(draft, {"b3": edited("Nadia R"), "b4": dele("Nadia R", "x")})

    page = page_after(of_unfpa, draft, content)

    review = page.context["review"]
    assert review.is_older
    assert WordFile.objects.get().draft == draft
    texts = [item.text for item in review.items if item.block.key == "b3"]
    assert texts == [
        "Call upon States to ensure that all migrants in transit have access to health services;"
    ]
    assert newer.number == 2
    assert "This file was made from draft 1." in text_of(page)


def circulated_again(draft, texts: dict[str, str], without: str = ""):
    """Return draft 2 with other words in some paragraphs."""
    newer = DraftFactory(statement=draft.statement, number=2, circulated_at=None)
    for block in draft.blocks.order_by("position"):
        if block.key != without:
            BlockFactory(
                draft=newer,
                key=block.key,
                kind=block.kind,
                position=block.position,
                text=texts.get(block.key, block.text),
            )
    return newer


def test_a_change_that_the_newest_draft_has_is_counted(of_unfpa, draft):
    circulated_again(draft, {"b3": CARE.replace("migrants", "all migrants")})

    page = page_after(of_unfpa, draft, of_draft(draft, {"b3": edited("Nadia R")}))

    review = page.context["review"]
    assert ([item.text for item in review.items], review.known) == ([], 1)


def test_a_change_to_a_paragraph_that_is_gone_is_shown_and_not_lost(of_unfpa, draft):
    circulated_again(draft, {}, without="b3")

    page = page_after(of_unfpa, draft, of_draft(draft, {"b3": edited("Nadia R")}))

    review = page.context["review"]
    assert [(lost.words, lost.agency.acronym) for lost in review.lost] == [
        (CARE.replace("migrants", "all migrants"), "UNFPA")
    ]
    assert "has a change to a paragraph that the draft does not have any more" in text_of(page)


def test_a_change_that_is_gone_meanwhile_is_looked_at_again(of_unfpa, unfpa, draft):
    page = page_after(of_unfpa, draft, of_draft(draft, {"b3": edited("Nadia R")}))
    (item,) = page.context["review"].items
    AmendmentFactory(block=item.block, agency=unfpa, proposed_text=item.text)

    answer = keep(of_unfpa, page, item, reason="Ours.")

    assert (answer.status_code, Amendment.objects.count()) == (422, 1)


def test_in_clearance_or_in_preparation_no_file_is_taken(of_unfpa, of_chair, draft):
    assert of_chair.get(url("send_word", drafted())).status_code == 404
    assert of_unfpa.get(url("send_word", in_clearance())).status_code in {200, 422}


def test_an_author_is_known_by_the_domain_of_the_address(of_unfpa, who, draft, colleague_of_who):
    people = f'<w15:person w15:author="Ann"><w15:presenceInfo w15:userId="S::ann@{colleague_of_who}::1"/></w15:person>'
    content = word(
        par(edited("Ann"), anchor="_st_b3_r1"),
        *[par(block.text) for block in draft.blocks.exclude(key="b3")],
        parts={"people": people},
    )

    page = page_after(of_unfpa, draft, content)

    assert [one.agency for one in page.context["review"].authors] == [who]


@pytest.fixture
def colleague_of_who(who):
    person = PersonFactory(email="eve@who.example")
    person.appointments.create(agency=who, first_day=NOW.date(), role="focal_point")
    return "who.example"


def test_comments_become_reasons_and_the_rest_is_listed(of_unfpa, draft):
    start, end = '<w:commentRangeStart w:id="1"/>', '<w:commentRangeEnd w:id="1"/>'
    told = f"<w:comment {who('Nadia R')}><w:p>{run('Health for all')}</w:p></w:comment>"
    lonely = (
        f"<w:comment {who('Bob').replace('1', '2', 1)}><w:p>{run('Ask Geneva')}</w:p></w:comment>"
    )
    content = word(
        *[
            par(start + edited("Nadia R") + end, anchor="_st_b3_r1")
            if block.key == "b3"
            else par(block.text)
            for block in draft.blocks.order_by("position")
        ],
        parts={"comments": told + lonely, "header": par(ins("Nadia R", "x"))},
    )

    page = page_after(of_unfpa, draft, content)

    (item,) = page.context["review"].items
    assert item.reason == "Health for all"
    shown = text_of(page)
    assert "Comment of Bob:" in shown
    assert "Comment of Nadia R" not in shown
    assert "1 change in a header is ignored." in shown


def test_queries_do_not_grow_with_the_changes(of_unfpa, draft, django_assert_max_num_queries):
    few = page_after(of_unfpa, draft, of_draft(draft, {"b3": edited("Nadia R")}))
    more = [par(ins("Nadia R", f"New {n};"), mark=mark("ins", "Nadia R")) for n in range(30)]
    many = page_after(of_unfpa, draft, of_draft(draft, {"b3": edited("Nadia R")}, *more))

    assert [len(page.context["review"].items) for page in (few, many)] == [1, 31]
    for page in (few, many):
        with django_assert_max_num_queries(12):
            of_unfpa.get(page.wsgi_request.path)
    with django_assert_max_num_queries(35):
        assert (
            keep(of_unfpa, many, *many.context["review"].items, reason="Ours.").status_code == 302
        )
    assert Amendment.objects.count() == 31

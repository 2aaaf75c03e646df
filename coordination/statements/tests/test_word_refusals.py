"""The actions on Word files that come back, where a page cannot bring them: what they refuse."""

from dataclasses import replace

import pytest
from django.core.files.base import ContentFile

from coordination.core.errors import NotAllowed, Stale
from coordination.core.permissions import On
from coordination.statements.actions import word_import
from coordination.statements.actions.amending_many import NewAmendment, amend_many
from coordination.statements.actions.amendments import AmendmentInput
from coordination.statements.actions.word_inputs import Kept, SentFile
from coordination.statements.errors import AlreadyAmended, NotParticipating
from coordination.statements.models import Amendment, WordAuthor, WordFile
from coordination.statements.queries import word_review
from coordination.statements.queries.statements import access_of
from coordination.statements.tests.factories import AmendmentFactory
from coordination.statements.tests.word_files import edited, of_draft
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "terms")]


def received(draft, agency, by, content: bytes) -> WordFile:
    file = SentFile(ContentFile(content, "sent.docx"), "sent.docx")
    return word_import.receive_file(draft.statement, file, agency=agency, by=by, at=NOW)


def test_an_author_who_is_not_named_or_stays_is_not_saved_again(draft, unfpa, focal_point):
    file = received(draft, unfpa, focal_point, of_draft(draft, {"b3": edited("Ann", new="people")}))

    for agencies in ({"Bob": unfpa}, {"Ann": unfpa}, {"Ann": unfpa}):
        file = word_import.name_authors(
            file, agencies, version=file.version, by=focal_point, at=NOW
        )

    assert [(one.name, one.version) for one in WordAuthor.objects.all()] == [("Ann", 1)]


def test_a_change_that_the_file_does_not_have_is_looked_at_again(draft, unfpa, focal_point):
    file = received(draft, unfpa, focal_point, of_draft(draft, {"b3": edited("Ann", new="people")}))
    access = access_of(focal_point, On(NOW.date()))

    with pytest.raises(Stale):
        word_import.propose_changes(
            file, Kept(["x"], {}), access, version=file.version, by=focal_point, at=NOW
        )


def test_what_amend_many_refuses(draft, unfpa, ohchr, who, focal_point):
    file = received(draft, unfpa, focal_point, of_draft(draft))
    block = draft.blocks.get(key="b3")
    block.draft.statement = draft.statement
    entry = NewAmendment(block, AmendmentInput("Other words;", "Why."), unfpa, "n")
    changed = AmendmentFactory(block=block, agency=unfpa)
    seen = replace(entry, existing=Amendment.objects.get(pk=changed.pk))
    Amendment.objects.filter(pk=changed.pk).update(version=7)

    def amend(*entries):
        return amend_many(draft.statement, entries, file, by=focal_point, at=NOW)

    with pytest.raises(Stale):
        amend(seen)
    with pytest.raises(AlreadyAmended) as refused:
        amend(entry)
    assert refused.value.field == "reason-n"
    with pytest.raises(NotAllowed):  # only the chair records for another agency
        amend(replace(entry, agency=who))
    draft.statement.participating.set([unfpa, who])
    with pytest.raises(NotParticipating):
        amend(replace(entry, agency=ohchr))


def test_each_thing_that_is_ignored_has_its_sentence():
    assert [word_review.IGNORED[name](2) % {"n": 2} for name in word_review.IGNORED] == [
        "2 changed lines above or below the text are ignored.",
        "2 changes of formatting are ignored.",
        "2 inserted or deleted table cells are ignored.",
        "2 pictures are ignored.",
        "2 changes in text boxes are ignored.",
        "2 changes in headers are ignored.",
        "2 changes in footers are ignored.",
        "2 changes in footnotes are ignored.",
        "2 changes in endnotes are ignored.",
    ]

"""The chair saves a statement in another language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core import history, versions
from coordination.core.queries import group
from coordination.members.models import Person
from coordination.statements.actions import guards
from coordination.statements.enums import StatementsChange, StatementState
from coordination.statements.errors import NotInLanguages, ParagraphMissing, TextChanged
from coordination.statements.models import Block, LanguageVersion, Statement
from coordination.statements.queries import drafts, languages
from coordination.textkit import canonical

# once agencies have a draft; a language version renders what was circulated
RENDERED_STATES = (
    StatementState.AMENDMENTS,
    StatementState.CONSOLIDATION,
    StatementState.CLEARANCE,
    StatementState.ADOPTED,
)


@dataclass(frozen=True, slots=True)
class LanguageInput:
    """A text in another language.

    `texts` has each paragraph by the key of the block that it renders. `of_sha256` is the hash of
    the text that the author had beside it.
    """

    language: str
    of_sha256: str
    texts: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def save_language(
    statement: Statement, given: LanguageInput, *, version: int, by: Person, at: datetime
) -> LanguageVersion:
    """Save a language version; `version` is 0 for a new one.

    Raises NotInLanguages, TextChanged if the text is another by now, ParagraphMissing, or Stale.
    """
    statement = guards.lock_for_chair(
        statement.pk, *RENDERED_STATES, may="statements.edit", by=by, at=at
    )
    refuse_language(statement, given.language)
    draft = drafts.latest_draft(statement)
    if draft.sha256 != given.of_sha256:
        raise TextChanged(
            _("Draft %(number)s was issued meanwhile. Compare your text with it, then save.")
            % {"number": draft.number}
        )
    blocks = drafts.blocks_of(draft)
    texts = clean_texts(blocks, given.texts)
    saved = LanguageVersion.objects.filter(statement=statement, language=given.language).first()
    is_new = saved is None
    if saved is None:
        saved = LanguageVersion(statement=statement, language=given.language)
    else:
        versions.claim(saved, version)
    saved.blocks = [
        {
            "key": block.key,
            "kind": block.kind,
            "sha256": languages.block_sha256(block.text),
            "text": texts[block.key],
        }
        for block in blocks
    ]
    saved.sha256 = canonical.fingerprint([Block(text=text) for text in texts.values()])
    saved.of_sha256 = draft.sha256
    saved.saved_by, saved.saved_at = by, at
    reason = StatementsChange.LANGUAGE_ADDED if is_new else StatementsChange.LANGUAGE_CHANGED
    history.sign(saved, by=by, reason=reason)
    saved.save()
    return saved


def refuse_language(statement: Statement, language: str) -> None:
    """Raise NotInLanguages unless it is another language of the group."""
    if language == statement.language or language not in group().statement_languages:
        raise NotInLanguages(_("This is not another language of the group’s statements."))


def clean_texts(blocks: list[Block], texts: Mapping[str, str]) -> dict[str, str]:
    """Return a cleaned text for each block, by key.

    Raises ParagraphMissing for an empty one.
    """
    cleaned = {block.key: guards.clean_block_text(texts.get(block.key, "")) for block in blocks}
    for key, text in cleaned.items():
        if not text:
            raise ParagraphMissing(_("Write what stands here in this language."), field=key)
    return cleaned

"""Test data of the statements domain."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import factory
from django.db import connection
from factory.django import DjangoModelFactory

from coordination.members.tests.factories import AgencyFactory, PersonFactory
from coordination.statements.enums import BlockKind, PositionKind, StatementState, StepLevel
from coordination.statements.models import (
    Amendment,
    Block,
    ClearanceStep,
    Draft,
    Position,
    Statement,
)
from coordination.statements.queries import amendments
from coordination.statements.triggers import create_triggers, drop_triggers
from coordination.tests.cast import NOW
from coordination.tests.many import many
from coordination.textkit import blocks, canonical

STARTED = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
CIRCULATED = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
DEADLINE = datetime(2026, 11, 30, 17, 0, tzinfo=UTC)

TEXT = """Joint statement on migrants in transit

*Recalling* that every person who moves retains their human rights,

Call upon States to ensure that migrants in transit have access to health care;

Commit ourselves to support States in giving effect to the present statement.
"""


# the operative paragraph of TEXT that tests amend, "b3"
CARE = "Call upon States to ensure that migrants in transit have access to health care;"


class StatementFactory(DjangoModelFactory):
    class Meta:
        model = Statement

    title = factory.Sequence(lambda n: f"Statement {n}")
    slug = factory.Sequence(lambda n: f"2026-{n}-statement")
    symbol = factory.Sequence(lambda n: f"TEST/2026/ST/{n}")
    started_at = STARTED


class DraftFactory(DjangoModelFactory):
    class Meta:
        model = Draft

    statement = factory.SubFactory(StatementFactory)
    number = 1


class BlockFactory(DjangoModelFactory):
    class Meta:
        model = Block

    draft = factory.SubFactory(DraftFactory)
    key = factory.LazyAttribute(lambda block: f"b{block.position}")
    kind = BlockKind.BODY
    position = factory.Sequence(lambda n: n + 1)
    text = "Migrants have rights."


class AmendmentFactory(DjangoModelFactory):
    class Meta:
        model = Amendment

    block = factory.SubFactory(BlockFactory)
    agency = factory.SubFactory(AgencyFactory)
    author = factory.SubFactory(PersonFactory)
    proposed_text = "Migrants have human rights."
    number = factory.LazyAttribute(lambda o: amendments.next_amendment_number(o.block.draft))
    rationale = "The words of 2010."
    proposed_at = CIRCULATED + timedelta(hours=1)


def amendment_to(draft: Draft, key: str, agency, text: str = "", **fields) -> Amendment:
    """Return an amendment of an agency to the paragraph `key` of a draft."""
    block = draft.blocks.get(key=key)
    return AmendmentFactory(block=block, agency=agency, proposed_text=text, **fields)


class ClearanceStepFactory(DjangoModelFactory):
    class Meta:
        model = ClearanceStep

    draft = factory.SubFactory(DraftFactory)
    statement = factory.SelfAttribute("draft.statement")
    level = StepLevel.WORKING_LEVEL
    position = 1
    opened_at = CIRCULATED
    deadline = DEADLINE


@contextmanager
def unfrozen() -> Iterator[None]:
    """Let a test put together, or take apart, what the database keeps as it is."""
    role = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = 'replica'") if role else drop_triggers()
        try:
            yield
        finally:
            cursor.execute("SET session_replication_role = 'origin'") if role else create_triggers()


def drafted(**fields) -> Draft:
    """Return draft 1 of a statement in drafting, with the blocks of TEXT."""
    draft = DraftFactory(statement=StatementFactory(**fields))
    for place, block in enumerate(blocks.recognise(TEXT), 1):
        BlockFactory(draft=draft, position=place, kind=block.kind, text=block.text)
    return draft


def circulated(state: StatementState = StatementState.AMENDMENTS, **fields) -> Draft:
    """Return draft 1 of a statement that is circulated, open to amendments to DEADLINE unless `state` says otherwise."""
    draft = drafted(state=state, amendments_until=DEADLINE, **fields)
    draft.sha256 = canonical.fingerprint(draft.blocks.all())
    draft.circulated_at = CIRCULATED
    draft.save()
    return draft


def many_circulated(
    count: int, state: StatementState = StatementState.AMENDMENTS, **fields
) -> list[Draft]:
    """Return draft 1, of one paragraph, of as many statements that are circulated."""
    statements = many(StatementFactory, count, state=state, amendments_until=DEADLINE, **fields)
    drafts = many(DraftFactory, count, statement=statements)
    many(BlockFactory, count, draft=drafts)
    Draft.objects.filter(pk__in=[draft.pk for draft in drafts]).update(
        circulated_at=CIRCULATED, sha256="0" * 64
    )
    return drafts


def in_clearance(
    level: StepLevel = StepLevel.WORKING_LEVEL,
    position: int = 1,
    *,
    silence: bool = False,
    **fields,
) -> ClearanceStep:
    """Return the open step of a statement in clearance; unless `silence`, every agency must speak in it."""
    draft = circulated(StatementState.CLEARANCE, **fields)
    return ClearanceStepFactory(draft=draft, level=level, position=position, silence=silence)


def take_position(step, agency, person, kind=PositionKind.APPROVE, at=NOW):
    """Put the position of an agency in a step on record."""
    return Position.objects.create(
        step=step, agency=agency, person=person, kind=kind, sha256=step.draft.sha256, taken_at=at
    )

"""The database refuses to change what never changes, whoever asks: on both databases."""

import pytest
from django.db import IntegrityError, connection, transaction

from coordination.statements.enums import StatementState
from coordination.statements.models import Block, Draft, Position, Signatory, Statement
from coordination.statements.tests.factories import BlockFactory, circulated, drafted, in_clearance
from coordination.statements.triggers import RULES, create_triggers, drop_triggers
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.differs]


def refused(act, sentence):
    with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
        act()


def test_a_circulated_draft():
    draft, open_one = circulated(), drafted()
    blocks = Block.objects.filter(draft=draft)

    for act in (
        lambda: blocks.filter(key="b3").update(text="Other words"),
        lambda: blocks.filter(key="b3").delete(),
        lambda: BlockFactory(draft=draft, position=9),
        lambda: Block.objects.filter(draft=open_one, key="b1").update(draft=draft, key="b9"),
        lambda: Draft.objects.filter(pk=draft.pk).update(circulated_at=None),
        lambda: Draft.objects.filter(pk=draft.pk).update(sha256="0" * 64),
    ):
        refused(act, "a circulated draft never changes")
    assert (blocks.count(), Block.objects.filter(draft=open_one).count()) == (4, 4)
    Block.objects.filter(draft=open_one).update(text="Other words")
    assert set(Block.objects.filter(draft=open_one).values_list("text", flat=True)) == {
        "Other words"
    }


def test_a_position(unfpa, focal_point):
    step = in_clearance()
    Position.objects.create(
        step=step, agency=unfpa, person=focal_point, kind="object", sha256="", taken_at=NOW
    )

    refused(lambda: Position.objects.update(kind="approve"), "a position is never changed")
    refused(lambda: Position.objects.all().delete(), "a position is never deleted")
    assert Position.objects.get().kind == "object"


def test_an_adopted_text_and_its_signatories(unfpa, ohchr):
    statement = circulated(StatementState.CLEARANCE).statement
    Signatory.objects.create(statement=statement, agency=unfpa)
    Statement.objects.filter(pk=statement.pk).update(
        state="adopted", adopted_at=NOW, adopted_sha256="0" * 64
    )

    for change in (
        {"state": "clearance"},
        {"title": "Other"},
        {"adopted_sha256": ""},
        {"adopted_at": NOW.replace(year=2020)},
        {"adopted_at": None},
    ):
        refused(
            lambda change=change: Statement.objects.filter(pk=statement.pk).update(**change),
            "an adopted text is frozen",
        )
    for act in (
        lambda: Signatory.objects.create(statement=statement, agency=ohchr),
        lambda: Signatory.objects.update(joined=False),
        lambda: Signatory.objects.all().delete(),
    ):
        refused(act, "the signatories of an adopted text stand")
    Statement.objects.filter(pk=statement.pk).update(
        released_at=NOW, occasion="Presented in Geneva"
    )
    assert Statement.objects.get().occasion == "Presented in Geneva"


def test_triggers_are_made_again_and_again_and_taken_away_for_a_migration():
    drop_triggers()
    create_triggers()
    create_triggers()

    names = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    if connection.vendor == "postgresql":
        names = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    with connection.cursor() as cursor:
        cursor.execute(names)
        names = {name for (name,) in cursor.fetchall()}
    assert {f"statements_{rule.name}" for rule in RULES} <= names

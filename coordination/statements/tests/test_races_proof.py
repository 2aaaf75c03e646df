"""Several adoptions at once, over real connections: one chain without a gap."""

import json

import pytest

from coordination.statements.actions import positions, releases, signing
from coordination.statements.models import Manifest, SigningKey, Statement
from coordination.statements.tests.proofs import adopted, ready
from coordination.statements.tests.test_races import at_once
from coordination.tests.cast import NOW

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("key_file"),
]
TOGETHER, ROUNDS = 4, 3


def adopt(statement, chair):
    return lambda: positions.adopt(statement, by=chair, at=NOW)


def test_adoptions_at_once_make_one_chain_without_a_gap(cast, chair):
    for _round in range(ROUNDS):
        statements = [ready(cast, chair).statement for _turn in range(TOGETHER)]
        done = at_once(*(adopt(statement, chair) for statement in statements))
        assert [statement.state for statement in done] == ["adopted"] * TOGETHER

    rows = list(Manifest.objects.order_by("number"))
    assert [row.number for row in rows] == list(range(1, TOGETHER * ROUNDS + 1))
    assert [json.loads(row.content)["previous_sha256"] for row in rows] == [
        "",
        *(row.sha256 for row in rows[:-1]),
    ]
    assert SigningKey.objects.count() == 1
    assert Manifest.objects.filter(envelope__isnull=True).count() == 0


def test_a_rotation_during_adoptions_leaves_one_key_in_use(cast, chair):
    statements = [ready(cast, chair).statement for _turn in range(TOGETHER)]

    at_once(
        *(adopt(statement, chair) for statement in statements),
        lambda: signing.rotate_key(at=NOW),
    )

    assert SigningKey.objects.filter(used_until=None).count() == 1
    assert SigningKey.objects.get(used_until=None).key_id == signing.installation_pair().key_id
    assert Manifest.objects.count() == TOGETHER


def test_two_workers_release_once(cast, chair):
    statement = adopted(cast, chair)
    Statement.objects.filter(pk=statement.pk).update(release_planned_for=NOW)

    done = at_once(*(lambda: releases.release_due(at=NOW) for _worker in range(3)))

    assert sorted(done) == [0, 0, 1]
    assert Statement.objects.get(pk=statement.pk).released_at == NOW

"""A statement in several languages."""

from datetime import timedelta

import pytest

from coordination.core.errors import NotAllowed, Stale
from coordination.core.history import recorded_reason
from coordination.statements.actions import languages as actions
from coordination.statements.actions import positions, settlements
from coordination.statements.actions.drafts import issue_draft
from coordination.statements.actions.languages import LanguageInput
from coordination.statements.enums import StatementState
from coordination.statements.errors import (
    NotInLanguages,
    ParagraphMissing,
    TextChanged,
    WrongState,
)
from coordination.statements.models import LanguageVersion
from coordination.statements.proofkit import verify
from coordination.statements.queries import drafts, languages
from coordination.statements.tests.factories import circulated, drafted, in_clearance
from coordination.statements.tests.proofs import adopted
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("key_file", "now", "terms")]
FRENCH = {
    "b1": "Déclaration commune sur les migrants en transit",
    "b2": "*Rappelant* que chaque personne conserve ses droits,",
    "b3": "Engageons les États à donner accès aux soins ;",
    "b4": "Nous engageons à soutenir les États.",
}


def save(draft, chair, texts=FRENCH, language="fr", version=0, of_sha256=None):
    given = LanguageInput(language, of_sha256 or draft.sha256, texts)
    return actions.save_language(draft.statement, given, version=version, by=chair, at=NOW)


def keyed(draft):
    """Give the keys b1 to b4 to a test's blocks, which the factory numbers on."""
    return dict(zip([block.key for block in drafts.blocks_of(draft)], FRENCH.values(), strict=True))


def test_each_paragraph_is_tied_by_key_and_hash(chair):
    draft = circulated()
    texts = keyed(draft)

    version = save(draft, chair, texts)

    assert (version.language, version.of_sha256, version.saved_by) == ("fr", draft.sha256, chair)
    assert [(each["key"], each["kind"], each["text"]) for each in version.blocks] == [
        (block.key, block.kind, texts[block.key]) for block in drafts.blocks_of(draft)
    ]
    assert [each["sha256"] for each in version.blocks] == [
        languages.block_sha256(block.text) for block in drafts.blocks_of(draft)
    ]
    text = languages.text_of_version(version)
    assert text == "\n\n".join(FRENCH.values()) + "\n"
    assert version.sha256 == verify.sha256(text.encode())
    assert recorded_reason(version.history.get()) == "Language added"


def test_a_version_is_changed_by_one_at_a_time(chair):
    draft = circulated()
    texts = keyed(draft)
    save(draft, chair, texts)
    changed = texts | {next(iter(texts)): "Déclaration"}

    version = save(draft, chair, changed, version=1)

    assert version.blocks[0]["text"] == "Déclaration"
    assert [recorded_reason(row) for row in version.history.order_by("history_id")] == [
        "Language added",
        "Language version changed",
    ]
    for late in (0, 1):
        with pytest.raises(Stale):
            save(draft, chair, texts, version=late)


def test_what_is_refused(chair, focal_point):
    draft = circulated()
    texts = keyed(draft)
    first = next(iter(texts))

    with pytest.raises(NotAllowed):
        save(draft, focal_point, texts)
    for language in ("en", "de"):
        with pytest.raises(NotInLanguages):
            save(draft, chair, texts, language)
    with pytest.raises(TextChanged):
        save(draft, chair, texts, of_sha256="0" * 64)
    for gap in ({first: " \n"}, {}):
        with pytest.raises(ParagraphMissing) as missing:
            save(draft, chair, gap and texts | gap)
        assert missing.value.field == first
    for state in (StatementState.DRAFTING, StatementState.WITHDRAWN):
        with pytest.raises(WrongState):
            save(drafted(state=state), chair)
    assert LanguageVersion.objects.count() == 0


@pytest.fixture
def older(cast, chair):
    """Return a statement adopted with other words than those that its French version renders."""
    step = in_clearance()
    draft = step.draft
    save(draft, chair, keyed(draft))
    for agency, person in cast.items():
        positions.take_position(
            step,
            positions.PositionInput("object", draft.sha256, "No."),
            agency=agency,
            by=person,
            at=NOW,
        )
    statement = positions.return_to_consolidation(step.statement, by=chair, at=NOW)
    block = drafts.blocks_of(draft)[2]
    settlements.adapt(block, text="Call upon all.", reason="", version=0, by=chair, at=NOW)
    new = issue_draft(
        statement,
        to=StatementState.CLEARANCE,
        deadline=NOW + timedelta(days=5),
        by=chair,
        at=NOW,
    )
    return new, block.key


def test_a_version_says_which_text_it_renders(older):
    draft, changed_key = older
    version = LanguageVersion.objects.get()

    listed = languages.listed_versions(draft.statement, [version], draft.sha256, ["en", "fr", "es"])
    same = languages.listed_versions(draft.statement, [version], version.of_sha256)

    assert [(each.language, each.is_original, each.is_older) for each in listed] == [
        ("en", True, False),
        ("fr", False, True),
        ("es", False, False),
    ]
    assert [each.is_older for each in same] == [False, False]
    rendered = languages.rendered_blocks(version, drafts.blocks_of(draft))
    assert [each.key for each in rendered if each.is_older] == [changed_key]
    assert [each.is_heading for each in rendered] == [True, False, False, False]


def test_a_pasted_text_is_laid_beside_the_original_in_order():
    draft = circulated()
    blocks = drafts.blocks_of(draft)
    keys = [block.key for block in blocks]

    even = languages.aligned("Titre\n\nUn,\n\nDeux;\n\nTrois.", blocks)
    fewer = languages.aligned("Titre\n\nUn,", blocks)
    more = languages.aligned("Titre\n\nUn,\n\nDeux;\n\nTrois.\n\nQuatre.", blocks)

    assert even == (dict(zip(keys, ["Titre", "Un,", "Deux;", "Trois."], strict=True)), True)
    assert fewer == ({keys[0]: "Titre", keys[1]: "Un,"}, False)
    assert more == (
        dict(zip(keys, ["Titre", "Un,", "Deux;", "Trois.\nQuatre."], strict=True)),
        False,
    )
    assert languages.aligned("Titre", []) == ({}, False)


def test_the_chair_adds_a_language_on_a_page(of_chair, of_unfpa):
    draft = circulated()
    texts = keyed(draft)
    base = f"/statements/{draft.statement.slug}/languages/"
    address = f"{base}fr/edit/"

    page = of_chair.get(address).content.decode()
    pasted = of_chair.post(address, {"step": "fill", "pasted": "Titre\n\nUn,"}).content.decode()
    gap = of_chair.post(address, {"of_sha256": draft.sha256, "version": 0})
    fields = {"of_sha256": draft.sha256, "version": 0, **texts}
    saved = of_chair.post(address, fields)
    again = of_chair.post(address, fields)

    assert "States to ensure that migrants" in page
    assert ">\nTitre</textarea>" in pasted
    assert "another number of paragraphs" in pasted
    assert of_chair.post(address, {"step": "fill", "pasted": ""}).status_code == 422
    assert (gap.status_code, "Write what stands here" in gap.content.decode()) == (422, True)
    assert (saved.status_code, saved["Location"]) == (302, f"{base}fr/")
    assert again.status_code == 409
    assert "Déclaration commune" in of_chair.get(address).content.decode()
    for refused, status in (("en/edit/", 404), ("de/edit/", 404)):
        assert of_chair.get(base + refused).status_code == status
    assert of_unfpa.get(address).status_code == 403
    assert of_unfpa.get(f"{base}es/").status_code == 404
    shown = of_unfpa.get(f"{base}fr/").content.decode()
    assert "<em>Rappelant</em>" in shown
    assert "Language added" in shown
    assert "of this text" in shown


def test_the_list_offers_the_chair_what_is_not_there_yet(of_chair, of_unfpa, chair):
    draft = circulated()
    save(draft, chair, keyed(draft))
    address = f"/statements/{draft.statement.slug}/languages/"

    for_chair = " ".join(of_chair.get(address).content.decode().split())
    for_member = " ".join(of_unfpa.get(address).content.decode().split())

    assert f'href="{address}es/edit/"' in for_chair
    assert f'href="{address}fr/edit/"' in for_chair
    assert "/edit/" not in for_member
    assert "the language of the drafts" in for_member


def test_outside_a_version_is_read_once_the_statement_is_released(cast, chair, client):
    statement = adopted(cast, chair)
    draft = statement.drafts.get()
    version = save(draft, chair, keyed(draft), "ar")
    address = f"/statements/{statement.slug}/"
    paths = ("languages/", "languages/ar/", "languages/ar/plain.txt")
    assert [client.get(address + path).status_code for path in paths] == [404, 404, 404]

    positions.release(statement, by=chair, at=NOW)

    assert [client.get(address + path).status_code for path in paths] == [200, 200, 200]
    page = client.get(f"{address}languages/ar/").content.decode()
    assert 'dir="rtl"' in page
    assert "The agencies adopted the text in the" in " ".join(page.split())
    assert "Language added" not in page
    plain = client.get(f"{address}languages/ar/plain.txt")
    assert verify.sha256(plain.content) == version.sha256
    assert "the language that was adopted" in client.get(f"{address}languages/").content.decode()
    assert "Arabic" in client.get(address).content.decode()


def test_a_version_of_an_older_text_says_so(older, of_unfpa):
    draft, changed_key = older
    address = f"/statements/{draft.statement.slug}/languages/fr/"

    page = of_unfpa.get(address).content.decode()

    assert "of an older text" in page
    assert "Paragraphs that have changed since:" in page
    assert f'href="#{changed_key}"' in page


def test_the_chair_sees_what_changed_since(older, of_chair):
    draft, _key = older
    page = of_chair.get(f"/statements/{draft.statement.slug}/languages/fr/edit/").content.decode()

    assert page.count("Changed since this version was saved") == 1


def test_a_text_in_preparation_has_no_languages(of_chair):
    draft = drafted()

    for path in ("languages/", "languages/fr/edit/"):
        assert of_chair.get(f"/statements/{draft.statement.slug}/{path}").status_code == 404

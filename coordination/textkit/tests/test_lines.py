"""Which lines of a pasted text make one paragraph."""

import pytest

from coordination.textkit.lines import is_date_line, paragraphs

NARROW = """\
Joint statement of the heads of the agencies that
are the members of the Group
The Global Migration Group is deeply concerned
about the human rights of international migrants
Everywhere on the globe, and about those in
transit.
Recalling the Universal Declaration of Human
Rights and the Covenants, adopted in
1966. The Group meets in Geneva, under article
12. States shall act; they act soon, at once,
5. Invites all."""


@pytest.mark.parametrize(
    ("pasted", "expected"),
    [
        ("One\vand two,\u2028and three.\nFour.", ["One and two, and three.", "Four."]),
        ("One.\u2029Two.", ["One.", "Two."]),
        ("Title\n\n5.\tInvites\tStates;", ["Title", "5. Invites States;"]),
        ("Urge States:\v(a) to act;\v(b) to pay.", ["Urge States:", "(a) to act;", "(b) to pay."]),
        ("A title\non migrants\nGeneva, 5 May 2011\n\nOne.", ["A title on migrants", "Geneva, 5 May 2011", "One."]),
        ("JOINT STATEMENT\nON MIGRANTS\nI. RISKS\n\nOne.", ["JOINT STATEMENT ON MIGRANTS", "I. RISKS", "One."]),
        ("Statement on the\nRights of Migrants\nOne.", ["Statement on the Rights of Migrants", "One."]),
        ("The women\n– and the girls –\nare here.\n\nTwo.", ["The women – and the girls – are here.", "Two."]),
        ("Title\n\nRisks\n7. States;\n8. Agencies;", ["Title", "Risks", "7. States;", "8. Agencies;"]),
        ("As written by\nA. Guterres;\n\nTwo.", ["As written by A. Guterres;", "Two."]),
        ("It was so:\nA. Guterres;\n\nTwo.", ["It was so:", "A. Guterres;", "Two."]),
        ("It is in article\n1. States know;\n\nTwo.", ["It is in article 1. States know;", "Two."]),
        ("ссылаясь на Устав,\nотмечая доклад,\nи далее,", ["ссылаясь на Устав,", "отмечая доклад, и далее,"]),
        ("  \n\n", []),
    ],
)  # fmt: skip
def test_lines_of_one_paragraph_are_joined(pasted, expected):
    assert list(paragraphs(pasted)) == expected


def test_wrapped_lines_without_blank_lines_are_joined():
    assert list(paragraphs(NARROW)) == [
        "Joint statement of the heads of the agencies that are the members of the Group",
        (
            "The Global Migration Group is deeply concerned about the human rights of international "
            "migrants Everywhere on the globe, and about those in transit."
        ),
        (
            "Recalling the Universal Declaration of Human Rights and the Covenants, adopted in 1966. "
            "The Group meets in Geneva, under article 12. States shall act; they act soon, at once,"
        ),
        "5. Invites all.",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "30 September 2010",
        "Geneva, 30 September 2010",
        "(New York, 5 May 2011)",
        "September 30, 2010",
        "Genève, le 1er juin 2010",
        "30 de septiembre de 2010",
        "30 сентября 2010 года",
        "نيويورك، 30 أيلول/سبتمبر 2010",
        "2010年9月30日",
        "30.09.2010",
        "2010-09-30",
    ],
)
def test_a_date_line_is_recognised_in_six_languages(line):
    assert is_date_line(line) is True


@pytest.mark.parametrize(
    "line",
    [
        "2010 was a bad year",
        "5. Invites States",
        "In Geneva, on 30 September 2010, we met",
        "30 September",
        "Agenda 2030",
    ],
)
def test_a_sentence_with_a_year_is_no_date_line(line):
    assert is_date_line(line) is False

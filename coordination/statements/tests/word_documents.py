"""Generated documents with amendments of seven agencies, in several scripts."""

import random
from datetime import UTC, datetime, timedelta

from coordination.statements.wordkit.plan import (
    AgencyProposal,
    BaseParagraph,
    PlannedParagraph,
    Policy,
    accepted_document,
    plan_document,
    rejected_document,
)
from coordination.statements.wordkit.record import Cover, FiledDraft, FileRecord, Words
from coordination.statements.wordkit.writer import tracked_document
from coordination.textkit import diffs

START = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
AGENCIES = ("UNICEF", "WHO", "ILO", "Fédération", "الهجرة", "移民署", "A & <B>")
WORDS = {
    "en": "States migrants & children shall <respect> rights of all at sea, “home” and abroad;",
    "ar": "الدول والمهاجرون حقوق الإنسان في 2026 كل WHO الأطفال، وأسرهم",
    "zh": "各国 移民 儿童 权利 应当 尊重 所有 海上。 2026年 WHO",
}
COVER = Cover(("TEST/2026/ST/1", "Draft 1"), "— end of text —")
SOURCE = FiledDraft("TEST/2026/ST/1", 1, "0" * 64)
NOTES = {
    "reason": "",
    "supports": "Supports the same change.",
    "alternative": "Alternative for “%(words)s”: “%(text)s”",
    "deletion": "Would delete “%(words)s”.",
    "whole_deletion": "Would delete this paragraph.",
}
COMMENT_WORDS = Words(NOTES, "With %(agencies)s.")


def record(language="en", **fields):
    return FileRecord(
        "Migrants & <transit>",
        "Global Migration Group",
        language,
        START,
        language == "ar",
        ("TEST/2026/ST/1", "Draft 1"),
        {"StatementDraft": SOURCE.code},
        tracked=True,
        **fields,
    )


def _sentence(chance, words, most=14):
    sentence = " ".join(chance.choice(words) for _ in range(chance.randint(3, most)))
    # a line end inside a paragraph, never at its edges
    return sentence.replace(" ", "\n", 1) if chance.random() < 0.1 else sentence


def _edited(chance, text, words):
    parts = text.split(" ")
    for _ in range(chance.randint(1, 3)):
        place = chance.randrange(len(parts))
        parts[place : place + chance.randint(0, 2)] = [chance.choice(words)] * chance.randint(0, 2)
        parts = parts or [chance.choice(words)]
    return " ".join(parts)


def generated(seed):
    """Return the language and paragraphs of a document, each with proposals."""
    chance = random.Random(seed)
    language = ("en", "ar", "zh", "en")[seed % 4]
    words = WORDS[language].split()
    paragraphs = [BaseParagraph("b1", "title", "Title", _sentence(chance, words, 6))]
    for number in range(1, chance.randint(3, 7)):
        text = _sentence(chance, words)
        proposals = []
        for minute, agency in enumerate(chance.sample(AGENCIES, chance.randint(0, 5))):
            kind = chance.choice(["edit"] * 6 + ["insert", "delete"])
            proposed = _edited(chance, text, words)
            proposals.append(
                AgencyProposal(
                    agency,
                    START + timedelta(minutes=minute),
                    kind,
                    diffs.changes(text, proposed) if kind == "edit" else (),
                    _sentence(chance, words) if kind == "insert" else "",
                    chance.choice(["", "Because\nof & <that>."]),
                    ("IOM",) if chance.random() < 0.2 else (),
                    "operative",
                    f"OP {number} bis",
                )
            )
        paragraphs.append(
            BaseParagraph(f"b{number + 1}", "operative", f"OP {number}", text, tuple(proposals))
        )
    policy = (Policy("lead", "WHO"), Policy("brackets"), Policy("single", chance.choice(AGENCIES)))
    return language, plan_document(paragraphs, policy[seed % 3])


def document(language, planned):
    return tracked_document(record(language), SOURCE, COVER, planned, COMMENT_WORDS)


def promised(planned: list[PlannedParagraph], *, accept: bool) -> list[str]:
    """Return the lines that a reader of the file finds, with labels, cover and end."""
    mark, texts = ("delete", accepted_document) if accept else ("insert", rejected_document)
    there = [each for each in planned if each.mark != mark]
    return [
        *COVER.lines,
        *(
            f"{each.label}\t{text}" if each.label != "Title" else text
            for each, text in zip(there, texts(planned), strict=True)
        ),
        COVER.end,
    ]

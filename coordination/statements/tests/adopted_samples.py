"""An adopted text with everything that its files print, in three scripts."""

from dataclasses import replace
from datetime import date

from coordination.statements.queries.adopted_files import (
    AdoptedAgency,
    AdoptedBlock,
    AdoptedText,
)
from coordination.textkit import canonical

BLOCKS = (
    ("title", "Joint statement on\nmigrants & transit"),
    ("heading", "Geneva, 23 November 2026"),
    ("preambular", "Recalling that every person keeps their *human* rights,"),
    ("body", "We, the heads of the agencies:"),
    ("operative", "Call upon States to ensure <care>;"),
    ("operative", "Urge all:"),
    ("body", "(a) To search for people;"),
    ("body", "(b) To inform their families;"),
    ("operative", "Commit ourselves to report."),
    ("heading", "The way ahead"),
    ("body", "We will open a desk.\nIt answers questions."),
)
ARABIC = (
    ("title", "بيان مشترك بشأن المهاجرين"),
    ("preambular", "إذ نشير إلى أن كل شخص يحتفظ بحقوقه،"),
    ("operative", "ندعو الدول إلى ضمان الرعاية الصحية، مع UNICEF."),
)
CHINESE = (
    ("title", "关于过境移民的联合声明"),
    ("preambular", "回顾每一个人都保留其“人权”，"),
    ("operative", "呼吁各国确保获得医疗。"),
)
# with the signatories this takes two pages
LONG = (*BLOCKS[:-1], *[("body", "We will open a desk. " * 40)] * 4)


def blocks(paragraphs) -> tuple[AdoptedBlock, ...]:
    return tuple(
        AdoptedBlock(f"b{place}", kind, text) for place, (kind, text) in enumerate(paragraphs, 1)
    )


def adopted(paragraphs=BLOCKS, **changes) -> AdoptedText:
    """Return an adopted text, with what a test changes."""
    of_text = blocks(paragraphs)
    text = AdoptedText(
        title="Joint statement on migrants",
        symbol="ABC/2026/ST/3",
        language="en",
        group="Group of Agencies",
        group_acronym="GA",
        occasion="Migrants Day",
        blocks=of_text,
        adopted=date(2026, 11, 23),
        sha256=canonical.fingerprint(of_text),
        address="https://secretariat.example.org/statements/2026-transit/",
        signatories=(
            AdoptedAgency("ESCWA", "اللجنة الاقتصادية"),
            AdoptedAgency("OHCHR", "Office for Human Rights", "OP 1: Read with article 9."),
            AdoptedAgency("UNHCR", "Office for Refugees", "Only for refugees."),
            AdoptedAgency("ESCAP", "联合国经济社会委员会"),
        ),
        apart=(AdoptedAgency("WB", "World Bank"),),
        not_asked=(AdoptedAgency("UNU", "University"),),
    )
    return replace(text, **changes)

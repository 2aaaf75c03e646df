"""What the style guide asks of templates."""

import re
from pathlib import Path

from coordination.core import due
from coordination.tests.house.source import ROOT, at, hold, lines, python_files, templates

FRAMEWORK = (
    "account/",
    "mfa/",
    "allauth/",
    "django/",
    "admin/",
    "400.html",
    "403.html",
    "404.html",
    "500.html",
    "socialaccount/",
)
INLINE = re.compile(
    r"""\sstyle=|\son[a-z]+=["']|<style\b|<script(?![^>]*\bsrc=)(?![^>]*application/json)|javascript:"""
)
LONGEST = 180
TRANSLATED = re.compile(
    r"{#.*?#}|{%\s*(comment|blocktranslate)\b.*?{%\s*end\1\s*%}|{%.*?%}|{{.*?}}", re.DOTALL
)
NOT_READ = re.compile(r"<(script|style|kbd|code)\b.*?</\1>", re.DOTALL)
READ_ALOUD = re.compile(r'(?<![:\w-])(?:title|aria-label|placeholder|alt|label)="([^"]*)"')
TAG = re.compile(r"<[^>]*>")
WORD = re.compile(r"[A-Za-z]{2}")
# agencies, cities, a symbol and names of standards; "yes" switches a part of a component on
SAME_EVERYWHERE = re.compile(
    r"FAO|ILO|UN Women|UNESCO|UNFPA|WHO|Geneva|Bangkok|GMG/2025/ST/2|UTC\.|SHA-256( \w+)?|yes"
)
# a text that ends in the middle of a sentence: the next value or tag goes on with it
GLUED = re.compile(
    r"""translate\ "(?:(?:[^"]*\ )?(?:and|at|by|due|for|from|in|of|on|since|than|to|until|when|with)"
    \ %}\s*(?:{{|{%\ (?!end|else|elif)|<(?:time|b|a|abbr|span)\b)|[^"]*,"\ %})""",
    re.VERBOSE,
)
# parts whose texts are whole sentences; the others follow
WHOLE_SENTENCES = ("rotation/",)
WIDEST = 120
# what all are made of, and several in one
MAILS_OF_NO_KIND = {"reminders/mail/base", "reminders/mail/digest"}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT / "templates"))


def is_mail(path: Path) -> bool:
    return "/mail/" in name_of(path)


def plain_texts(template: str) -> list[str]:
    """Return the texts of a template that nobody can translate."""
    html = NOT_READ.sub("", TRANSLATED.sub("\x01", template))
    texts = [*READ_ALOUD.findall(html), *TAG.sub("\n", html).replace("\x01", "\n").splitlines()]
    words = [" ".join(text.replace("\x01", " ").split()) for text in texts if WORD.search(text)]
    return [text for text in words if not SAME_EVERYWHERE.fullmatch(text)]


def test_each_text_is_translated() -> None:
    """Error pages and mails too, which no crawl reaches."""
    texts = {name_of(path): plain_texts(path.read_text()) for path in templates()}
    mails = {
        name_of(path): plain_texts(path.read_text()) for path in (ROOT / "templates").rglob("*.txt")
    }

    assert {name: plain for name, plain in (texts | mails).items() if plain} == {}


def test_no_sentence_is_glued() -> None:
    """The order of words differs between languages, so a sentence is translated as one."""
    hold(
        "one blocktranslate with its values, not pieces beside each other",
        (
            f"{name_of(path)}: {found}"
            for path in templates()
            if name_of(path).startswith(WHOLE_SENTENCES)
            for found in GLUED.findall(path.read_text())
        ),
    )


def test_no_inline_style_or_script() -> None:
    wrong = [
        at(path, number)
        for path in templates()
        if not is_mail(path)
        for number, line in lines(path)
        if INLINE.search(line)
    ]

    hold("no style=, no on…=, no inline script: the content security policy forbids them", wrong)


def test_no_clock_in_a_template() -> None:
    wrong = [
        at(path, number)
        for path in templates()
        for number, line in lines(path)
        if re.search(r"{%\s*now\b|\|(timesince|timeuntil)\b", line)
    ]

    hold("a template shows the moment that it is given, which a demonstration may move", wrong)


def test_pages_block_on_two_stylesheets_at_most() -> None:
    base = (ROOT / "templates/base.html").read_text(encoding="utf-8")
    sheets = re.findall(r"{% static '(core/css/[a-z]+\.css)' %}", base)

    assert sheets == ["core/css/base.css", "core/css/content.css"]


def test_templates_stay_short() -> None:
    hold(
        f"a template has {LONGEST} lines at most",
        [name_of(path) for path in templates() if sum(1 for _ in lines(path)) > LONGEST],
    )


def test_lines_of_templates_stay_short() -> None:
    hold(
        f"a line of a template has {WIDEST} columns at most",
        [
            at(path, number)
            for path in templates()
            for number, line in lines(path)
            if len(line) > WIDEST
        ],
    )


def test_every_template_is_used() -> None:
    everything = "\n".join(
        path.read_text(encoding="utf-8") for path in [*python_files(), *templates()]
    )
    unused = []
    for path in templates():
        name = name_of(path)
        if name.startswith(FRAMEWORK) or is_mail(path):
            continue
        used = (
            f"<c-{path.stem}" in everything
            if name.startswith("cotton/")
            else f'"{name}"' in everything
        )
        if not used:
            unused.append(name)

    hold("every template is used", unused)


def test_each_mail_is_of_a_kind_of_reminder_and_each_kind_has_its_mail() -> None:
    stems = {
        re.sub(r"\.(subject\.txt|act\.txt|txt|html)$", "", name_of(path))
        for path in templates()
        if is_mail(path)
    }
    kinds = {source.template for source in due.sources() if not source.kind.startswith("tests.")}

    assert stems == kinds | MAILS_OF_NO_KIND


def test_each_mail_has_subject_act_text_and_html() -> None:
    stems = {
        re.sub(r"\.(subject\.txt|act\.txt|txt|html)$", "", name_of(path))
        for path in templates()
        if is_mail(path)
    }
    kinds = [stem for stem in sorted(stems) if not stem.endswith("/base")]
    wrong = [
        f"{kind}{ending}"
        for kind in kinds
        for ending in (".subject.txt", ".act.txt", ".txt", ".html")
        if not (ROOT / "templates" / f"{kind}{ending}").exists()
    ]

    hold("a mail has a subject, an act, a text and an HTML", wrong)

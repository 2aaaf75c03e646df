"""What all mails share: how they are rendered, and their headers."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.header import Header
from email.utils import quote
from zoneinfo import ZoneInfo

from django.template import Context, loader
from django.template.backends.django import Template
from django.utils import timezone, translation

CONTROL = re.compile(r"[\x00-\x1f\x7f]")
UNFIT = re.compile(r"[\x00-\x20\x7f<>]")  # would end the address in the SMTP dialogue
EMPTY_LINES = re.compile(r"\n[ \t]*\n\s*\n")
ENCODED_WORD = "=?"
PHRASE = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")  # RFC 5322: atoms; the rest is quoted
LONGEST_SUBJECT = 200
AUTOMATIC = {
    "Auto-Submitted": "auto-generated",
    # Microsoft's header; Exchange then sends no out-of-office answer
    "X-Auto-Response-Suppress": "All",
}


@dataclass(frozen=True, slots=True)
class Rendered:
    """The content of a mail: one-line subject, text and HTML."""

    subject: str
    text: str
    html: str


def phrase(name: str) -> str:
    """Return a name as it is written before an address (RFC 5322).

    As it is, quoted, or as encoded words on one line.
    """
    if ENCODED_WORD in name or not name.isascii():
        return Header(name, "utf-8").encode(linesep="")
    return name if PHRASE.fullmatch(name) else f'"{quote(name)}"'


def is_writable(address: str) -> bool:
    """Return whether the mail system can write to an address."""
    return address.rpartition("@")[0].isascii() and not UNFIT.search(address)


def automatic_headers(reply_to: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the headers of an automatic mail.

    `reply_to` has the name and the address of those who read the answers. Without any, an answer
    goes to the sender.
    """
    readers = [f"{phrase(name)} <{address}>" for name, address in reply_to if is_writable(address)]
    return AUTOMATIC | ({"Reply-To": ", ".join(readers)} if readers else {})


def render_text(name: str, context: Mapping[str, object]) -> str:
    """Render a text template without escaping.

    At most one empty line in a row remains.
    """
    template = loader.get_template(name)
    assert isinstance(template, Template)
    text = template.template.render(Context(dict(context), autoescape=False))
    # tags that print nothing leave their lines behind
    return EMPTY_LINES.sub("\n\n", text)


def render_line(name: str, context: Mapping[str, object]) -> str:
    """Render a text template as one line, such as a subject."""
    # A line break in a name must not begin another header.
    return " ".join(CONTROL.sub(" ", render_text(name, context)).split())[:LONGEST_SUBJECT]


def render_mail(
    stem: str, context: Mapping[str, object], zone: ZoneInfo, language: str
) -> Rendered:
    """Return the words of a mail in a zone and a language.

    Its templates are `stem` with .subject.txt, .act.txt, .txt and .html. The act is what the link
    of the mail does, such as "Amend draft 3".
    """
    with timezone.override(zone), translation.override(language):
        subject = render_line(f"{stem}.subject.txt", context)
        context = {**context, "act": render_line(f"{stem}.act.txt", context)}
        text = render_text(f"{stem}.txt", context).strip() + "\n"
        html = loader.render_to_string(f"{stem}.html", context)
    # PostgreSQL cannot store NUL
    return Rendered(subject, text.replace("\x00", ""), html.replace("\x00", ""))

"""Elements of WordprocessingML: runs, paragraphs and what they are made of."""

import re
from dataclasses import dataclass
from typing import Any

from lxml import etree

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
# where Word since 2023 keeps the true moment of a change
DATES = "http://schemas.microsoft.com/office/word/2023/wordml/word16du"
NAMESPACES = {"w": WORD, "r": RELATIONSHIPS, "mc": COMPATIBILITY, "w16du": DATES}
# a program that does not know the last of them ignores it
IGNORABLE = {f"{{{COMPATIBILITY}}}Ignorable": "w16du"}

# lxml's types are not ours to check: an element is what it makes
Element = Any

_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BREAKS = re.compile("([\n\t])")


def fit(text: str) -> str:
    """Remove the characters that XML forbids; use LF line ends.

    Otherwise one old text would keep everybody from the file.
    """
    if text.isprintable():
        return text
    return _UNFIT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def qualified(name: str) -> str:
    """Return the full name of a name such as "w:p"."""
    prefix, _colon, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def root(name: str) -> Element:
    """Return the root element of a part of the package."""
    return etree.Element(qualified(name), IGNORABLE, nsmap=NAMESPACES)


def add(parent: Element, tag: str, /, **attributes: str) -> Element:
    """Append an element in the namespace of Word, and return it.

    Its attributes are in that namespace too.
    """
    element = etree.SubElement(parent, f"{{{WORD}}}{tag}")
    for key, value in attributes.items():
        element.set(f"{{{WORD}}}{key}", value)
    return element


@dataclass(frozen=True, slots=True)
class Look:
    """How a run looks. `style` is the id of a character style.

    `language` is that of its words where the text is in another one.
    """

    style: str = ""
    bold: bool = False
    italic: bool = False
    strike: bool = False
    underline: bool = False
    right_to_left: bool = False
    language: str = ""


def add_run(parent: Element, text: str, look: Look, *, deleted: bool = False) -> None:
    """Append a run with line ends and tabs as elements.

    Nothing for no text.
    """
    if not text:
        return
    run = add(parent, "r")
    _add_look(run, look)
    for part in _BREAKS.split(text):
        if part == "\n":
            add(run, "br")
        elif part == "\t":
            add(run, "tab")
        elif part:
            words = add(run, "delText" if deleted else "t")
            # without it, spaces at the ends are lost
            words.set(_SPACE, "preserve")
            words.text = part


def _add_look(run: Element, look: Look) -> None:
    """Give a run its look, in the order of the schema."""
    names = [
        *(("b", "bCs") if look.bold else ()),
        *(("i", "iCs") if look.italic else ()),
        *(("strike",) if look.strike else ()),
    ]
    if look == Look():
        return
    properties = add(run, "rPr")
    if look.style:
        add(properties, "rStyle", val=look.style)
    for name in names:
        add(properties, name)
    if look.underline:
        add(properties, "u", val="single")
    if look.right_to_left:
        add(properties, "rtl")
    if look.language:
        tags = dict.fromkeys(("val", "eastAsia", "bidi"), look.language)
        add(properties, "lang", **tags)


def add_paragraph(parent: Element, style: str, *, right_to_left: bool = False) -> Element:
    """Append a paragraph of a style."""
    paragraph = add(parent, "p")
    properties = add(paragraph, "pPr")
    add(properties, "pStyle", val=style)
    if right_to_left:
        add(properties, "bidi")
    return paragraph

"""Text as people paste it, made into text that can be compared, stored and hashed."""

import unicodedata

import regex

_LINE_END = regex.compile(r"\r\n|[\r\v\f\x85\u2028]")
_PARAGRAPH_END = "\u2029"

# Dropped, because nobody sees them: control characters (NUL, which PostgreSQL refuses, among them),
# halves of surrogate pairs, noncharacters (XML, and so Word, refuses U+FFFE and U+FFFF), the marks
# that embed, override or isolate a direction of writing (what is signed must not read otherwise
# than it is stored: "Trojan Source", CVE-2021-42574), soft hyphens, zero-width spaces, word
# joiners, byte order marks. Kept: the marks U+200E, U+200F and U+061C that Arabic needs beside
# numbers, and the joiners that Persian and emoji need.
_UNSEEN = regex.compile(
    r"[[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\u202a-\u202e\u2066-\u2069\u00ad\u200b\u2060\ufeff]--[\t\n]]",
    regex.V1,
)

# Figure and thin spaces hold numbers together ("8 900"): they become the narrow no-break space.
# Other spaces become the plain one.
_NARROW_SPACE = regex.compile(r"[\u2007\u2009]")
_OTHER_SPACE = regex.compile(r"[[\p{Zs}\t]--[ \u00a0\u202f]]", regex.V1)

# A no-break space holds two words together; beside another space it only fills a line, as word
# processors do.
_RUN_OF_SPACES = regex.compile(r"[ \u00a0\u202f]{2,}")
_SPACE_AT_LINE_EDGE = regex.compile(r"^[ \u00a0\u202f]+|[ \u00a0\u202f]+$", regex.MULTILINE)


def clean(text: str) -> str:
    """Return ``text`` in NFC with LF line ends, single spaces and nothing unseen.

    A second application changes nothing.

    Use it on every text that a person enters, before it is compared or stored. Blank lines stay, at
    most one together.
    """
    text = _LINE_END.sub("\n", text).replace(_PARAGRAPH_END, "\n\n")
    text = unicodedata.normalize("NFC", _UNSEEN.sub("", text))
    text = _OTHER_SPACE.sub(" ", _NARROW_SPACE.sub("\u202f", text))
    text = _SPACE_AT_LINE_EDGE.sub("", _RUN_OF_SPACES.sub(" ", text))
    return regex.sub(r"\n{3,}", "\n\n", text).strip("\n")

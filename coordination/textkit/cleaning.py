"""Cleaning of pasted texts before they are compared, stored or hashed."""

import unicodedata

import regex

_LINE_END = regex.compile(r"\r\n|[\r\v\f\x85\u2028]")
_PARAGRAPH_END = "\u2029"

# Invisible characters are dropped: control characters (PostgreSQL refuses NUL), halves of surrogate
# pairs, noncharacters (XML, and so Word, refuses U+FFFE and U+FFFF), marks that embed, override or
# isolate a direction of writing (a signed text must read as it is stored: "Trojan Source",
# CVE-2021-42574), soft hyphens, zero-width spaces, word joiners and byte order marks. Kept: U+200E,
# U+200F and U+061C, which Arabic needs beside numbers, and the joiners of Persian and emoji.
_UNSEEN = regex.compile(
    r"[[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\u202a-\u202e\u2066-\u2069\u00ad\u200b\u2060\ufeff]--[\t\n]]",
    regex.V1,
)

# Figure and thin spaces keep numbers together ("8 900"), so they become narrow no-break spaces.
# Other spaces become plain ones.
_NARROW_SPACE = regex.compile(r"[\u2007\u2009]")
_OTHER_SPACE = regex.compile(r"[[\p{Zs}\t]--[ \u00a0\u202f]]", regex.V1)

# A single no-break space keeps two words together; beside another space it is only filling.
_RUN_OF_SPACES = regex.compile(r"[ \u00a0\u202f]{2,}")
_SPACE_AT_LINE_EDGE = regex.compile(r"^[ \u00a0\u202f]+|[ \u00a0\u202f]+$", regex.MULTILINE)


def clean(text: str) -> str:
    """Return ``text`` in NFC, with single spaces and no invisible characters.

    Line ends become LF, and several blank lines become one. Every text that a person enters is
    cleaned before it is compared or stored. Cleaning twice changes nothing more.
    """
    text = _LINE_END.sub("\n", text).replace(_PARAGRAPH_END, "\n\n")
    text = unicodedata.normalize("NFC", _UNSEEN.sub("", text))
    text = _OTHER_SPACE.sub(" ", _NARROW_SPACE.sub("\u202f", text))
    text = _SPACE_AT_LINE_EDGE.sub("", _RUN_OF_SPACES.sub(" ", text))
    return regex.sub(r"\n{3,}", "\n\n", text).strip("\n")

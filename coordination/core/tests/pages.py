"""The text of pages as tests compare it."""

import re

# a browser shows no space at their edges
BLOCKS = (
    "address article aside blockquote body br caption col colgroup dd details dialog div dl dt"
    " fieldset figcaption figure footer form h[1-6] head header hr html legend li link main meta"
    " nav ol optgroup option p search section style summary table tbody td tfoot th thead title tr ul"
    " circle defs desc g line path pattern polyline rect text tspan use"
)
ATTRIBUTES = r"""(?:"[^"]*"|'[^']*'|[^"'>])*"""
NOT_SHOWN = r"!doctype\b|/?script\b|input type=\"hidden\""
EDGE = re.compile(
    rf" ?(<(?:/?(?:{BLOCKS.replace(' ', '|')})\b|{NOT_SHOWN}){ATTRIBUTES}>) ?", re.IGNORECASE
)
# outside these a space shows, inside it does not
FIRST_INSIDE = re.compile(rf"(<(?:button|select|svg)\b{ATTRIBUTES}>) ")
LAST_INSIDE = re.compile(r" (</(?:button|select|svg)>)")
END_OF_TAG = re.compile(rf"(</?[a-z]{ATTRIBUTES}?) (/?>)", re.IGNORECASE)


def tidy(html: str) -> str:
    """Return HTML without the white space that a browser does not show.

    A space between words, beside punctuation or beside an inline element stays.
    """
    html = re.sub(r"\s+", " ", html)
    for pattern, kept in (
        (END_OF_TAG, r"\1\2"),
        (EDGE, r"\1"),
        (FIRST_INSIDE, r"\1"),
        (LAST_INSIDE, r"\1"),
    ):
        html = pattern.sub(kept, html)
    return html.strip()


def text_of(response) -> str:
    return tidy(response.content.decode())

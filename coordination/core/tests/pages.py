"""The text of pages as tests compare it."""

import re


def tidy(html: str) -> str:
    return re.sub(r">\s+<", "><", re.sub(r"\s+", " ", html)).strip()


def text_of(response) -> str:
    return tidy(response.content.decode())

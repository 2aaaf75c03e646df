"""The words of a text and the terms of a word.

A term is what the index stores and what a question is compared with. A word has several:

- its folded spelling ("elodie" of "Élodie");
- its stem in each language that it may be of, marked with the language ("en:protect");
- Chinese has no spaces, so a run of it gives its pairs of characters.
"""

from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Literal, NamedTuple
from unicodedata import normalize

import regex
import Stemmer

Language = Literal["ar", "en", "es", "fr", "ru", "zh"]
SNOWBALL = {"ar": "arabic", "en": "english", "es": "spanish", "fr": "french", "ru": "russian"}
LATIN = ("en", "es", "fr")  # in the order of their codes
# letters that Unicode does not take apart
LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "ð": "d", "þ": "th"}
    | {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ؤ": "و", "ئ": "ي", "ة": "ه", "ـ": ""}
)
BREVE = "\u0306"  # й is a letter of its own, ё is an е with marks
# "U.N.H.C.R.", and "l’" or "’s" around a word
INITIALS = r"(?:\p{L}\.){2,}(?:\p{L}\b)?"
ELIDED = r"\b(?:[cdjlmnst]|qu)['’ʼ](?=\p{L})"
OWNER = r"(?<=\p{L})['’ʼ]s\b"
HAN = r"\p{Han}+"
PLAIN = r"[\p{L}\p{M}\p{N}--\p{Han}]+"
PIECES = regex.compile(
    f"(?P<skipped>{ELIDED}|{OWNER})|(?P<word>{INITIALS}|{PLAIN})|(?P<han>{HAN})",
    regex.IGNORECASE | regex.VERSION1,
)
ARABIC, CYRILLIC = regex.compile(r"\p{Arabic}"), regex.compile(r"\p{Cyrillic}")
HAN_RUN = regex.compile(HAN)
# "and", "so", "with", "like" written together with the article
ARABIC_PREFIX = regex.compile("^[وفبك]+(?=ال|لل)")
LONGEST_WORD = 100  # characters; the rest of a longer word is ignored
SHORTEST_SPELLING, LONGEST_SPELLING = 4, 40  # characters of a word that can be misspelt


class Word(NamedTuple):
    """A word with its place in the text: half-open, in characters."""

    text: str
    start: int
    end: int


def words(text: str) -> Iterator[Word]:
    """Yield the words of a text in order.

    A run of Chinese characters is one word. Elided articles ("l’") and "’s" are left out.
    """
    for piece in PIECES.finditer(text):
        if piece["skipped"] is None:
            yield Word(piece[0], piece.start(), piece.end())


@lru_cache(maxsize=32768)
def fold(word: str) -> str:
    """Return a word without case, accents, vowel marks and compatibility forms."""
    decomposed = normalize("NFKD", word.translate(LETTERS)).casefold()
    # a few signs come apart into spaces and brackets, which no term has
    kept = [
        sign
        for sign, before in zip(decomposed, f" {decomposed}", strict=False)
        if sign.isalnum() or (sign == BREVE and before == "и")
    ]
    return normalize("NFC", "".join(kept)).translate(LETTERS)


@lru_cache(maxsize=32768)
def terms_of(word: str, language: str = "") -> frozenset[str]:
    """Return the terms of a word of `words`.

    `language` is the language of the text, or "" if unknown. It counts only between languages of
    one script: a Russian word in a French text is Russian.
    """
    if HAN_RUN.fullmatch(word):
        return frozenset(pairs(word))
    folded = fold(word)[:LONGEST_WORD]
    if not folded:
        return frozenset()
    terms = {folded}
    for code in languages_of(folded, language):
        # an accent helps the stemmer; a reader may leave it out
        for spelling in (normalize("NFC", normalize("NFKC", word).casefold()), folded):
            terms.add(f"{code}:{fold(stem(spelling[:LONGEST_WORD], code))}")
    return frozenset(terms)


def languages_of(folded: str, language: str = "") -> tuple[str, ...]:
    """Return the languages in which a folded word is stemmed."""
    if any(sign.isdigit() for sign in folded):
        return ()
    if ARABIC.match(folded):
        return ("ar",)
    if CYRILLIC.match(folded):
        return ("ru",)
    return (language,) if language in LATIN else LATIN


def pairs(run: str) -> list[str]:
    """Return each pair of neighbours in a run of characters, and the last one alone.

    Each character begins a term, so one character is found as the beginning of a pair.
    """
    folded = normalize("NFKC", run)
    return [folded[place : place + 2] for place in range(len(folded))]


def stem(word: str, code: str) -> str:
    """Return the stem of a word in the language `code`."""
    if code == "ar":
        word = ARABIC_PREFIX.sub("", word)
    return str(stemmer(code).stemWord(word))


@cache
def stemmer(code: str) -> Stemmer.Stemmer:
    """Return the stemmer of a language.

    A stemmer keeps a cache of its own, which threads cannot share: ours is `terms_of`.
    """
    return Stemmer.Stemmer(SNOWBALL[code], 0)


def terms(text: str, language: str = "") -> str:
    """Return the index terms of a text.

    Sorted, each once, separated by spaces.
    """
    found: set[str] = set()
    for word in words(text):
        found |= terms_of(word.text, language)
    return " ".join(sorted(found))


def spellings(text: str) -> set[str]:
    """Return the folded words that spelling suggestions may offer.

    A misspelt word may have meant them. Words of three letters or fewer, words with digits and
    Chinese are left out.
    """
    folded = (fold(word.text) for word in words(text) if not HAN_RUN.fullmatch(word.text))
    return {
        word
        for word in folded
        if SHORTEST_SPELLING <= len(word) <= LONGEST_SPELLING and word.isalpha()
    }

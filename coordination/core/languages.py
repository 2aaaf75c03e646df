"""Languages by their codes (BCP 47).

Unicode CLDR has their names.
"""

import re
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from django.utils.translation import get_language

# languages for which CLDR has several codes of three letters: the one of ISO 639-2, terminology
OF_SEVERAL = dict(
    re.findall(
        r"(\w\w)=(\w{3})",
        "ak=aka ar=ara ay=aym az=aze bo=bod cr=cre cs=ces cy=cym de=deu dz=dzo el=ell et=est eu=eus"
        " fa=fas ff=ful fr=fra gn=grn gu=guj hr=hrv hy=hye ik=ipk is=isl iu=iku ka=kat kg=kon"
        " kr=kau ku=kur kv=kom lv=lav mg=mlg mi=mri mk=mkd mn=mon ms=msa my=mya ne=nep nl=nld"
        " oj=oji om=orm or=ori ps=pus qu=que ro=ron sa=san sc=srd sk=slk sq=sqi sr=srp sw=swa"
        " uz=uzb yi=yid za=zha zh=zho",
    )
)


def locale_of(code: str) -> Locale | None:
    """Return the locale of a code, or None, such as "fr" or "zh-Hant"."""
    try:
        return Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError, TypeError):
        return None


def is_known(code: str) -> bool:
    """Return whether a code is that of a language."""
    return locale_of(code) is not None


def name_of(code: str) -> str:
    """Return the name of a language in the reader's language: "French"."""
    locale = locale_of(code)
    name = (locale and locale.get_display_name(get_language() or "en")) or code
    return name[:1].upper() + name[1:]


def is_right_to_left(code: str) -> bool:
    """Return whether a language is written from right to left."""
    locale = locale_of(code)
    return locale is not None and locale.text_direction == "rtl"


@cache
def three_letters(code: str) -> str:
    """Return the three-letter code of a language: "fra" for "fr-CA" (ISO 639-2).

    "und" where it has none.
    """
    locale = locale_of(code)
    if locale is None:
        return "und"
    if len(locale.language) == 3:  # noqa: PLR2004 - the code is one of ISO 639-2 already
        return locale.language
    aliases = get_global("language_aliases")
    return OF_SEVERAL.get(locale.language) or next(
        (long for long, short in aliases.items() if short == locale.language and len(long) == 3),  # noqa: PLR2004 - as above
        "und",
    )

"""The opening words by which drafters mark the kind of a paragraph.

"Each preambular paragraph begins with a present, past or perfect participle or participial phrase
or an adjective. Each operative paragraph begins with an operative verb (or phrase) in the present
indicative tense": United Nations Editorial Manual, Resolutions and other formal decisions, II.C
(https://www.un.org/dgacm/en/content/editorial-manual/res-dec-draft-edit). Its II.G sets these words
in italics.

Where the opening ends is a rule of four of the six languages: the verb, participle or adjective,
with its adverbs ("Strongly condemns", "Recalling also"), a manner ("Noting with concern") and a
fixed object ("Takes note", "Expressing its appreciation"). Arabic has no italics, and Chinese sets
another face; there no words are marked. Nor are they where the rule does not know the words.
"""

import regex

_ADVERBS = (
    r"(?:(?:also|further|again|once again|then|\p{L}+ly"
    r"|profondément|vivement|profundamente|вновь|также|настоятельно|решительно|глубоко)\s+){0,2}"
)

_PARTICIPLES = r"""
    (?:re)?affirming | recalling | recogni[sz]ing | noting | welcoming | acknowledging
  | emphasi[sz]ing | stressing | underlining | underscoring | highlighting | considering
  | bearing\s+in\s+mind | keeping\s+in\s+mind | taking\s+(?:note|into) | having | expressing
  | believing | seeking | reiterating | regretting | deploring | condemning | observing
  | commending | appreciating | affirming | realizing | acting | desiring | wishing | viewing
  | paying\s+tribute | declaring | supporting | encouraging | endorsing
  | alarmed | concerned | convinced | guided | mindful | aware | conscious | cogni[sz]ant
  | disturbed | determined | desirous | encouraged | inspired | shocked | dismayed | appalled
  | persuaded | committed | resolved | troubled | distressed | outraged | gratified | grateful
  | rappelant | réaffirmant | considérant | notant | constatant | reconnaissant | soulignant
  | saluant | ayant | gardant | prenant\s+note | sachant | affirmant | se\s+félicitant
  | tenant\s+compte | guidée?s? | consciente?s? | préoccupée?s? | convaincue?s? | alarmée?s?
  | recordando | reafirmando | reconociendo | tomando\s+nota | teniendo | observando | acogiendo
  | subrayando | destacando | considerando | consciente | preocupad[oa]s? | convencid[oa]s?
  | guiad[oa]s? | alarmad[oa]s?
  | ссылаясь | подтверждая | отмечая | признавая | подч[её]ркивая | учитывая | напоминая
  | принимая\s+(?:во\s+внимание|к\s+сведению) | выражая | приветствуя | руководствуясь
  | сознавая | памятуя | вновь\s+подтверждая | будучи\s+(?:глубоко\s+)?\p{L}+[аыо]
"""

_VERBS = r"""
    calls?\s+(?:up)?on | calls?\s+for | draws?\s+attention | takes?\s+note | pays?\s+tribute
  | commits?\s+(?:itself|ourselves|to)
  | (?: (?:re)?affirms? | urges? | decides? | invites? | encourages? | recommends? | reiterates?
      | recalls? | recogni[sz]es? | acknowledges? | emphasi[sz]es? | underlines? | underscores?
      | welcomes? | pledges? | express(?:es)? | condemns? | declares? | resolves? | requests?
      | accepts | adopts | appeals | appreciates | approves | authori[sz]es | commends | confirms
      | congratulates | considers | demands | deplores | designates | directs | endorses
      | establishes | highlights | instructs | notes | offers | proclaims | regrets | reminds
      | renews | stresses | supports | undertakes )
    (?!\s+(?:for|of|from|by)\b)
  | demande | prie | engage | décide | exhorte | lance\s+un\s+appel | réaffirme | se\s+félicite
  | souligne | condamne | recommande | salue
  | exhorta | insta | pide | invita | alienta | solicita | reafirma | subraya | acoge | toma\s+nota
  | reconoce | condena | recomienda
  | призыва[её]т | просит | постановляет | рекомендует | предлагает | поощряет | осуждает
  | подтверждает | подч[её]ркивает | приветствует | выражает | отмечает | напоминает
  | принимает\s+к\s+сведению
"""

_ORDERS = r"(?:call|urge|invite|request|encourage|decide|commit|resolve|pledge|recommend)"

# The end of a word; an underscore is a mark of italics here.
_END = r"(?!\p{L})"

# Patterns stay text until they are asked for, and `regex` keeps them then: compiling them all takes
# a third of the time in which a process starts.
_FLAGS = regex.IGNORECASE | regex.VERBOSE | regex.DOTALL | regex.V1
_PREAMBULAR = rf"{_ADVERBS}(?:{_PARTICIPLES}){_END}"
# "During 2010," and "Following the Summit," say when, and open no preamble
_NO_PARTICIPLE = (
    r"(?!(?:during|following|regarding|concerning|according|including|notwithstanding|pending"
    r"|(?:no|some|any|every)thing)\b)"
)
_PARTICIPIAL_WORD = rf"{_ADVERBS}{_NO_PARTICIPLE}\p{{L}}+ing{_END}"
_PARTICIPIAL = rf"{_PARTICIPIAL_WORD}.*,$"
# Arabic preambles open with "whereas", whatever follows
_WHEREAS = r"و?إذ(?!\p{L})"
_OPERATIVE = rf"(?:{_ADVERBS}(?:{_VERBS})|we\s+{_ADVERBS}{_ORDERS}){_END}"


def _begins(text: str, opening: str) -> bool:
    return regex.match(opening, text, _FLAGS) is not None


def opens_preambular(text: str) -> bool:
    """Whether ``text`` opens as a preambular paragraph does.

    A sentence with a full stop does not, unless its opening is in italics.
    """
    plain = text.lstrip("*_")
    if _begins(plain, _PREAMBULAR):
        return plain != text or not plain.endswith(".")
    return _begins(plain, _PARTICIPIAL) or _begins(plain, _WHEREAS)


def opens_operative(text: str) -> bool:
    """Whether ``text`` opens with an operative verb.

    The verb is that of an organ ("Calls upon") or of the authors ("Call upon", "We call upon").
    """
    return _begins(text.lstrip("*_"), _OPERATIVE)


# what belongs to the opening after its verb, participle or adjective
_MANNERS: dict[str, str] = {
    "en": r"""
        (?:\s+(?:also|further|again|once\s+again|anew))?
        (?:\s+with\s+(?:(?:deep|deepest|grave|great|serious|profound|keen|particular|utmost|much)
          \s+){0,2}(?:concern|appreciation|satisfaction|regret|interest|alarm|gratitude|approval
          |dismay|sadness))?""",
    "fr": r"""
        (?:\s+(?:également|aussi|en\s+outre|de\s+nouveau|instamment|énergiquement))?
        (?:\s+avec\s+(?:une?\s+|la\s+plus\s+)?(?:(?:vive|profonde|grande|grave)\s+)?
          (?:satisfaction|préoccupation|inquiétude|intérêt|gratitude|regret|appréciation))?""",
    "es": r"""
        (?:\s+(?:también|además|asimismo|nuevamente|enérgicamente|encarecidamente))?
        (?:\s+con\s+(?:(?:profunda|profundo|gran|honda|especial)\s+)?
          (?:preocupación|satisfacción|aprecio|beneplácito|interés|reconocimiento|agrado|pesar))?""",
    "ru": r"""(?:\s+(?:также|далее|вновь))?
        (?:\s+с\s+(?:(?:глубокой|большой|серь[её]зной|глубоким)\s+)?
          (?:озабоченностью|обеспокоенностью|удовлетворением|признательностью|сожалением
          |интересом))?""",
}
_FEELINGS = (
    r"(?:appreciation|concern|gratitude|satisfaction|regret|alarm|support|hope|conviction"
    r"|condolences|solidarity|outrage|dismay|determination)"
)
# openings of several words, tried before those of one
_PHRASES: dict[str, str] = {
    "en": rf"""
        having\s+(?:also\s+)?\p{{L}}+(?:ed|en|ought|eard|et|eld|ade)
      | bearing\s+in\s+mind | keeping\s+in\s+mind | taking\s+note
      | taking\s+into\s+(?:account|consideration) | paying\s+tribute | drawing\s+attention
      | express(?:ing|es)?\s+(?:(?:its|their|our)\s+)?(?:(?:deep|deepest|grave|great|serious
          |profound|sincere|strong|full|continued|continuing)\s+){{0,2}}{_FEELINGS}
      | commits?\s+(?:itself|ourselves) | commits?(?=\s+to\b)
      | calls?\s+(?:upon|on|for) | draws?\s+attention | takes?\s+note | pays?\s+tribute""",
    "fr": r"""
        ayant\s+(?:à\s+l['’]esprit|présente?s?\s+à\s+l['’]esprit|\p{L}+(?:é|is?)(?:\s+note)?)
      | gardant\s+à\s+l['’]esprit | prenant\s+note | tenant\s+compte | lance\s+un\s+appel
      | prend\s+note | rend\s+hommage | se\s+déclare""",
    "es": r"""
        (?:tomando|toma)\s+nota | teniendo\s+(?:presente|en\s+cuenta) | habiendo\s+\p{L}+do""",
    "ru": r"принимая\s+(?:во\s+внимание|к\s+сведению)|принимает\s+к\s+сведению",
}


def _opening_of(language: str) -> str:
    words = rf"{_PHRASES[language]} | {_PARTICIPLES} | {_VERBS} | {_ORDERS}"
    return rf"{_ADVERBS}(?:{words}){_END}(?:{_MANNERS[language]}{_END})?"


_OPENINGS = {language: _opening_of(language) for language in _MANNERS}


def opening_length(text: str, kind: str, language: str) -> int:
    """Return the length in characters of a paragraph's opening words, 0 for none.

    `kind` is a block kind: only preambular and operative paragraphs have an opening. `language` is
    a code ("en"). A text that has marks of italics at its start keeps its own.
    """
    if language not in _OPENINGS or kind not in {"preambular", "operative"}:
        return 0
    found = regex.match(_OPENINGS[language], text, _FLAGS)
    if found is None and language == "en" and kind == "preambular" and text.endswith(","):
        found = regex.match(_PARTICIPIAL_WORD, text, _FLAGS)
    return found.end() if found else 0

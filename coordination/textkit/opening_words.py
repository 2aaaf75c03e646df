"""The opening words by which drafters mark the kind of a paragraph.

"Each preambular paragraph begins with a present, past or perfect participle or participial phrase
or an adjective. Each operative paragraph begins with an operative verb (or phrase) in the present
indicative tense": United Nations Editorial Manual, Resolutions and other formal decisions, II.C
(https://www.un.org/dgacm/en/content/editorial-manual/res-dec-draft-edit). Its II.G sets these words
in italics.
"""

import regex

_ADVERBS = (
    r"(?:(?:also|further|again|once again|then|\p{L}+ly"
    r"|profondément|vivement|profundamente)\s+){0,2}"
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
"""

_ORDERS = r"(?:call|urge|invite|request|encourage|decide|commit|resolve|pledge|recommend)"

# The end of a word; an underscore is a mark of italics here.
_END = r"(?!\p{L})"

_FLAGS = regex.IGNORECASE | regex.VERBOSE | regex.V1
_PREAMBULAR = regex.compile(rf"{_ADVERBS}(?:{_PARTICIPLES}){_END}", _FLAGS)
_PARTICIPIAL = regex.compile(rf"{_ADVERBS}\p{{L}}+ing{_END}.*,$", _FLAGS | regex.DOTALL)
_OPERATIVE = regex.compile(rf"(?:{_ADVERBS}(?:{_VERBS})|we\s+{_ADVERBS}{_ORDERS}){_END}", _FLAGS)


def opens_preambular(text: str) -> bool:
    """Whether ``text`` opens as a preambular paragraph does.

    A sentence with a full stop does not, unless its opening is in italics.
    """
    plain = text.lstrip("*_")
    if _PREAMBULAR.match(plain):
        return plain != text or not plain.endswith(".")
    return _PARTICIPIAL.match(plain) is not None


def opens_operative(text: str) -> bool:
    """Whether ``text`` opens with an operative verb.

    The verb is that of an organ ("Calls upon") or of the authors ("Call upon", "We call upon").
    """
    return _OPERATIVE.match(text.lstrip("*_")) is not None

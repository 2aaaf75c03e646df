"""Operators: words that decide how far a clause holds.

They decide too whether the rest of the clause holds. A clause that gains, loses or changes one says
something else about all its words: "shall report" and "shall not report", "may report", "only some
report", "fails to report". Two amendments to such a clause are read together before either is
taken, even if they share no word.

The categories are those of linguistics: L. Horn, "A Natural History of Negation" (1989); L.
Karttunen, "Implicative Verbs" (1971), for the predicates; K. von Fintel, "Exceptive Constructions"
(1993); F. Palmer, "Mood and Modality" (2001), for the modals: what is bound (deontic necessity),
allowed (deontic possibility), possible (dynamic and epistemic possibility). The tables are complete
for the closed classes of English, French and Spanish. Of Russian, Arabic and Chinese they have the
negators, exceptives and modals alone.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import compress
from typing import Literal, NamedTuple

Category = Literal[
    "negator", "predicate", "exceptive", "condition", "modal", "limit", "partial", "universal"
]

# Entries are separated by semicolons; "fail*" is any word that begins so.
_TABLE: Mapping[Category, str] = {
    # the clause becomes its opposite
    "negator": """
        not; no; nor; never; neither; none; nothing; nobody; nowhere; without; cannot; hardly;
        scarcely; barely; rarely; seldom; instead of; rather than; contrary to;
        ne; n'; pas; non; jamais; ni; aucun; aucune; nul; nulle; sans; guère; au lieu de;
        plutôt que; rarement;
        ningún; ninguno; ninguna; nada; nadie; nunca; jamás; tampoco; sin; apenas; rara vez;
        en lugar de; en vez de;
        не; ни; нет; без; никогда; никто; ничто;
        لا; لم; لن; ليس; ليست; غير; دون; بدون; عدم
    """,
    # something is not done, or must not be
    "predicate": """
        fail*; refus*; refrain*; abstain*; abstention*; cease; ceases; ceased; ceasing; desist*;
        stop; stops; stopped; stopping; prohibit*; forbid*; forbade; ban; bans; banned; banning;
        neglect*; omit*; omission*; lack; lacks; lacked; lacking; deny; denies; denied; denying;
        denial*; declin*; reject*; oppose; opposes; opposed; opposing; avoid*; exempt*; unable;
        unwilling; inability; incapable; impossib*; unlikely;
        interdi*; abstenir; abstien*; abstenant; cesser; cesse; cessent; empêch*; omett*; néglig*;
        échou*; manque*; nier; nie; nient;
        negar*; niega*; niegu*; rechaz*; prohíb*; abstener*; absteng*; impedi*; impide*;
        dejar de; deja de; dejan de; dejen de; incapa*; imposib*
    """,
    # what is left out of all that the sentence says
    "exceptive": """
        except; excepting; exception; exceptions; exceptionally; unless; excluding; exclude;
        excludes; excluded; save for; save in; save as; save where; other than; apart from; but for;
        notwithstanding; regardless; despite;
        sauf; excepté; exceptée; hormis; exclu; exclue; exclus; exclues; excluant; exclure; à moins;
        nonobstant;
        salvo; excepto; excluy*; excluir; excepción; a menos; no obstante;
        кроме; исключ*; если не;
        إلا; باستثناء
    """,
    # on what the whole sentence depends
    "condition": """
        if; until; provided that; provided they; provided it; subject to; so long as; as long as;
        in case; on condition; only when; only where;
        si; jusqu'à ce; à condition; sous réserve; pourvu; en cas; tant que; dès lors;
        hasta que; siempre que; a condición; con sujeción; con tal; en caso
    """,
    # what is bound, allowed or possible
    "modal": """
        shall; should; must; ought; may; might; can; could; will; would; have to; has to; had to;
        need to; needs to; required to; obliged; obligated; bound to; entitled; allowed;
        permitted; able; free to; mandatory; compulsory; optional;
        doit; doivent; devra; devront; devrait; devraient; peut; peuvent; pourra; pourront;
        pourrait; pourraient; puisse; puissent; tenu de; tenue de; tenus de; tenues de;
        obligatoire*; facultati*; faut; faudrait;
        debe; deben; deberá; deberán; debería; deberían; deba; deban; puede; pueden; podrá;
        podrán; podría; podrían; pueda; puedan; tiene que; tienen que; ha de; han de;
        obligatori*;
        должен; должна; должно; должны; обязан; обязана; обязано; обязаны; следует; следовало;
        надлежит; надо; нужно; необходимо; подлежит; подлежат; обязательн*; может; могут; мог;
        могла; могло; могли; можно; нельзя; вправе; разрешается; разрешено; допускается;
        факультативн*;
        يجب; ينبغي; يتعين; يتوجب; يلزم; لا بد; لابد; يجوز; يمكن; يحق; يستطيع; تستطيع; يسمح;
        ملزم; ملزمة; ملزمون; ملزمين; إلزامي; إلزامية; اختياري; اختيارية
    """,
    # how much at least or at most, and who alone
    "limit": """
        only; solely; merely; exclusively; alone; at least; at most; longer; no later; more than;
        less than; fewer than; up to; maximum; minimum; any more;
        seul; seule; seuls; seules; seulement; uniquement; exclusivement; au moins; au plus;
        plus de; moins de; au maximum; au minimum;
        solo; sólo; solamente; únicamente; exclusivamente; al menos; por lo menos; a lo sumo;
        como máximo; como mínimo; más de; menos de
    """,
    # it holds of a part only
    "partial": """
        some; someone; many; most; several; few; half; sometimes; often; usually; certain; either;
        certains; certaines; quelques; plusieurs; la plupart; beaucoup; peu; souvent; parfois;
        algún; alguno; alguna; algunos; algunas; varios; varias; muchos; muchas; pocos; pocas;
        la mayoría; a menudo
    """,
    # it holds of all, which a plural without a word says too
    "universal": """
        all; every; each; everyone; everybody; any; both; always;
        tout; toute; tous; toutes; chaque; chacun; chacune; toujours;
        todo; toda; todos; todas; cada; cualquier; cualquiera; ambos; siempre
    """,
}
# they hold for the whole sentence, beyond its commas
_OF_SENTENCE = frozenset[Category]({"exceptive", "condition"})

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ELISION = re.compile(r"([cdjlmnst]|qu|lorsqu|puisqu)'(?=\w)")
# Chinese sets no spaces, and a sign is part of many words, as in 反应 (reaction) or 许可 (permit)
_CHINESE = re.compile(
    """(?P<negator>[不未無无没勿]|非(?!洲))
    |(?P<modal>应[当该予]|(?<![反供适響响相效回呼])应(?![对急用答聘邀变有付运])|必须|必需|务必|必須|(?<!必)须
    |可以|可能(?!性)|(?<=不)[得能可应許许]|能够|有权|有义务|允许|準许|准许|應[當該])""",
    re.VERBOSE,
)
# Arabic writes "and" and "so" as one word with the next
_ARABIC_PROCLITICS = "وف"
_ARABIC = re.compile(r"[\u0621-\u064a]")
_MOST_WORDS_OF_ENTRY = 3
# what negates a word as a part of it: "able", "unable"
_PREFIXES = ("un", "in", "im", "il", "ir", "dis", "non-", "non")
_SHORTEST_STEM = 4


class Operator(NamedTuple):
    """An operator of a text, in small letters."""

    category: Category
    words: str

    @property
    def is_of_sentence(self) -> bool:
        """Whether it holds beyond the commas of its sentence."""
        return self.category in _OF_SENTENCE


def operators(text: str) -> list[Operator]:
    """Return the operators of ``text`` in order; of nested ones the longest."""
    words = _words(text)
    found: list[Operator] = []
    end = 0
    # most words are none, and the cache tells them quickly
    for at in compress(range(len(words)), map(_may_begin, words)):
        if at >= end:
            length, category = _entry_at(words, at)
            end = at + length
            if category:
                found.append(Operator(category, " ".join(words[at:end])))
    if not text.isascii():
        found += [Operator(_category_of(sign), sign[0]) for sign in _CHINESE.finditer(text)]
    return found


def _category_of(sign: re.Match[str]) -> Category:
    return "negator" if sign["negator"] else "modal"


def negated_by_prefix(old: str, new: str) -> bool:
    """Whether a word has a negative prefix in one text.

    It is in the other without: "able", "unable".
    """
    words, new_words = set(_words(old)), set(_words(new))
    gone, come = words - new_words, new_words - words
    return _has_negation_of(gone, come) or _has_negation_of(come, gone)


def _has_negation_of(words: Iterable[str], others: Iterable[str]) -> bool:
    # an immigrant is a migrant
    stems = {w for w in words if len(w) >= _SHORTEST_STEM and not w.startswith("migra")}
    return any(
        other.removeprefix(prefix) in stems
        for other in others
        for prefix in _PREFIXES
        if other.startswith(prefix)
    )


def _entry_at(words: Sequence[str], at: int) -> tuple[int, Category | None]:
    """Return the length and category of the entry at a place.

    The length is in words. 1 and None where no entry is.
    """
    word = words[at]
    if word in _OPENING:
        for length in range(_MOST_WORDS_OF_ENTRY, 1, -1):
            category = _EXACT.get(" ".join(words[at : at + length]))
            if category:
                return min(length, len(words) - at), category
    return 1, _EXACT.get(word) or _category_by_stem(word)


@lru_cache(maxsize=4096)
def _may_begin(word: str) -> bool:
    return word in _OPENING or word in _EXACT or _category_by_stem(word) is not None


@lru_cache(maxsize=4096)
def _category_by_stem(word: str) -> Category | None:
    if word.endswith("n't"):
        return "negator"
    return next((what for stem, what in _STEMS.items() if word.startswith(stem)), None)


def _words(text: str) -> list[str]:
    """Return the words in small letters.

    An elided word before another is a word of its own.
    """
    text = text.casefold().replace("’", "'")
    found: list[str] = _WORD.findall(text)
    if "'" not in text:
        return found
    words: list[str] = []
    for word in found:
        elided = _ELISION.match(word)
        words += [elided[1], word[elided.end() :]] if elided else [word]
    return words


def _entries() -> Iterator[tuple[str, Category]]:
    for category, entries in _TABLE.items():
        for entry in entries.split(";"):
            stem = entry.strip().endswith("*")
            words = " ".join(_words(entry)) + "*" * stem
            yield words, category
            if _ARABIC.match(words):
                yield from ((sign + words, category) for sign in _ARABIC_PROCLITICS)


_EXACT = {entry: category for entry, category in _entries() if not entry.endswith("*")}
_STEMS = {entry[:-1]: category for entry, category in _entries() if entry.endswith("*")}
# the first words of entries of several
_OPENING = frozenset(entry.split()[0] for entry in _EXACT if " " in entry)

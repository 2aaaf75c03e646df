"""Find what a chair wrote for the next, and what is missing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, QuerySet

from coordination.core.history import HistoryEntry, changes, entries, newest_first
from coordination.rotation.enums import TEXT_PAGES, ItemPage, LessonKind, PromiseState
from coordination.rotation.models import (
    ChairTerm,
    Handover,
    KeptPlace,
    Lesson,
    MatterJudgement,
    OutsidePromise,
    StateOfPlay,
)
from coordination.rotation.queries import chair, confirmed_terms
from coordination.rotation.queries.confirmed_terms import ConfirmedTerms


@dataclass(frozen=True, slots=True)
class TermLessons:
    """The lessons of one term, by question; `term.chairs` is loaded."""

    term: ChairTerm
    answers: tuple[tuple[LessonKind, tuple[Lesson, ...]], ...]

    @property
    def missing(self) -> tuple[LessonKind, ...]:
        """Return the questions without an answer."""
        return tuple(kind for kind, lessons in self.answers if not lessons)


def shown_summary(term: ChairTerm, terms: ConfirmedTerms) -> StateOfPlay | None:
    """Return a term's summary, or the same chair's newest one before it.

    One query.
    """
    run = terms.run_of(term)
    written = StateOfPlay.objects.filter(term__in=run).select_related("written_by", "filed_by")
    by_term = {row.term_id: row for row in written}
    rows = [by_term[one.pk] for one in run if one.pk in by_term]
    return next((row for row in rows if row.summary), by_term.get(term.pk))


def summary_of(term: ChairTerm) -> StateOfPlay | None:
    """Return the summary of a term's state of play, or None; one query."""
    return StateOfPlay.objects.filter(term=term).select_related("written_by", "filed_by").first()


def newest_judgements(term: ChairTerm) -> dict[tuple[str, str], MatterJudgement]:
    """Return the newest judgement of each matter by (kind, key).

    Those of `term` count before those of the terms before it. One query.
    """
    judgements = MatterJudgement.objects.filter(term__first_day__lte=term.first_day)
    newest_last = judgements.select_related("term", "judged_by").order_by(
        "term__first_day", "judged_at", "pk"
    )
    return {(judgement.kind, judgement.key): judgement for judgement in newest_last}


def judgement_of(term: ChairTerm, kind: str, key: str) -> MatterJudgement | None:
    """Return a chair's judgement of a matter, or None.

    One query.
    """
    return MatterJudgement.objects.filter(term=term, kind=kind, key=key).first()


def open_promises() -> QuerySet[OutsidePromise]:
    """Return all chairs' open promises, by due day, undated ones last."""
    rows = OutsidePromise.objects.filter(state=PromiseState.OPEN).select_related("put_down_by")
    # SQLite would put an empty day first
    return rows.order_by(F("due_day").asc(nulls_last=True), "pk")


def kept_places() -> QuerySet[KeptPlace]:
    """Return the places and keys in use, by name."""
    return KeptPlace.objects.filter(ended_at__isnull=True).select_related("agency")


def lessons_in_use() -> QuerySet[Lesson]:
    """Return the lessons that nobody withdrew, oldest first."""
    return (
        Lesson.objects.filter(withdrawn_at__isnull=True)
        .select_related("written_by")
        .order_by("written_at", "pk")
    )


def lessons_by_term(terms: Iterable[ChairTerm]) -> list[TermLessons]:
    """Return the lessons of each term, in the order of `terms`; one query."""
    listed = list(terms)
    by_term: dict[int, list[Lesson]] = {term.pk: [] for term in listed}
    for lesson in lessons_in_use().filter(term__in=listed):
        by_term[lesson.term_id].append(lesson)
    return [
        TermLessons(
            term,
            tuple(
                (kind, tuple(lesson for lesson in by_term[term.pk] if lesson.kind == kind))
                for kind in LessonKind
            ),
        )
        for term in listed
    ]


def terms_with_lessons(day: date) -> QuerySet[ChairTerm]:
    """Return the terms of `day` and those with lessons, newest first.

    All of them are confirmed.
    """
    known = chair.confirmed().filter(first_day__lte=day)
    with_lessons = known.filter(pk__in=lessons_in_use().values("term"))
    return (with_lessons | known.filter(last_day__gte=day)).order_by("-first_day")


def has_text(page: str, term: ChairTerm) -> bool:
    """Return whether the text that an item asks for exists.

    False for any other page. The state of play needs its summary; the lessons need an answer to
    each of the three questions. What the same chair wrote in its terms right before counts.
    Three queries.
    """
    if page not in TEXT_PAGES:
        return False
    run = confirmed_terms.load().run_of(term)
    if page == ItemPage.STATE_OF_PLAY:
        return StateOfPlay.objects.filter(term__in=run).exclude(summary="").exists()
    answered = lessons_in_use().filter(term__in=run).order_by().values_list("kind", flat=True)
    return set(answered) == set(LessonKind.values)


def handover_after(term: ChairTerm, terms: ConfirmedTerms) -> Handover | None:
    """Return the handover from a term, or None where nobody is confirmed to follow. Pure.

    One query. It is to the first term after it that another chair has.
    """
    following = terms.other_chair_after(term)
    handover: Handover | None = getattr(following, "handover", None)
    return handover if handover and handover.set_aside_at is None else None


def text_changes(term: ChairTerm, summary: StateOfPlay | None) -> list[HistoryEntry]:
    """Return the newest changes of a term's summary, judgements, promises, lessons and places.

    Places pass from chair to chair, so they are there whoever changed them. Five queries.
    """
    of_term = [
        entries(model.history.filter(term_id=term.pk), name=lambda record: str(record.instance))
        for model in (MatterJudgement, OutsidePromise, Lesson)
    ]
    places = entries(KeptPlace.history.all(), name=lambda record: record.what)
    of_summary = changes(summary) if summary else ()
    return newest_first(of_summary, places, *of_term)

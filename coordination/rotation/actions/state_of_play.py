"""Write an outgoing chair's state of play.

Its summary, judgements, promises and places.
"""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core import history
from coordination.core.versions import claim
from coordination.members.models import Agency
from coordination.rotation.actions import texts
from coordination.rotation.actions.texts import Writer
from coordination.rotation.enums import PROMISE_LIFE, HandoverChange, PromiseState
from coordination.rotation.errors import IfAndThen, PromiseClosed, SecretRefused, TextGone
from coordination.rotation.models import (
    KeptPlace,
    MatterJudgement,
    OutsidePromise,
    StateOfPlay,
)
from coordination.rotation.queries import secrets
from coordination.rotation.queries import texts as texts_queries


@dataclass(frozen=True, slots=True)
class MatterName:
    """Which matter is judged: see MatterJudgement."""

    kind: str
    key: str


@dataclass(frozen=True, slots=True)
class JudgementInput:
    """The input of a judgement; `condition` and `response` form "if … then …"."""

    outlook: str
    words: str
    condition: str = ""
    response: str = ""


@dataclass(frozen=True, slots=True)
class PromiseInput:
    """A promise: what, to whom, and by when.

    None is no day.
    """

    what: str
    to_whom: str
    due_day: date | None = None


@dataclass(frozen=True, slots=True)
class PlaceInput:
    """A place or key, where it is, and who holds it."""

    what: str
    where: str
    agency: Agency
    holder: str


@transaction.atomic
def write_summary(writer: Writer, summary: str, *, version: int) -> StateOfPlay:
    """Write the summary for the next chair; empty text removes it.

    `version` is 0 for the first one. It voids the signature. Raises Stale, NotAllowed.
    """
    term = texts.lock_term(writer)
    state = texts_queries.summary_of(term)
    if state is None:
        state = StateOfPlay(term=term)
    else:
        claim(state, version)
    state.summary, state.written_by, state.written_at = summary.strip(), writer.by, writer.at
    history.sign(state, by=writer.by, reason=HandoverChange.SUMMARY_WRITTEN)
    state.save()
    texts.text_changed(term, by=writer.by, at=writer.at)
    return state


@transaction.atomic
def judge(
    writer: Writer, matter: MatterName, judgement: JudgementInput, *, version: int
) -> MatterJudgement:
    """Write the chair's line on a matter.

    `version` is 0 for the first one. It voids the signature. Raises IfAndThen, Stale, NotAllowed.
    """
    condition, response = judgement.condition.strip(), judgement.response.strip()
    if bool(condition) != bool(response):
        raise IfAndThen(
            _("“If” and “then” belong together: give both or none."),
            field="response" if condition else "condition",
        )
    term = texts.lock_term(writer)
    row = texts_queries.judgement_of(term, matter.kind, matter.key)
    if row is None:
        row = MatterJudgement(term=term, kind=matter.kind, key=matter.key)
    else:
        claim(row, version)
    row.outlook, row.words = judgement.outlook, judgement.words.strip()
    row.condition, row.response = condition, response
    row.judged_by, row.judged_at = writer.by, writer.at
    history.sign(row, by=writer.by, reason=HandoverChange.MATTER_JUDGED)
    row.save()
    texts.text_changed(term, by=writer.by, at=writer.at)
    return row


@transaction.atomic
def add_promise(writer: Writer, promise: PromiseInput) -> OutsidePromise:
    """Add a promise, which voids the signature.

    Raises NotAllowed.
    """
    term = texts.lock_term(writer)
    row = OutsidePromise(term=term, put_down_by=writer.by, put_down_at=writer.at)
    return save_promise(row, promise, writer, HandoverChange.PROMISE_PUT_DOWN)


@transaction.atomic
def edit_promise(
    row: OutsidePromise, promise: PromiseInput, writer: Writer, *, version: int
) -> OutsidePromise:
    """Edit an open promise of any chair.

    It voids the signature of the writer's term. Raises PromiseClosed, Stale, NotAllowed.
    """
    row = lock_promise(row, writer, version=version)
    return save_promise(row, promise, writer, HandoverChange.PROMISE_EDITED)


@transaction.atomic
def settle_promise(
    row: OutsidePromise, state: str, writer: Writer, *, note: str, version: int
) -> OutsidePromise:
    """Record a promise as kept or dropped.

    It voids the signature of the writer's term. Raises PromiseClosed, Stale, NotAllowed.
    """
    row = lock_promise(row, writer, version=version)
    row.state, row.note, row.settled_at = PromiseState(state), note.strip(), writer.at
    history.sign(row, by=writer.by, reason=HandoverChange.PROMISE_SETTLED)
    row.save(update_fields=["state", "note", "settled_at", "version"])
    texts.text_changed(writer.term, by=writer.by, at=writer.at)
    return row


def lock_promise(row: OutsidePromise, writer: Writer, *, version: int) -> OutsidePromise:
    """Lock an open promise and claim its version.

    Raises PromiseClosed, Stale, NotAllowed.
    """
    texts.lock_term(writer)
    row = OutsidePromise.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if not PROMISE_LIFE.allows(row.state, PromiseState.KEPT):
        raise PromiseClosed(
            _("This promise is “%(state)s” already.") % {"state": PromiseState(row.state).label}
        )
    claim(row, version)
    return row


def save_promise(
    row: OutsidePromise, promise: PromiseInput, writer: Writer, reason: HandoverChange
) -> OutsidePromise:
    """Save the words of a promise, in the caller's transaction."""
    row.what, row.to_whom = promise.what.strip(), promise.to_whom.strip()
    row.due_day = promise.due_day
    history.sign(row, by=writer.by, reason=reason)
    row.save()
    texts.text_changed(writer.term, by=writer.by, at=writer.at)
    return row


def refuse_secret(place: PlaceInput) -> None:
    """Raise SecretRefused for a text that may hold a secret.

    The first such text.
    """
    for field, text in (("what", place.what), ("where", place.where), ("holder", place.holder)):
        if secrets.looks_like_secret(text):
            raise SecretRefused(
                _(
                    "This looks like a password. Everybody in the group reads this page: say who "
                    "holds the key, and hand the secret over another way."
                ),
                field=field,
            )


@transaction.atomic
def add_place(writer: Writer, place: PlaceInput) -> KeptPlace:
    """Add a place or key, which voids the signature.

    Raises SecretRefused, NotAllowed.
    """
    refuse_secret(place)
    texts.lock_term(writer)
    row = KeptPlace(put_down_at=writer.at)
    return save_place(row, place, writer, HandoverChange.PLACE_PUT_DOWN)


@transaction.atomic
def edit_place(row: KeptPlace, place: PlaceInput, writer: Writer, *, version: int) -> KeptPlace:
    """Edit a place or key of any chair.

    It voids the signature of the writer's term. Raises SecretRefused, TextGone, Stale,
    NotAllowed.
    """
    refuse_secret(place)
    row = lock_place(row, writer, version=version)
    return save_place(row, place, writer, HandoverChange.PLACE_EDITED)


@transaction.atomic
def end_place(row: KeptPlace, writer: Writer, *, version: int) -> KeptPlace:
    """Record that a place or key is no longer used.

    It voids the signature of the writer's term. Raises TextGone, Stale, NotAllowed.
    """
    row = lock_place(row, writer, version=version)
    row.ended_at = writer.at
    history.sign(row, by=writer.by, reason=HandoverChange.PLACE_ENDED)
    row.save(update_fields=["ended_at", "version"])
    texts.text_changed(writer.term, by=writer.by, at=writer.at)
    return row


def lock_place(row: KeptPlace, writer: Writer, *, version: int) -> KeptPlace:
    """Lock a place in use and claim its version.

    Raises TextGone, Stale, NotAllowed.
    """
    texts.lock_term(writer)
    row = KeptPlace.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.ended_at is not None:
        raise TextGone(_("This place has ended; add it anew."))
    claim(row, version)
    return row


def save_place(
    row: KeptPlace, place: PlaceInput, writer: Writer, reason: HandoverChange
) -> KeptPlace:
    """Save the words of a place, in the caller's transaction."""
    row.what, row.where = place.what.strip(), place.where.strip()
    row.agency, row.holder = place.agency, place.holder.strip()
    history.sign(row, by=writer.by, reason=reason)
    row.save()
    texts.text_changed(writer.term, by=writer.by, at=writer.at)
    return row

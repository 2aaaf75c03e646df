"""State changes that belong to no domain."""

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.dispatch import Signal
from django.utils.translation import gettext as _
from simple_history.utils import get_history_manager_for_model

from coordination.core import formatting, history
from coordination.core.enums import CoreChange
from coordination.core.errors import (
    AlreadySetUp,
    AlreadySubmitted,
    FarFromToday,
    FieldRefused,
    RuleBroken,
)
from coordination.core.models import FormSubmission, Group, Heartbeat

Record = TypeVar("Record", bound=models.Model)
# Sent with `records` by the functions below, which write many rows without Django's own signals.
records_written = Signal()
SUBMISSIONS_KEPT_FOR = timedelta(days=7)
ACTS_WITHIN = timedelta(days=3653)


@contextmanager
def constraint_as_error(
    constraint: str | tuple[str, ...], check: Callable[[], None], otherwise: RuleBroken
) -> Iterator[None]:
    """Turn a violation of a database constraint into a named error.

    `constraint` is one name or several. `check` raises the error that names the other record.
    Raises `otherwise` if `check` passes, because the other record has changed meanwhile. Other
    integrity errors pass through.
    """
    try:
        # a savepoint: after a refusal PostgreSQL accepts no more queries in a transaction
        with transaction.atomic():
            yield
    except IntegrityError as error:
        names = (constraint,) if isinstance(constraint, str) else constraint
        if not any(name in str(error) for name in names):
            raise
        # asked again now: the other record is committed, so its error can name it
        check()
        raise otherwise from error


def refuse_far_day(day: date, *, at: datetime, field: str) -> None:
    """Raise FarFromToday unless `day` is within ten years of `at`.

    It is for acts, whose far days are typing errors. Records of history may be older.
    """
    first, last = at.date() - ACTS_WITHIN, at.date() + ACTS_WITHIN
    if not first <= day <= last:
        raise FarFromToday(
            _("This is more than ten years from today. Choose a day from %(first)s to %(last)s.")
            % {"first": formatting.plain_day(first), "last": formatting.plain_day(last)},
            field=field,
        )


@contextmanager
def submit_once(
    token: uuid.UUID, content_sha256: str, *, by: Any, at: datetime
) -> Iterator[FormSubmission]:
    """Let a person's form token work only once.

    It is used in one transaction with what the form creates. The block sets `leads_to`, the address
    of what it created. Without it the form was refused and the token stays unused. Of two requests
    with one token, the unique constraint makes the second wait for the first. Raises
    AlreadySubmitted for a used token.
    """
    with transaction.atomic():
        submission, is_first = FormSubmission.objects.get_or_create(
            person_id=by.pk, token=token, defaults={"content_sha256": content_sha256, "at": at}
        )
        if not is_first:
            raise AlreadySubmitted(
                _(
                    "You already sent this form, with other content. Open the form again to send "
                    "what is below."
                ),
                leads_to=submission.leads_to,
                same_content=submission.content_sha256 == content_sha256,
            )
        yield submission
        # nothing of a failed request is saved, its token included
        if submission.failed:
            transaction.set_rollback(True)
        elif submission.leads_to:
            submission.save(update_fields=["leads_to"])
        else:
            submission.delete()


def purge(*, at: datetime) -> int:
    """Delete old form tokens and expired sessions.

    Returns the number of tokens. No browser repeats a form after SUBMISSIONS_KEPT_FOR. Django
    deletes no expired session itself.
    """
    SessionStore.clear_expired()
    return FormSubmission.objects.filter(at__lt=at - SUBMISSIONS_KEPT_FOR).delete()[0]


def beat(name: str, *, at: datetime) -> None:
    """Record that the component `name` worked at `at` (UTC)."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": at})


def create_with_history(records: Sequence[Record]) -> Sequence[Record]:
    """Insert records, each signed (`history.sign`), and their history entries: two queries."""
    if records:
        type(records[0])._default_manager.bulk_create(records)
        write_history(records, "+")
    return records


def update_with_history(records: Sequence[Record], fields: Sequence[str]) -> Sequence[Record]:
    """Save `fields` of locked, signed records with their history.

    Three queries. Like `bulk_update` it looks at no version: the caller holds the locks.
    """
    if not records:
        return records
    rows = type(records[0])._default_manager.filter(pk__in=[record.pk for record in records])
    first = records[0]
    shared = {
        name: getattr(first, name)
        for name in fields
        if all(getattr(record, name) == getattr(first, name) for record in records)
    }
    # one value for all rows is a plain UPDATE; bulk_update writes a CASE with a line for each row
    if shared:
        rows.update(**shared)
    own = [name for name in fields if name not in shared]
    if own:
        type(first)._default_manager.bulk_update(records, own)
    write_history(records, "~")
    return records


def delete_with_history(records: Sequence[Record]) -> None:
    """Delete signed records and write their history entries.

    Two queries. No row points to the records. The database refuses the deletion of a row to which
    another one points.
    """
    if records:
        rows = type(records[0])._default_manager.filter(pk__in=[record.pk for record in records])
        # `delete` sends a signal for each record, and simple-history answers each with a query
        rows._raw_delete(rows.db)  # noqa: SLF001 - Django has no public delete without signals
        write_history(records, "-")


def write_history(records: Sequence[Any], kind: str) -> None:
    """Insert the history entries of signed records.

    One query. All are of one kind ("+", "~" or "-"). simple-history's own bulk functions know no
    deletion, and do not date by our clock.
    """
    manager = get_history_manager_for_model(type(records[0]))
    at = history.moment_of_change()
    manager.bulk_create(
        manager.model(
            history_date=at,
            history_type=kind,
            history_user=record._history_user,  # noqa: SLF001 - see history.sign
            history_change_reason=record._change_reason,  # noqa: SLF001 - see history.sign
            history_reason_values=history.reason_values(record),
            **{
                field.attname: getattr(record, field.attname)
                for field in manager.model.tracked_fields
            },
        )
        for record in records
    )
    records_written.send(sender=type(records[0]), records=records)


@transaction.atomic
def set_group(settings: Mapping[str, Any], *, at: datetime) -> bool:
    """Put the group's settings (fixtures/group.json) on record.

    Returns whether anything changed.
    """
    group = Group.objects.order_by("pk").first()
    return load_record(Group, {"pk": group.pk if group else 1}, settings)[1]


def clean(record: models.Model) -> None:
    """Raise FieldRefused for the first invalid value of the record.

    Its fields and constraints are checked. Forms do it on pages. Relations are left to the
    database.
    """
    try:
        record.clean_fields(
            exclude=[field.name for field in record._meta.fields if field.is_relation]
        )
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        raise FieldRefused(messages[0], field=name) from error
    try:
        record.validate_constraints()
    except ValidationError as error:
        raise FieldRefused(error.messages[0]) from error


@transaction.atomic
def set_up_group(group: Group) -> Group:
    """Put the one group on record, in an empty database.

    Raises AlreadySetUp, FieldRefused.
    """
    present = Group.objects.order_by("pk").first()
    if present:
        raise AlreadySetUp(
            _("This database belongs to the %(group)s already.") % {"group": present.name}
        )
    clean(group)
    history.sign(group, by=None, reason=CoreChange.GROUP_SET_UP)
    group.save()
    return group


def load_record(
    model: type[Record],
    key: Mapping[str, Any],
    values: Mapping[str, Any],
    *,
    refuse: Callable[[Record], None] = lambda _record: None,
) -> tuple[Record, bool]:
    """Create or update one record of reference data.

    Returns the record, and whether it changed. Values may be JSON values. A record that a person
    has changed stays as it is. An unchanged record is not written, so loading twice leaves no
    history. `refuse` raises where a rule forbids the new values. Raises ValidationError for a value
    that its field refuses.
    """
    stored = model._default_manager.filter(**key).first()
    obj = stored or model(**{name: _read(model, name, value) for name, value in key.items()})
    wanted = {name: _read(model, name, value) for name, value in values.items()}
    if stored and (_same(stored, wanted) or _edited(stored)):
        return stored, False
    for name, value in wanted.items():
        setattr(obj, name, value)
    refuse(obj)
    history.sign(obj, by=None, reason=CoreChange.REFERENCE_DATA)
    obj.save()
    return obj, True


def _read(model: type[models.Model], name: str, value: Any) -> Any:
    """Return a value of JSON as the field keeps it."""
    if name == "pk" or isinstance(value, models.Model):
        return value
    field: Any = model._meta.get_field(name)
    read = field.to_python(value)
    # `save` runs no validators
    field.run_validators(read)
    return read


def _same(obj: models.Model, wanted: Mapping[str, Any]) -> bool:
    return {name: getattr(obj, name) for name in wanted} == dict(wanted)


def _edited(obj: Any) -> bool:
    """Say whether somebody changed the record after it was loaded."""
    return bool(obj.history.exclude(history_change_reason=CoreChange.REFERENCE_DATA).exists())

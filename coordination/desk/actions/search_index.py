"""Keeping the search index in step with the records.

Every written record is noted, and its entry is made anew after the commit. What falls out of step
(a worker killed between the two, rows written by hand) is mended by `rebuild`.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.models import Model
from django.db.models.signals import post_delete, post_save

from coordination.core.actions import records_written
from coordination.desk.enums import EntryKind
from coordination.desk.models import SearchEntry, SearchWord
from coordination.desk.queries import search_entries
from coordination.searchkit import words

AT_ONCE = 200
FIELDS = [
    field.name
    for field in SearchEntry._meta.concrete_fields
    if field.name not in {"id", "kind", "object_id"}
]


class Changes:
    """The entries to make anew once a transaction commits."""

    def __init__(self) -> None:
        self.keys: dict[EntryKind, set[int]] = defaultdict(set)

    def write(self) -> None:
        """Make the entries anew, with those that name a changed agency."""
        if self.keys[EntryKind.AGENCY]:
            for kind, keys in search_entries.entries_naming(self.keys[EntryKind.AGENCY]):
                self.keys[kind] |= keys
        for kind, keys in self.keys.items():
            if keys:
                update(kind, sorted(keys))


def note(records: Iterable[Model]) -> None:
    """Have the entries that these records change made anew after the commit.

    However many records a transaction writes, each entry is made once.
    """
    waiting = [call for _ids, call, _robust in transaction.get_connection().run_on_commit]
    noted = next((call.__self__ for call in waiting if is_ours(call)), None)
    changes = noted or Changes()
    for record in records:
        kind, field = search_entries.CHANGES[type(record)]
        changes.keys[kind].add(getattr(record, field))
    if noted is None:
        # robust: a fault of the index must not turn a committed act into an error page
        transaction.on_commit(changes.write, robust=True)


def is_ours(call: Any) -> bool:
    """Return whether a call that waits for the commit writes the index."""
    return isinstance(getattr(call, "__self__", None), Changes)


@transaction.atomic
def update(kind: EntryKind, keys: Sequence[int]) -> None:
    """Rebuild the index entries of records.

    Those of deleted records are deleted. Each entry is locked before its record is read. Of two
    commits at once the later reads what both wrote.
    """
    SearchEntry.objects.bulk_create(
        [SearchEntry(kind=kind, object_id=key) for key in keys], ignore_conflicts=True
    )
    stored = SearchEntry.objects.filter(kind=kind, object_id__in=keys).order_by("pk")
    kept = {entry.object_id: entry for entry in stored.select_for_update(of=("self",))}
    made = {entry.object_id: entry for entry in search_entries.entries_of(kind, keys)}
    for key, entry in made.items():
        entry.pk = kept.pop(key).pk
    SearchEntry.objects.bulk_update(made.values(), FIELDS, batch_size=AT_ONCE)
    gone = [entry.pk for entry in kept.values()]
    SearchEntry.objects.filter(pk__in=gone).delete()
    write_terms(list(made.values()), gone)
    add_words(made.values())


@transaction.atomic
def rebuild() -> int:
    """Make the whole index anew and return the number of entries.

    Readers see the old one until the new one is complete.
    """
    SearchEntry.objects.all().delete()
    SearchWord.objects.all().delete()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM desk_searchterms")
    for kind in EntryKind:
        for entries in in_batches(search_entries.entries_of(kind)):
            write_terms(SearchEntry.objects.bulk_create(entries), [])
            add_words(entries)
    return SearchEntry.objects.count()


def build_if_empty(*, using: str, **_: Any) -> None:
    """Build the index after `migrate` if it has no entry.

    Then the database is older than the index.
    """
    if using != DEFAULT_DB_ALIAS:
        return
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
    if SearchEntry._meta.db_table in tables and not SearchEntry.objects.exists():
        rebuild()


def in_batches(entries: Iterable[SearchEntry]) -> Iterable[list[SearchEntry]]:
    """Yield lists of at most 200 entries."""
    batch: list[SearchEntry] = []
    for entry in entries:
        batch.append(entry)
        if len(batch) == AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def write_terms(entries: Sequence[SearchEntry], gone: Sequence[int]) -> None:
    """Write the terms into the FTS5 table of SQLite.

    PostgreSQL indexes the columns themselves.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.executemany(
            "DELETE FROM desk_searchterms WHERE rowid = %s",
            [[key] for key in (*gone, *(entry.pk for entry in entries))],
        )
        cursor.executemany(
            "INSERT INTO desk_searchterms (rowid, title_terms, terms) VALUES (%s, %s, %s)",
            [[entry.pk, entry.title_terms, entry.terms] for entry in entries],
        )


def add_words(entries: Iterable[SearchEntry]) -> None:
    """Add the words of entries to those for spelling suggestions."""
    found: set[str] = set()
    for entry in entries:
        found |= words.spellings(f"{entry.title}\n{entry.about}\n{entry.text}")
    # sorted: two transactions that add the same words wait in one order
    rows = [SearchWord(word=word, length=len(word)) for word in sorted(found)]
    SearchWord.objects.bulk_create(rows, ignore_conflicts=True, batch_size=AT_ONCE)


def _record_written(instance: Model, **_: Any) -> None:
    if type(instance) in search_entries.CHANGES:
        note([instance])


def _records_written(sender: type[Model], records: Iterable[Model], **_: Any) -> None:
    if sender in search_entries.CHANGES:
        note(records)


def listen() -> None:
    """Listen to every write of a record.

    Records saved one by one and many at once.
    """
    for signal in (post_save, post_delete):
        signal.connect(_record_written, dispatch_uid="desk.search")
    records_written.connect(_records_written, dispatch_uid="desk.search")

"""One database as one file.

Dump it from one snapshot, load it into a trial database, and replace ours by that.
"""

import os
import secrets
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from django.db import DatabaseError, OperationalError, connection, connections, transaction
from psycopg import pq

from coordination.core.errors import RuleBroken

Answer = TypeVar("Answer")
LONGEST_NAME = 40  # PostgreSQL cuts names at 63 bytes; a suffix of 17 is added
SWAP_ATTEMPTS = 5  # each waits up to five seconds for other sessions to end
LOCALE_PROVIDERS = {
    "c": "",
    "i": "LOCALE_PROVIDER icu ICU_LOCALE",
    "b": "LOCALE_PROVIDER builtin BUILTIN_LOCALE",
}
# The name of the column differs between PostgreSQL 15 and 17, so the row is read as JSON
LOCALE = (
    "SELECT pg_encoding_to_char(encoding), datcollate, datctype, datlocprovider, "
    "coalesce(to_jsonb(d)->>'datlocale', to_jsonb(d)->>'daticulocale') FROM pg_database d WHERE "
    "datname = %s"
)
NO_MORE_LOCKS = "out of shared memory"  # what PostgreSQL says in English
TOO_FEW_LOCKS = (
    "PostgreSQL has too few locks for this; nothing was changed. Set max_locks_per_transaction to "
    "256, restart PostgreSQL, and try again. A restore needs few locks if the role may create "
    "databases (ALTER ROLE … CREATEDB)."
)
END_SESSIONS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = %s AND usename = current_user AND pid <> pg_backend_pid()"
)


class NotABackup(RuleBroken):
    """The file is not an archive of ours, or it is damaged."""


class DumpFailed(RuleBroken):
    """The database's own tool failed."""


def environment() -> dict[str, str]:
    """Return the environment in which PostgreSQL's tools connect as the app does.

    What DATABASE_URL leaves out comes from the operator's variables, as for the app. libpq names
    the variable of each option; the few options without one are left out.
    """
    db = connection.settings_dict
    options = {
        **db["OPTIONS"],
        "host": db["HOST"],
        "port": db["PORT"],
        "user": db["USER"],
        "password": db["PASSWORD"],
    }
    variables = {
        option.keyword.decode(): option.envvar.decode()
        for option in pq.Conninfo.get_defaults()
        if option.envvar
    }
    variables_of_ours = {
        variables[name]: str(value)
        for name, value in options.items()
        if name in variables and value not in (None, "")
    }
    return {**os.environ, **variables_of_ours}


def run_tool(name: str, *arguments: str) -> None:
    """Run a tool of PostgreSQL on our server.

    The password is in the environment, since arguments are public. Raises DumpFailed.
    """
    try:
        result = subprocess.run(  # noqa: S603 - our own arguments
            [name, *arguments], env=environment(), capture_output=True, text=True, check=False
        )
    except FileNotFoundError as error:
        raise DumpFailed(f"{name} is not on this machine; install postgresql-client.") from error
    if result.returncode:
        lines = result.stderr.strip().splitlines() or ["no output"]
        # pg_restore tells the error first, and then what helps and which command it was
        errors = [line for line in lines if "error:" in line.lower()]
        raise DumpFailed(
            TOO_FEW_LOCKS
            if NO_MORE_LOCKS in result.stderr
            else f"{name} failed: {(errors or lines[-1:])[0]}"
        )


@contextmanager
def connected_to(name: str, **options: Any) -> Iterator[str]:
    """Connect to another database of our server, or another file.

    Yields the alias of the connection.
    """
    alias = f"other-{secrets.token_hex(4)}"
    other = connection.copy()
    other.settings_dict |= {"NAME": name, **options}
    connections[alias] = other
    try:
        yield alias
    finally:
        other.close()
        del connections[alias]


def connected_to_file(path: Path) -> Any:
    """Connect to a SQLite file without changing its journal mode."""
    return connected_to(str(path), OPTIONS={})


def dump(path: Path, *, read: Callable[[str], Answer]) -> Answer:
    """Write the database to a file.

    Returns the result of `read` for it. `read` takes the alias of a connection and sees exactly
    what is written. PostgreSQL exports one snapshot for `read` and pg_dump. On SQLite `read` looks
    at the copy.
    """
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(path)) as copy:
            connection.connection.backup(copy)
        with connected_to_file(path) as alias:
            return read(alias)
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        # pg_dump reads the same snapshot, so the proof describes exactly what it writes.
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        # the snapshot ends with this transaction
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        answer = read("default")
        name = str(connection.settings_dict["NAME"])
        run_tool(
            "pg_dump",
            "--format=custom",
            "--no-owner",
            f"--snapshot={snapshot}",
            "--file",
            str(path),
            name,
        )
    return answer


def may_create_databases() -> bool:
    """Return whether our role may create and rename databases."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
        return bool(cursor.fetchone()[0])


@contextmanager
def maintenance() -> Iterator[str]:
    """Connect to another database of our server.

    A database cannot be renamed or dropped from within.
    """
    name = "template1" if connection.settings_dict["NAME"] == "postgres" else "postgres"
    with connected_to(name) as alias:
        yield alias


def create_like_ours(name: str) -> None:
    """Create an empty database with our encoding and locale."""
    with maintenance() as server, connections[server].cursor() as cursor:
        cursor.execute(LOCALE, [connection.settings_dict["NAME"]])
        encoding, collate, ctype, provider, locale = cursor.fetchone()
        choice = LOCALE_PROVIDERS[provider] and f"{LOCALE_PROVIDERS[provider]} '{locale}'"
        cursor.execute(
            f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING '{encoding}' LC_COLLATE "
            f"'{collate}' LC_CTYPE '{ctype}' {choice}"
        )


def drop(name: str) -> None:
    """Drop a database if it exists."""
    with maintenance() as server, connections[server].cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def loaded(path: Path) -> Iterator[str | None]:
    """Load a dump into a trial database.

    Yields the alias of a connection, or None where our role may not create a database. The trial
    database is dropped at the end, unless `put_in_place` made it ours. On SQLite the file is the
    trial database. Raises NotABackup or DumpFailed for a dump that cannot be loaded.
    """
    if connection.vendor == "sqlite":
        with connected_to_file(path) as alias:
            if not is_whole(alias):
                raise NotABackup("The database in this back-up cannot be read.")
            yield alias
    elif not may_create_databases():
        yield None
    else:
        name = (
            f"{str(connection.settings_dict['NAME'])[:LONGEST_NAME]}_restore_{secrets.token_hex(4)}"
        )
        create_like_ours(name)
        try:
            run_tool("pg_restore", "--exit-on-error", "--no-owner", "--dbname", name, str(path))
            with connected_to(name) as alias:
                yield alias
        finally:
            drop(name)


def is_whole(alias: str) -> bool:
    """Return whether a SQLite database can be read to its end."""
    try:
        with connections[alias].cursor() as cursor:
            return bool(cursor.execute("PRAGMA integrity_check").fetchall() == [("ok",)])
    except DatabaseError:
        return False


def put_in_place(path: Path, trial: str | None) -> None:
    """Replace our database by the trial database, in one transaction.

    Without a trial database, by the dump.
    """
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(path)) as copy:
            copy.backup(connection.connection)
    elif trial is None:
        name = str(connection.settings_dict["NAME"])
        # pg_restore needs locks on tables that our own connection may still hold.
        connections.close_all()
        run_tool(
            "pg_restore",
            "--clean",
            "--if-exists",
            "--no-owner",
            "--single-transaction",
            "--dbname",
            name,
            str(path),
        )
    else:
        swap(trial)


def swap(alias: str) -> None:
    """Give our database's name to the trial database.

    The sessions of others are ended, and the former database is dropped. Raises DumpFailed.
    """
    trial = str(connections[alias].settings_dict["NAME"])
    ours, old = str(connection.settings_dict["NAME"]), f"{trial}_old"
    connections.close_all()
    connections[alias].close()
    with maintenance() as server, connections[server].cursor() as cursor:
        for _attempt in range(SWAP_ATTEMPTS):
            # A database with sessions cannot be renamed.
            cursor.execute(END_SESSIONS, [ours])
            try:
                # Both renames or none: there is always a database of our name.
                with transaction.atomic(using=server):
                    cursor.execute(f'ALTER DATABASE "{ours}" RENAME TO "{old}"')
                    cursor.execute(f'ALTER DATABASE "{trial}" RENAME TO "{ours}"')
                break
            except OperationalError:  # somebody connected again in between
                continue
        else:
            raise DumpFailed(
                "Other programs stay connected to the database. Stop them, and restore again; "
                "nothing was changed."
            )
    drop(old)

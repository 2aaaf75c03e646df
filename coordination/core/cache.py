"""The cache table, which holds only the counters of rate limits."""

from collections.abc import Callable
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.db import DatabaseError, connections, router

from coordination.core.unavailable import is_unavailable


class CounterCache(DatabaseCache):
    """Django's database cache, except that a full disk is an error.

    Django treats every failed write as a race that another process won. A rate limit would then
    report a full disk as "too many attempts".
    """

    cache_model_class: Any

    def _base_set(self, mode: str, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT) -> bool:
        """Write; raise the error that Django swallows when the database is unavailable."""
        failures: list[DatabaseError] = []

        def watch(run: Callable[..., Any], *arguments: Any) -> Any:
            try:
                return run(*arguments)
            except DatabaseError as error:
                failures.append(error)
                raise

        with connections[router.db_for_write(self.cache_model_class)].execute_wrapper(watch):
            written: bool = super()._base_set(mode, key, value, timeout)  # type: ignore[misc]  # the stubs do not know it
        if failures and is_unavailable(failures[0]):
            raise failures[0]
        return written

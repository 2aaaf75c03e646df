"""Replaces the key with which adoptions are signed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from coordination.core import clock
from coordination.statements.actions import signing
from coordination.statements.errors import KeyFromSettings
from coordination.statements.proofkit.sealing import BadKey


class Command(BaseCommand):
    """Rotate the signing key.

    Old signatures stay valid, and old public keys stay published.
    """

    help = "Replace the key with which adoptions are signed; old public keys stay published."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the identity of the new key."""
        try:
            key = signing.rotate_key(at=clock.now())
        except KeyFromSettings as error:
            raise CommandError(error.message) from error
        except (OSError, BadKey) as error:
            raise CommandError(f"The key cannot be read or written: {error}") from error
        self.stdout.write(f"The new key is {key.key_id}.")

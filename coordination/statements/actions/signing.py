"""Sign manifests with the key of this installation."""

import base64
import json
import logging
import os
import secrets
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core import history
from coordination.core.models import Group
from coordination.statements.enums import StatementsChange
from coordination.statements.errors import KeyFromSettings
from coordination.statements.models import Manifest, ManifestEnvelope, SigningKey
from coordination.statements.proofkit import sealing
from coordination.statements.proofkit.sealing import SigningPair

logger = logging.getLogger(__name__)
ONLY_OWNER = 0o600


def installation_pair() -> SigningPair:
    """Return the installation's key, making its file once.

    Raises OSError or BadKey when the file cannot be read.
    """
    if settings.SIGNING_KEY:
        return sealing.read_pair(settings.SIGNING_KEY)
    path = settings.SIGNING_KEY_FILE
    if not path.exists():
        make_key_file(path)
    return sealing.read_pair(path.read_text(encoding="ascii"))


def make_key_file(path: Path) -> None:
    """Write a new key, unless another process has just done so."""
    temporary = write_key(path, sealing.new_pair())
    try:
        # a link fails where the name is taken; a rename would replace the other's key
        os.link(temporary, path)
    except FileExistsError:
        logger.info("Another process made the signing key.")
    finally:
        temporary.unlink()


def write_key(path: Path, pair: SigningPair) -> Path:
    """Write a key to a new file for the owner alone.

    The file is beside `path` and is returned.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, ONLY_OWNER)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pair.pem)
        file.flush()
        os.fsync(file.fileno())
    return temporary


def key_in_use(pair: SigningPair, *, at: datetime) -> SigningKey:
    """Return the key's record, and retire any other.

    The caller holds the lock of the group.
    """
    used = SigningKey.objects.filter(used_until__isnull=True).first()
    if used is not None and used.key_id == pair.key_id:
        return used
    if used is not None:
        used.used_until = at
        used.version += 1
        history.sign(used, by=None, reason=StatementsChange.KEY_REPLACED)
        used.save(update_fields=["used_until", "version"])
    key, is_new = SigningKey.objects.get_or_create(
        key_id=pair.key_id,
        defaults={
            "public_key": base64.b64encode(pair.public).decode(),
            "used_from": at,
        },
    )
    if not is_new:
        # the environment has an earlier key again, as after a restore
        key.used_until = None
        key.version += 1
        history.sign(key, by=None, reason=StatementsChange.KEY_MADE)
        key.save(update_fields=["used_until", "version"])
    return key


@transaction.atomic
def keep_key(*, at: datetime) -> None:
    """Create and record the key of a new installation.

    So the beginning of its use tells nobody when something was adopted.
    """
    try:
        pair = installation_pair()
    except (OSError, sealing.BadKey):
        logger.exception("The signing key cannot be read.")
        return
    if not SigningKey.objects.filter(key_id=pair.key_id, used_until__isnull=True).exists():
        lock_group()
        key_in_use(pair, at=at)


def lock_group() -> None:
    """Lock the group, so that manifests and keys are serial."""
    list(Group.objects.select_for_update(of=("self",)).values_list("pk", flat=True))


def sign_manifest(manifest: Manifest, *, at: datetime) -> ManifestEnvelope | None:
    """Sign a manifest; None if the key cannot be read.

    The caller holds the lock of the group. A later call of `sign_unsigned` makes up for it: an
    adoption does not fail because a file of the server does.
    """
    try:
        pair = installation_pair()
    except (OSError, sealing.BadKey):
        logger.exception("The signing key cannot be read; the manifest waits for its signature.")
        return None
    files = {
        each["name"]: each["sha256"]
        for each in json.loads(manifest.content)["files"]
        if "sha256" in each
    }
    return ManifestEnvelope.objects.create(
        manifest=manifest,
        key=key_in_use(pair, at=at),
        content=sealing.seal(manifest.content.encode(), files, pair).decode(),
        signed_at=at,
    )


@transaction.atomic
def sign_unsigned(*, at: datetime) -> int:
    """Sign the manifests whose signature waits; return how many."""
    if not Manifest.objects.filter(envelope__isnull=True).exists():
        return 0
    lock_group()
    waiting = Manifest.objects.filter(envelope__isnull=True).order_by("number")
    return sum(sign_manifest(manifest, at=at) is not None for manifest in waiting)


@transaction.atomic
def rotate_key(*, at: datetime) -> SigningKey:
    """Replace the key in the file; the old public key stays on record.

    Raises KeyFromSettings where the key is in the environment.
    """
    if settings.SIGNING_KEY:
        raise KeyFromSettings(
            _(
                "The key is in SIGNING_KEY. Put another one there and start the app again; its "
                "public key is published from its first signature."
            )
        )
    lock_group()
    # the old key is on record even if it never signed
    key_in_use(installation_pair(), at=at)
    pair = sealing.new_pair()
    key = key_in_use(pair, at=at)
    # last: a crash before it changes nothing, one after it is made up for by `key_in_use`
    write_key(settings.SIGNING_KEY_FILE, pair).replace(settings.SIGNING_KEY_FILE)
    return key

"""The ZIP with everything that proves an adoption."""

import io
import zipfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from coordination.statements.proofkit import verify

# the first year that a ZIP can hold
FIRST_YEAR = 1980
READABLE = 0o644 << 16


def pack(files: Mapping[str, bytes], at: datetime) -> bytes:
    """Return a reproducible ZIP of the files, dated `at`.

    `files` are by name; the same input gives the same bytes. Nothing is compressed: the PDF and
    Word files are already, and compressors differ.
    """
    target = io.BytesIO()
    date_time = (max(at.year, FIRST_YEAR), at.month, at.day, at.hour, at.minute, at.second)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, date_time)
            entry.create_system, entry.external_attr = 3, READABLE
            archive.writestr(entry, files[name])
    return target.getvalue()


def script() -> bytes:
    """Return the script that checks the ZIP, as it is shipped with it."""
    return Path(verify.__file__).read_bytes()


READ_ME = """{title}
{symbol}

This folder proves which words the {group} adopted on {day}, and who
signed them. The words are in statement.txt; statement.pdf, statement.docx
and statement.xml show the same text.

CHECK IT IN ONE STEP
  1. Install Python from python.org, then the package: pip install cryptography
  2. In this folder: python verify.py
  The last line says whether all is in order. To check with the keys that the
  group publishes, not with those in this folder, download
  {keys}
  and call: python verify.py --keys keys.json

WHAT IS HERE
  statement.*          the adopted text, as files of the day of the adoption
  manifest.json        what was adopted: the SHA-256 of each file, the members
                       of that day, each agency's position, when and how it
                       came, reservations, and who did not join
  manifest.dsse.json   the manifest, signed by the group's secretariat
                       (a DSSE envelope with an in-toto Statement)
  public-keys.json     the public key of that signature, and when it was in use
  manifest.tsr         a time stamp of another authority (RFC 3161), if there is one
  verify.py            the program that checks all this

CHECK IT BY HAND
  One file:         sha256sum statement.txt, then look for the result in manifest.json
  The time stamp:   openssl ts -verify -data manifest.dsse.json -in manifest.tsr \\
                    -CAfile certificate-of-the-authority.pem
  Each manifest has the SHA-256 of the manifest before it. This is number {number}.

The page of the statement: {address}
"""


def read_me(manifest: Mapping[str, Any]) -> str:
    """Return the page of instructions that goes with a manifest."""
    return READ_ME.format(
        title=manifest["statement"]["title"],
        symbol=manifest["statement"]["symbol"],
        address=manifest["statement"]["address"],
        group=manifest["group"],
        day=manifest["adopted_on"],
        keys=manifest["keys_address"],
        number=manifest["number"],
    )

"""The transport to a time-stamping authority (RFC 3161 over HTTP).

rfc3161-client reads and writes the messages; the standard library carries them.
"""

import hashlib
import socket
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Timer
from urllib.parse import urlsplit

from rfc3161_client import HashAlgorithm, TimestampRequestBuilder, decode_timestamp_response

# for the whole exchange: a server that sends a byte a second would hold up a worker
SECONDS = 10.0
# a token with its certificates has some kilobytes
MOST_BYTES = 100_000
GRANTED = (0, 1)
OK = 200


class NoStamp(Exception):
    """The authority is unreachable, or its answer is no valid time stamp."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time stamp: the authority's answer, and the moment in it."""

    content: bytes
    at: datetime


def stamp(url: str, content: bytes, *, seconds: float = SECONDS) -> Stamp:
    """Return an authority's time stamp on `content`.

    Raises NoStamp. The answer must be for these bytes and this request. Its signature is not
    checked: who trusts which authority is for the reader to say (docs/develop/adoption-
    proof.md).
    """
    builder = TimestampRequestBuilder().data(content).hash_algorithm(HashAlgorithm.SHA256)
    request = builder.cert_request(cert_request=True).build()
    try:
        answer = exchange(url, request.as_bytes(), seconds=seconds)
        response = decode_timestamp_response(answer)
        if response.status not in GRANTED:
            raise NoStamp(f"status {response.status} {' '.join(response.status_string)}")
        info = response.tst_info
        fits = (
            info.message_imprint.message == hashlib.sha256(content).digest()
            and info.nonce == request.nonce
        )
        at = info.gen_time
    except (OSError, HTTPException, ValueError) as error:
        raise NoStamp(f"{type(error).__name__}: {error}") from error
    if not fits:
        raise NoStamp("the time stamp is of something else")
    return Stamp(answer, at)


def exchange(url: str, body: bytes, *, seconds: float) -> bytes:
    """Send a request and return the answer.

    Raises OSError, HTTPException or ValueError.
    """
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=seconds)
    connection.connect()
    timer = Timer(seconds, hang_up, [connection.sock])
    timer.start()
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, {"Content-Type": "application/timestamp-query"})
        response = connection.getresponse()
        answer = response.read(MOST_BYTES + 1)
    finally:
        timer.cancel()
        connection.close()
    if response.status != OK:
        raise NoStamp(f"HTTP {response.status}")
    if len(answer) > MOST_BYTES:
        raise NoStamp("the answer is too large")
    return answer


def hang_up(connection: socket.socket) -> None:
    """End a slow exchange; its reader gets an error."""
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)

"""A row of the outbox as the bytes that go over the wire.

Written out here because the general builders of mail take longer than the SMTP dialogue itself;
ours knows one form only: text and the same words as HTML. The bytes of a row never change, so that
every copy of it is the same mail.
"""

import binascii
import re
from email.header import Header
from email.utils import format_datetime, parseaddr, quote
from functools import cache

from coordination.reminders.models import OutboxMessage

CONTROL = re.compile(r"[\x00-\x1f\x7f]")
UNFIT = re.compile(r"[\x00-\x20\x7f<>]")  # what would end the address within the SMTP dialogue
ENCODED_WORD = "=?"
PHRASE = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")  # RFC 5322: atoms; anything else is quoted
LONGEST_LINE = 998  # RFC 5322, section 2.1.1


def mime_of(row: OutboxMessage, sender: str) -> bytes:
    """Return the whole mail.

    Raises ValueError when a header would hold a line break or an address cannot be written.
    """
    boundary = f"=_{row.message_id.strip('<>').partition('@')[0]}"
    first = {"From": written_address(sender), "To": envelope(row.address)}
    others = {
        "Date": format_datetime(row.planned_at),
        "Message-ID": row.message_id,
        **row.headers,
        "MIME-Version": "1.0",
        "Content-Type": f'multipart/alternative; boundary="{boundary}"',
    }
    lines = [f"{name}: {header_value(name, value)}\r\n" for name, value in (first | others).items()]
    head = "".join([*lines[:2], f"Subject: {header_text('Subject', row.subject)}\r\n", *lines[2:]])
    return b"".join(
        [
            head.encode("ascii"),
            part(boundary, "text/plain", row.text),
            part(boundary, "text/html", row.html),
            f"\r\n--{boundary}--\r\n".encode("ascii"),
        ]
    )


def part(boundary: str, kind: str, words: str) -> bytes:
    """Return one of the two bodies, quoted-printable, with the lines that SMTP wants."""
    head = (
        f'\r\n--{boundary}\r\nContent-Type: {kind}; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    lines = binascii.b2a_qp("\n".join(words.splitlines()).encode())
    return head.encode("ascii") + lines.replace(b"\n", b"\r\n")


def header_text(name: str, text: str) -> str:
    """Return typed text as a header's value.

    Text that looks like an encoded word is encoded, so that nobody decodes it.
    """
    return header_value(name, text, as_it_is=is_plain(text))


def header_value(name: str, value: str, *, as_it_is: bool = True) -> str:
    """Return a header's value as ASCII: as it is where it can be, else as encoded words (RFC 2047).

    Raises ValueError for a control character, which would begin another header.
    """
    if CONTROL.search(value):
        raise ValueError(f"{name} holds a control character.")
    if as_it_is and value.isascii() and len(name) + 2 + len(value) <= LONGEST_LINE:
        return value
    return Header(value, "utf-8", header_name=name).encode(linesep="\r\n")


def phrase(name: str) -> str:
    """Return a typed name as it stands before an address.

    As it is, quoted, or as one line of encoded words.
    """
    if not is_plain(name):
        return Header(name, "utf-8").encode(linesep="")
    return name if PHRASE.fullmatch(name) else f'"{quote(name)}"'


def is_plain(text: str) -> bool:
    """Say whether a mail program shows the text as it is."""
    return text.isascii() and ENCODED_WORD not in text


def envelope(address: str) -> str:
    """Return an address for the dialogue; an international domain in its ASCII form."""
    local, _, domain = address.rpartition("@")
    if not local.isascii() or UNFIT.search(address):
        raise ValueError(f"The mail system cannot write to {address}.")
    return address if domain.isascii() else f"{local}@{domain.encode('idna').decode('ascii')}"


@cache
def bare_address(written: str) -> str:
    """Return the address of the sender, who is written with a name."""
    return envelope(parseaddr(written)[1])


@cache
def written_address(written: str) -> str:
    """Return the sender's name and address as a header holds them."""
    name = parseaddr(written)[0]
    return f"{phrase(name)} <{bare_address(written)}>" if name else bare_address(written)

"""The mailbox for answers of calendar programs (IMAP).

Calendar programs send them for their owners. imap-tools does the transport; the standard library
has parsed the mails.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import Message
from urllib.parse import unquote, urlsplit

from django.conf import settings
from imap_tools import AND, BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools import MailMessageFlags as Flags

SECONDS = 30
# by the scheme of IMAP_URL: the kind of connection, and its usual port
KINDS: dict[str, tuple[Callable[..., BaseMailBox], int]] = {
    "imap": (MailBoxUnencrypted, 143),
    "imap+tls": (MailBoxStartTls, 143),
    "imaps": (MailBox, 993),
}
# an answer is a few kilobytes; larger mails are left unread for people
MOST_BYTES = 500_000
MOST_MAILS = 100


class ReplyMailbox:
    """An open mailbox with its unread mails.

    Each is marked once it is dealt with.
    """

    def __init__(self, box: BaseMailBox) -> None:
        self.box = box

    def unread(self) -> Iterator[tuple[str, Message]]:
        """Yield the key and the content of unread mails.

        At most MOST_MAILS, the oldest first.
        """
        unread = AND(seen=False, flagged=False, size_lt=MOST_BYTES)
        for mail in self.box.fetch(unread, limit=MOST_MAILS, mark_seen=False):
            yield mail.uid or "", mail.obj

    def mark_read(self, key: str) -> None:
        """Mark a mail as dealt with."""
        self.box.flag(key, Flags.SEEN, True)

    def leave_to_people(self, key: str) -> None:
        """Flag a mail that could not be processed.

        It stays unread and is not tried again.
        """
        self.box.flag(key, Flags.FLAGGED, True)


@contextmanager
def open_mailbox() -> Iterator[ReplyMailbox]:
    """Open the mailbox that IMAP_URL names.

    Raises OSError and imap_tools.MailboxLoginError.
    """
    url = urlsplit(settings.IMAP_URL)
    kind, port = KINDS[url.scheme]
    box = kind(url.hostname or "localhost", url.port or port, timeout=SECONDS)
    folder = unquote(url.path.strip("/")) or "INBOX"
    with box.login(unquote(url.username or ""), unquote(url.password or ""), folder):
        yield ReplyMailbox(box)

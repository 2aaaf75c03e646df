"""What a mail server answered instead of taking a mail."""

import smtplib
from dataclasses import dataclass

CLOSING = 421
FIRST_OF_5XX = 500
TOO_LARGE = 552


@dataclass(frozen=True, slots=True)
class ServerAnswer:
    """The server's code (0 without an answer) and words, and whether it refuses this very mail."""

    code: int
    words: str
    is_about_this_mail: bool = True

    @property
    def is_final(self) -> bool:
        """Return whether another try is useless: 5xx about the recipient or the content."""
        return self.is_about_this_mail and self.code >= FIRST_OF_5XX

    @property
    def is_disconnected(self) -> bool:
        """Return whether the connection is gone: no answer at all, or 421."""
        return self.code in {0, CLOSING}

    def __str__(self) -> str:
        return f"{self.code} {self.words}" if self.code else self.words


def server_answer(error: OSError) -> ServerAnswer:
    """Read the answer from what the SMTP backend raised.

    A refused sender is a matter between us and the server, such as a wrong setting or a quota, not
    of one mail: the mail is put off, never parked at once. 552 is the exception: the size of it.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
        return ServerAnswer(code, as_text(words))
    if isinstance(error, smtplib.SMTPResponseException):
        is_own = not isinstance(error, smtplib.SMTPSenderRefused) or error.smtp_code == TOO_LARGE
        return ServerAnswer(error.smtp_code, as_text(error.smtp_error), is_own)
    return ServerAnswer(0, str(error) or type(error).__name__)


def as_text(words: bytes | str) -> str:
    """Return a server's words as text."""
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words

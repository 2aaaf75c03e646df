"""A real SMTP peer in a process of its own: keeps what arrives, answers 451 to a share, 550 to named recipients, can be gone.

python -m coordination.tests.services.smtp PORT FILE [--later SHARE] [--refuse ADDRESS]… [--drip SECONDS] [--slow SECONDS]

A dripping server pauses after each byte of its answers; with --drip-content it begins so once it has the content of a mail. A slow one
has taken a mail, and says so late.
"""

import argparse
import asyncio
import json
import random
import signal
import subprocess
import sys
from email import message_from_bytes
from pathlib import Path

from aiosmtpd.controller import UnthreadedController
from aiosmtpd.smtp import SMTP

from coordination.tests.services.ports import free_port, wait_for
from coordination.tests.services.waiting import PATIENCE

SWITCHES = ("refuse-sender", "closing", "drip-content")


class Sink:
    """Writes one line of JSON per mail before it says 250; its faults are those of its options."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.file = options.file.open("a", encoding="utf-8")
        self.greetings = options.file.with_suffix(".connections").open("a", encoding="utf-8")
        self.options = options
        self.random = random.Random(7)

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        self.greetings.write("connected\n")
        self.greetings.flush()
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):
        if self.options.refuse_sender:
            return "553 5.7.1 not from you"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.options.hang_up:
            server.transport.close()
        if address in self.options.mute:
            await asyncio.sleep(3600)
        if address in self.options.refuse:
            return "550 5.1.1 no such person here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.options.closing:
            return "421 4.3.2 closing"
        if self.random.random() < self.options.later:
            return "451 4.7.1 come back later"
        mail = message_from_bytes(envelope.content)
        line = {
            "to": envelope.rcpt_tos,
            "headers": dict(mail.items()),
            "body": envelope.content.decode("utf-8", "replace"),
        }
        self.file.write(json.dumps(line) + "\n")
        self.file.flush()
        session.has_content = True
        await asyncio.sleep(self.options.slow)
        return "250 OK"


class DrippingSmtp(SMTP):
    """Pauses after each byte of its answers."""

    async def push(self, status):
        drips = not self.event_handler.options.drip_content or getattr(
            self.session, "has_content", False
        )
        for byte in (status.encode() if isinstance(status, str) else status) + b"\r\n":
            self._writer.write(bytes([byte]))
            await self._writer.drain()
            await asyncio.sleep(self.event_handler.options.drip if drips else 0)


class Controller(UnthreadedController):
    def factory(self):
        kind = DrippingSmtp if self.handler.options.drip else SMTP
        return kind(self.handler, **self.SMTP_kwargs)


def serve() -> None:
    """Listen until told to stop."""
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("file", type=Path)
    parser.add_argument("--later", type=float, default=0)
    parser.add_argument("--drip", type=float, default=0)
    parser.add_argument("--slow", type=float, default=0)
    parser.add_argument("--refuse", action="append", default=[])
    parser.add_argument("--hang-up", action="append", default=[])
    parser.add_argument("--mute", action="append", default=[])
    for name in SWITCHES:
        parser.add_argument(f"--{name}", action="store_true")
    options = parser.parse_args()
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    Controller(Sink(options), hostname="127.0.0.1", port=options.port, loop=loop).begin()
    loop.add_signal_handler(signal.SIGTERM, loop.stop)
    loop.run_forever()


class SmtpSink:
    """The peer as a test holds it."""

    def __init__(
        self,
        folder: Path,
        *,
        refuse: tuple[str, ...] = (),
        hang_up: tuple[str, ...] = (),
        mute: tuple[str, ...] = (),
        **faults: float | bool,
    ) -> None:
        self.port = free_port()
        self.path = folder / "received.jsonl"
        self.path.touch()
        self.read_to = 0
        self.received: list[dict] = []
        self.options = [part for address in refuse for part in ("--refuse", address)]
        self.options += [part for address in hang_up for part in ("--hang-up", address)]
        self.options += [part for address in mute for part in ("--mute", address)]
        for name, value in faults.items():
            switch = f"--{name.replace('_', '-')}"
            self.options += (
                ([switch] if value else []) if isinstance(value, bool) else [switch, str(value)]
            )
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Return its address as EMAIL_URL wants it."""
        return f"smtp://127.0.0.1:{self.port}"

    def start(self) -> "SmtpSink":
        """Start listening; what arrived before stays."""
        command = [
            sys.executable,
            "-m",
            "coordination.tests.services.smtp",
            str(self.port),
            str(self.path),
            *self.options,
        ]
        self.process = subprocess.Popen(command, start_new_session=True)
        wait_for(self.port)
        return self

    def stop(self) -> None:
        """Be gone: connections are refused until `start`."""
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait(PATIENCE)

    def mails(self) -> list[dict]:
        """Return what arrived, in order; a line that is being written is left for later.

        Each line is read once: some tests ask ten times a second, about thousands of mails.
        """
        with self.path.open("rb") as file:
            file.seek(self.read_to)
            lines = file.read().rpartition(b"\n")[0]
        if lines:
            self.read_to += len(lines) + 1
            self.received += map(json.loads, lines.split(b"\n"))
        return self.received.copy()

    def connections(self) -> int:
        """Return how many connections were opened."""
        return len(self.path.with_suffix(".connections").read_text(encoding="utf-8").splitlines())


if __name__ == "__main__":
    serve()

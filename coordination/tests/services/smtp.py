"""A real SMTP peer in a process of its own: keeps what arrives, answers 451 to a share, 550 to named recipients, can be gone.

python -m coordination.tests.services.smtp PORT FILE [--later SHARE] [--refuse ADDRESS]…
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

from coordination.tests.services.ports import free_port, wait_for

SWITCHES = ("pipelining", "refuse-sender", "closing", "careless")  # careless: asks for the content of a mail to nobody


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
        if self.options.pipelining:
            responses.insert(1, "250-PIPELINING")
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):
        if self.options.refuse_sender:
            return "553 5.7.1 not from you"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.options.hang_up:
            server.transport.close()
        if address in self.options.refuse:
            if self.options.careless:
                envelope.rcpt_tos.append(address)
            return "550 5.1.1 no such person here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.options.closing:
            return "421 4.3.2 closing"
        if self.random.random() < self.options.later:
            return "451 4.7.1 come back later"
        mail = message_from_bytes(envelope.content)
        line = {"to": envelope.rcpt_tos, "headers": dict(mail.items()), "body": envelope.content.decode("utf-8", "replace")}
        self.file.write(json.dumps(line) + "\n")
        self.file.flush()
        return "250 OK"


def serve() -> None:
    """Listen until told to stop."""
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("file", type=Path)
    parser.add_argument("--later", type=float, default=0)
    parser.add_argument("--refuse", action="append", default=[])
    parser.add_argument("--hang-up", action="append", default=[])
    for name in SWITCHES:
        parser.add_argument(f"--{name}", action="store_true")
    options = parser.parse_args()
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    UnthreadedController(Sink(options), hostname="127.0.0.1", port=options.port, loop=loop).begin()
    loop.add_signal_handler(signal.SIGTERM, loop.stop)
    loop.run_forever()


class SmtpSink:
    """The peer as a test holds it."""

    def __init__(
        self, folder: Path, *, later: float = 0, refuse: tuple[str, ...] = (), hang_up: tuple[str, ...] = (), **switches: bool
    ) -> None:
        self.port = free_port()
        self.path = folder / "received.jsonl"
        self.path.touch()
        self.options = [str(part) for address in refuse for part in ("--refuse", address)] + ["--later", str(later)]
        self.options += [part for address in hang_up for part in ("--hang-up", address)]
        self.options += [f"--{name.replace('_', '-')}" for name, on in switches.items() if on]
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Return its address as EMAIL_URL wants it."""
        return f"smtp://127.0.0.1:{self.port}"

    def start(self) -> "SmtpSink":
        """Start listening; what arrived before stays."""
        command = [sys.executable, "-m", "coordination.tests.services.smtp", str(self.port), str(self.path), *self.options]
        self.process = subprocess.Popen(command, start_new_session=True)
        wait_for(self.port)
        return self

    def stop(self) -> None:
        """Be gone: connections are refused until `start`."""
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)

    def mails(self) -> list[dict]:
        """Return what arrived, in order; a line that is being written is left for later."""
        return [json.loads(line) for line in self.path.read_text(encoding="utf-8").splitlines() if line.endswith("}")]

    def connections(self) -> int:
        """Return how many connections were opened."""
        return len(self.path.with_suffix(".connections").read_text(encoding="utf-8").splitlines())


if __name__ == "__main__":
    serve()

"""An SMTP peer that only says 250, in a process of its own.

Python -m bench.mail.sink PORT [--pipelining].
"""

import asyncio
import signal
import sys
from typing import Any

from aiosmtpd.controller import UnthreadedController


class Nowhere:
    async def handle_EHLO(  # noqa: N802 - the name that aiosmtpd calls
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return (
            [*responses[:-1], "250-PIPELINING", responses[-1]]
            if "--pipelining" in sys.argv
            else responses
        )

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - the name that aiosmtpd calls
        return "250 OK"


def main() -> None:
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    UnthreadedController(Nowhere(), hostname="127.0.0.1", port=int(sys.argv[1]), loop=loop).begin()  # type: ignore[no-untyped-call]  # aiosmtpd says nothing of its types
    loop.add_signal_handler(signal.SIGTERM, loop.stop)
    loop.run_forever()


if __name__ == "__main__":
    main()

"""An SMTP peer that only says 250, in a process of its own.

python -m bench.mail.sink PORT
"""

import asyncio
import signal
import sys
from typing import Any

from aiosmtpd.controller import UnthreadedController


class Nowhere:
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

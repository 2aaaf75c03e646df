"""Asks the app's own health address.

Exit code 0 when the web process answers. For a container's health check.
"""

import os
import sys
import urllib.error
import urllib.request


def main() -> int:
    """Return 0 if the web process answers at all.

    503 says that another component is late, not this one.
    """
    address = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}/health/"
    # Django refuses any host that is not in ALLOWED_HOSTS
    request = urllib.request.Request(
        address, headers={"Host": os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0]}
    )
    try:
        with urllib.request.urlopen(request, timeout=4) as answer:  # noqa: S310 - our own address
            return 0 if answer.status else 1
    except urllib.error.HTTPError as error:
        return 0 if error.code == 503 else 1  # noqa: PLR2004 - an HTTP status
    except OSError:
        return 1


if __name__ == "__main__":
    sys.exit(main())

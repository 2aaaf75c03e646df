"""Runs a command of the app on the data of ./run.

With its settings. ./manage calls it.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from django.core.management import execute_from_command_line  # noqa: E402 - the path comes first

from gmgapp import start  # noqa: E402 - the path comes first


def main() -> None:
    """Set what ./run sets, then run the command as manage.py does."""
    env_file = Path(os.environ.get("ENV_FILE", ROOT / ".env"))
    start.check_env_file(env_file)
    var = start.embedded_defaults(env_file)
    if not (var / "prepared").exists():
        start.refuse(f"{var} holds no data yet: start ./run once, or ./run --empty.")
    is_demo = (var / "prepared").read_text().split()[-1:] == ["demo"]
    os.environ["DEMO"] = "true" if is_demo else "false"
    address = var / "address"
    if address.exists():
        os.environ.setdefault("SITE_URL", address.read_text().strip())
    start.check_settings()
    # history names the command that changed something by the words of manage.py
    sys.argv[0] = str(ROOT / "manage.py")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()

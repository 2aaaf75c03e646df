"""nginx with the configuration that we ship."""

import os
import shutil
import subprocess
from pathlib import Path

from coordination.tests.services.ports import free_port, wait_for
from coordination.tests.services.waiting import PATIENCE

ROOT = Path(__file__).resolve().parents[3]
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
CONFIGURATION = (ROOT / "gmgapp" / "nginx.conf").read_text(encoding="utf-8")


class Proxy:
    """Nginx with our configuration: only names, ports and folders of the container become ours."""

    def __init__(self, folder: Path, app: int) -> None:
        """Start it before the app on port `app`."""
        self.port, self.log = free_port(), folder / "nginx.txt"
        ours = {
            "web:8000": f"127.0.0.1:{app}",
            "listen 8080": f"listen 127.0.0.1:{self.port}",
            "127.0.0.1:8081": f"127.0.0.1:{free_port()}",
            "resolver 127.0.0.11": "resolver 127.0.0.1",
            "/tmp/nginx": f"{folder}/nginx",  # noqa: S108 - the name in the configuration
        }
        text = CONFIGURATION
        for theirs, our in ours.items():
            assert theirs in text
            text = text.replace(theirs, our)
        (folder / "nginx.conf").write_text(text)
        root = ["user root;"] if os.geteuid() == 0 else []
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [
                    NGINX,
                    "-e",
                    "stderr",
                    "-c",
                    folder / "nginx.conf",
                    "-g",
                    " ".join(["daemon off;", *root]),
                ],
                stdout=log,
                stderr=log,
            )
        wait_for(self.port)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(PATIENCE)

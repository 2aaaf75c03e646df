"""A private Dovecot with one mailbox, on a free port."""

import grp
import imaplib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from coordination.tests.services.ports import free_port, wait_for
from coordination.tests.services.waiting import PATIENCE

DOVECOT = shutil.which("dovecot") or "/usr/sbin/dovecot"
CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail
first_valid_uid = 0
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home
}}
"""


class PrivateDovecot:
    """A mailbox of our own."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="gmg-imap-"))
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None
        is_root = os.getuid() == 0
        # Dovecot gives no mailbox to root
        owner = pwd.getpwnam("nobody") if is_root else pwd.getpwuid(os.getuid())
        for name in ("mail", "home"):
            (self.folder / name).mkdir()
            os.chown(self.folder / name, owner.pw_uid, owner.pw_gid)
        (self.folder / "dovecot.conf").write_text(
            CONFIGURATION.format(
                folder=self.folder,
                port=self.port,
                internal="dovecot" if is_root else owner.pw_name,
                group="dovecot" if is_root else grp.getgrgid(owner.pw_gid).gr_name,
                login="dovenull" if is_root else owner.pw_name,
                uid=owner.pw_uid,
                gid=owner.pw_gid,
            )
        )
        self.folder.chmod(0o755)

    @property
    def url(self) -> str:
        """Return its address as IMAP_URL wants it."""
        return f"imap://secretariat:secret@127.0.0.1:{self.port}/INBOX"

    def start(self) -> "PrivateDovecot":
        """Start it, and wait until it listens."""
        command = [DOVECOT, "-F", "-c", str(self.folder / "dovecot.conf")]
        self.process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        wait_for(self.port)
        return self

    def put(self, mail: bytes) -> None:
        """Put a mail into the mailbox."""
        with self.connected() as box:
            box.append("INBOX", None, imaplib.Time2Internaldate(time.time()), mail)

    def flags(self) -> list[str]:
        """Return the flags of each mail, in order."""
        with self.connected() as box:
            box.select("INBOX", readonly=True)
            _status, rows = box.fetch("1:*", "(FLAGS)")
        return [
            " ".join(sorted(flag.decode() for flag in imaplib.ParseFlags(row)))
            for row in rows
            if row
        ]

    def connected(self) -> imaplib.IMAP4:
        """Return an open connection."""
        box = imaplib.IMAP4("127.0.0.1", self.port, timeout=PATIENCE)
        box.login("secretariat", "secret")
        return box

    def stop(self) -> None:
        """Stop it, and take its folder away."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(PATIENCE)
        shutil.rmtree(self.folder, ignore_errors=True)

"""Makes the virtual environment that ./run and ./test need. Written for any Python 3, so that an old one gets a sentence."""

import errno
import hashlib
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")


def stop(sentence):
    """End with one sentence."""
    sys.stderr.write(sentence.rstrip() + "\n")
    sys.exit(2)


def good_python():
    """Return a Python that the app runs on: this one, or a newer one on the path."""
    if (3, 11) <= sys.version_info[:2] <= (3, 12):
        return sys.executable
    for name in ("python3.11", "python3.12"):
        found = shutil.which(name)
        if found:
            return found
    return stop("Python 3.11 or 3.12 is needed; this is %d.%d, and no other was found." % sys.version_info[:2])


def digest(path):
    """Return the hash of a lock file."""
    with open(path, "rb") as lock:
        return hashlib.sha256(lock.read()).hexdigest()


def explain(error):
    """Say in one sentence what the disk refused."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        stop("The disk is full: make room in %s and start again." % ROOT)
    stop("%s cannot be written: %s." % (error.filename or ROOT, error.strerror))


def call(command, sentence):
    """Run a command; if it fails, end with its last line and the sentence."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)
    if done.returncode:
        if "No space left on device" in done.stdout:
            stop("The disk is full: make room in %s and start again." % ROOT)
        lines = [line for line in done.stdout.splitlines() if line.strip()]
        stop("%s (%s)" % (sentence, lines[-1].strip() if lines else "no output"))


def prepare(lock_name):
    """Make .venv with the locked packages of requirements/LOCK_NAME.txt, unless it has them; return its Python."""
    lock = os.path.join(ROOT, "requirements", lock_name + ".txt")
    stamp = os.path.join(VENV, "installed-" + lock_name)
    wanted = digest(lock)
    try:
        for name in [lock_name] + (["dev"] if lock_name == "prod" else []):
            path = os.path.join(VENV, "installed-" + name)
            other = os.path.join(ROOT, "requirements", name + ".txt")
            if os.path.exists(path) and open(path).read() == digest(other):
                return PYTHON
        python = good_python()
        if not os.path.exists(PYTHON):
            print("Making .venv …", flush=True)
            call([python, "-m", "venv", VENV], "The virtual environment could not be made; on Debian, install python3-venv.")
        print("Installing the locked packages of requirements/%s.txt …" % lock_name, flush=True)
        install = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", lock]
        call(install, "The packages could not be installed; is the package index within reach?")
        with open(stamp, "w") as file:
            file.write(wanted)
    except OSError as error:
        explain(error)
    return PYTHON

"""Makes the virtual environment that ./run and ./test need.

Any old Python can read it, and says which one is needed.
"""

import errno
import hashlib
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
SUPPORTED = [(3, 11), (3, 12), (3, 13), (3, 14)]  # as requires-python in pyproject.toml says
CONTAINS = {"prod": ("prod", "test", "dev"), "test": ("test", "dev"), "dev": ("dev",)}


def stop(sentence):
    """End with one sentence."""
    sys.stderr.write(sentence.rstrip() + "\n")
    sys.exit(2)


def good_python():
    """Return a Python that the app runs on: this one, or another on the path."""
    if sys.version_info[:2] in SUPPORTED:
        return sys.executable
    for name in ["python%d.%d" % version for version in SUPPORTED]:
        for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
            found = os.path.join(folder, name)
            if os.access(found, os.X_OK) and works(found):
                return found
    oldest, newest = ["%d.%d" % version for version in (SUPPORTED[0], SUPPORTED[-1])]
    return stop(
        "Python %s to %s is needed; this is %d.%d, and no other was found."
        % ((oldest, newest) + sys.version_info[:2])
    )


def works(python):
    """Say whether a Python starts: a version manager leaves names that lead nowhere."""
    with open(os.devnull, "w") as nowhere:
        return subprocess.call([python, "-c", ""], stdout=nowhere, stderr=nowhere) == 0


def digest(path):
    """Return the hash of a lock file."""
    with open(path, "rb") as lock:
        return hashlib.sha256(lock.read()).hexdigest()


def explain(error):
    """Say in one sentence what the disk refused."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        stop("The disk is full: make room in %s and start again." % ROOT)
    stop("%s cannot be written: %s." % (error.filename or ROOT, error.strerror))


def call(command, sentence=""):
    """Run a command and say whether it went well.

    If not, and there is a sentence, end with it and the last words of the command.
    """
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said = process.communicate()[0].decode("utf-8", "replace")
    if process.returncode and sentence:
        if "No space left on device" in said:
            stop("The disk is full: make room in %s and start again." % ROOT)
        lines = [
            line.strip()
            for line in said.splitlines()
            if line.strip() and not line.startswith("[notice]")
        ]
        stop("%s (%s)" % (sentence, lines[-1] if lines else "no words from it"))
    return process.returncode == 0


def tell(words):
    """Say what takes a while."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def installer(python):
    """Make .venv, and return the pip that installs into it.

    That is its own, or that of the machine: Debian splits the two.
    """
    own = [PYTHON, "-m", "pip"]
    if os.path.exists(PYTHON) and call(own + ["--version"]):
        return own
    tell("Making .venv ...")
    if call([python, "-m", "venv", VENV]):
        return own
    call(
        [python, "-m", "venv", "--clear", "--without-pip", VENV],
        "The virtual environment .venv could not be made.",
    )
    if not call([python, "-m", "pip", "--version"]):
        stop("pip is needed; on Debian: apt-get install python3-venv.")
    return [python, "-m", "pip", "--python", PYTHON]


def installed(name):
    """Say whether .venv has the packages of a lock file as it is now."""
    stamp = os.path.join(VENV, "installed-" + name)
    if not os.path.exists(PYTHON) or not os.path.exists(stamp):
        return False
    with open(stamp) as file:
        return file.read() == digest(os.path.join(ROOT, "requirements", name + ".txt"))


def prepare(name):
    """Make .venv with the locked packages of requirements/NAME.txt; return its Python.

    Nothing is done where it has them.
    """
    try:
        if any(installed(other) for other in CONTAINS[name]):
            return PYTHON
        pip = installer(good_python())
        tell("Installing the locked packages of requirements/%s.txt ..." % name)
        lock = os.path.join(ROOT, "requirements", name + ".txt")
        install = pip + [
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--require-hashes",
            "-r",
            lock,
        ]
        if not os.environ.get("PYTHONDONTWRITEBYTECODE"):
            # Python compiles what is imported, and keeps it: the app imports a small part of all
            install.append("--no-compile")
        call(install, "The packages could not be installed; is the package index within reach?")
        for other in CONTAINS["prod"]:
            stamp = os.path.join(VENV, "installed-" + other)
            if os.path.exists(stamp):
                os.remove(stamp)
        with open(os.path.join(VENV, "installed-" + name), "w") as file:
            file.write(digest(lock))
    except EnvironmentError as error:
        explain(error)
    return PYTHON

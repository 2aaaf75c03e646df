"""Whether a text looks like it holds a password or another secret. Pure."""

import re

# "password: x", "PIN = 1234", in the languages of the United Nations and of its cities
WORDS = (
    r"passwords?|passwd|passphrase|pwd|pin(?: code)?|secret|token|api[ _-]?key|access[ _-]?key"
    r"|mots? de passe|contraseñas?|kennwort|passwort|пароль|密码|كلمة (?:السر|المرور)"
)
# words that tell who has it: "Password: with the IT desk"
WHOSE = r"with|held|kept|see|at|in|by|ask|none|only|not|chez|avec|bei|con|en"
NAMED = re.compile(rf"(?<!\w)(?:{WORDS})\s*[:=：]\s*(?!(?:{WHOSE})\b)\S", re.IGNORECASE)
# "the password is Sommer2026"
SAID = re.compile(rf"(?<!\w)(?:{WORDS})\s+(?:is|est|es|ist)\s+\S*\d", re.IGNORECASE)
PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")
IN_ADDRESS = re.compile(r"\w://[^/\s:@]+:[^/\s@]+@")
KNOWN_TOKEN = re.compile(r"(?<!\w)(?:gh[pousr]_|github_pat_|sk-|xox[abpr]-|AKIA|AIza)[\w-]{12,}")
ADDRESS = re.compile(r"^(?:\w+://|www\.)|@[\w-]+\.", re.IGNORECASE)
SHORTEST = 8  # characters
SYMBOLS = set("!#$%^&*?~+=@|\\<>")


def looks_like_secret(text: str) -> bool:
    """Return whether a text seems to hold a secret.

    It does where a word such as "password" names a value, and where a word mixes lower and upper
    case, digits and symbols as passwords do. Web and e-mail addresses are not secrets, unless they
    carry a password.
    """
    patterns = (NAMED, SAID, PRIVATE_KEY, IN_ADDRESS, KNOWN_TOKEN)
    return any(pattern.search(text) for pattern in patterns) or any(
        _is_mixed(word) for word in text.split()
    )


def _is_mixed(word: str) -> bool:
    """Return whether a word mixes characters as passwords do."""
    word = word.strip("()[],.;:“”‘’\"'")
    return (
        len(word) >= SHORTEST
        and not ADDRESS.search(word)
        and any(char.islower() for char in word)
        and any(char.isupper() for char in word)
        and any(char.isdigit() for char in word)
        and any(char in SYMBOLS for char in word)
    )

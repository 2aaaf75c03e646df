"""Sets up a new group in an empty database."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from coordination.core import clock, zones
from coordination.core.errors import RuleBroken
from coordination.core.models import Group
from coordination.desk.actions import setting_up
from coordination.desk.actions.setting_up import Administrator
from coordination.members.queries import passwords


@dataclass(frozen=True, slots=True)
class Question:
    """A value of the group.

    `default` None means that it must be given.
    """

    words: str
    default: str | None = None


QUESTIONS = {
    "name": Question("Name of the group"),
    "acronym": Question("Its acronym"),
    "time_zone": Question("Its time zone, such as Asia/Jakarta"),
    "city": Question("City to name beside hours of that zone", ""),
    "term_months": Question("Usual length of a term, in months", "6"),
    "admin_name": Question("Name of the first administrator"),
    "admin_email": Question("Address with which they sign in"),
}
OF_GROUP = ("name", "acronym", "time_zone", "city", "term_months")


class Command(BaseCommand):
    """set_up [--name NAME ...] [--file FILE]."""

    help = (
        "Set up a group in an empty database: its name, zone, length of a term and first "
        "administrator. Asks on a terminal for what no option or file says."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        for name, question in QUESTIONS.items():
            parser.add_argument(f"--{name.replace('_', '-')}", help=question.words)
        parser.add_argument(
            "--file",
            type=Path,
            help="a JSON file with these values: {"
            + ", ".join(f'"{name}": …' for name in QUESTIONS)
            + "}",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Set the group up and print where its administrator chooses a password."""
        answers = self.answers(options)
        values = {name: answers[name] for name in OF_GROUP}
        values["city"] = values["city"] or zones.city_of(values["time_zone"])
        try:
            administrator = setting_up.set_up(
                Group(**values),
                Administrator(answers["admin_name"], answers["admin_email"]),
                settings.FIXTURES,
                at=clock.now(),
            )
        except RuleBroken as error:
            named = f"{option(error.field)}: " if error.field in {*QUESTIONS} else ""
            raise CommandError(named + error.message) from error
        hours = settings.PASSWORD_RESET_TIMEOUT // 3600
        self.stdout.write(
            f"The {values['name']} is set up. {administrator} chooses a password here, once, "
            f"within {hours} hours:\n{settings.SITE_URL}{passwords.password_path(administrator)}\n"
            "Whoever knows this address signs in as administrator: show it to nobody else."
        )

    def answers(self, options: dict[str, Any]) -> dict[str, str]:
        """Return the answer to each question.

        It comes from the option, the file, the terminal, or the default.
        """
        given = read(options["file"]) if options["file"] else {}
        given |= {name: options[name] for name in QUESTIONS if options[name] is not None}
        missing = [name for name in QUESTIONS if name not in given]
        if missing and sys.stdin.isatty():
            given |= {name: ask(QUESTIONS[name]) for name in missing}
        given |= {
            name: question.default
            for name, question in QUESTIONS.items()
            if name not in given and question.default is not None
        }
        missing = [option(name) for name in QUESTIONS if not given.get(name) and is_needed(name)]
        if missing:
            raise CommandError(f"Still to be given: {', '.join(missing)}.")
        return given


def option(name: str | None) -> str:
    """Return "--time-zone" for "time_zone"."""
    return f"--{(name or '').replace('_', '-')}"


def is_needed(name: str) -> bool:
    """Say whether a value has no default."""
    return QUESTIONS[name].default is None


def ask(question: Question) -> str:
    """Ask on the terminal until there is an answer or a default."""
    hint = f" [{question.default}]" if question.default else ""
    while True:
        answer = input(f"{question.words}{hint}: ").strip() or question.default
        if answer is not None:
            return answer


def read(file: Path) -> dict[str, str]:
    """Return the values of a JSON file. Raises CommandError."""
    try:
        values = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise CommandError(f"{file} is not JSON: {error}.") from error
    unknown = sorted(values.keys() - QUESTIONS.keys()) if isinstance(values, dict) else ["…"]
    if unknown:
        raise CommandError(f"{file} has {', '.join(unknown)}; there are {', '.join(QUESTIONS)}.")
    return {name: str(value) for name, value in values.items()}

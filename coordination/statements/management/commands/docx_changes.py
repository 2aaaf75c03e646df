"""What a Word file changes, for scripts: manage.py docx_changes FILE.docx [--json]."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from coordination.core.uploads import LARGEST, sentence
from coordination.filekit.refusals import Refused
from coordination.statements.wordkit.document import PARAGRAPH_END, ReadDocument, edits, texts
from coordination.statements.wordkit.reader import read_document


class Command(BaseCommand):
    """Print a Word file's tracked changes; exit 2 if it is unreadable."""

    help = "Prints the tracked changes and comments of a Word file."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file and the form."""
        parser.add_argument("file", metavar="FILE.docx")
        parser.add_argument("--json", action="store_true", help="as JSON, for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read the file, and print what it changes."""
        document = read(options["file"])
        if document is None:
            sys.exit(2)
        found = changes_of(document)
        self.stdout.write(
            json.dumps(found, ensure_ascii=False, indent=1)
            if options["json"]
            else "\n".join(in_words(found))
        )


def read(name: str) -> ReadDocument | None:
    """Read a file, or print an error and return None."""
    try:
        file = Path(name)
        if file.stat().st_size > LARGEST:
            print(f"{name}: The file is larger than 20 MB.", file=sys.stderr)
            return None
        return read_document(file.read_bytes())
    except OSError as error:
        print(f"{name}: The file cannot be read: {error.strerror}.", file=sys.stderr)
    except Refused as refused:
        print(f"{name}: {sentence(refused)}", file=sys.stderr)
    return None


def changes_of(document: ReadDocument) -> dict[str, Any]:
    """Return what a file changes.

    `rejected` and `accepted` are the paragraphs of the whole text. A change is of one paragraph of
    the rejected text, from `start` to `end` in code points. A line end in its text begins another
    paragraph. A change that ends beyond its paragraph joins it to the next one.
    """
    return {
        "rejected": texts(document.paragraphs, ()),
        "accepted": texts(document.paragraphs, None),
        "changes": [
            {**edit._asdict(), "text": edit.text.replace(PARAGRAPH_END, "\n")}
            for edit in edits(document.paragraphs)
        ],
        "comments": [comment._asdict() for comment in document.comments],
        "ignored": document.ignored,
    }


def in_words(found: dict[str, Any]) -> list[str]:
    """Return the answer as lines: each change, before and after."""
    rejected: list[str] = found["rejected"]
    lines = []
    for change in found["changes"]:
        old = rejected[change["paragraph"]][change["start"] : change["end"]]
        lines.append(
            f"{change['paragraph'] + 1}. {change['author'] or '?'} {change['date']}: "
            f"[{old}] -> [{change['text']}]"
        )
    lines += [
        f"Comment of {comment['author'] or '?'}: {comment['text']}" for comment in found["comments"]
    ]
    lines += [f"Ignored: {count} ({name})" for name, count in found["ignored"].items()]
    return lines or ["No change."]

"""Broken rules of the desk."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a file: where, in which column, and why."""

    sheet: str
    row: int
    column: str
    sentence: str

    def __str__(self) -> str:
        sheet = f"{self.sheet}, " if self.sheet else ""
        column = f", {self.column}" if self.column else ""
        return f"{sheet}row {self.row}{column}: {self.sentence}"


class FileHasProblems(Exception):
    """Nothing of the file is on record, because of its problems."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems

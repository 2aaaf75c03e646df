"""Why a file is refused, as a code.

The caller words it for the person.
"""

from enum import StrEnum


class FileFault(StrEnum):
    """What is wrong with a file."""

    DAMAGED = "damaged"
    MACROS = "macros"
    TOO_MANY_PARTS = "too many parts"
    TOO_LARGE = "too large"
    OTHER_TYPE = "other type"
    NAME_LEADS_OUT = "name leads out"
    ENCRYPTED = "encrypted"
    ARCHIVE_INSIDE = "archive inside"
    DTD = "dtd"
    CODE = "code"
    TABLE_TOO_LARGE = "table too large"
    NO_ROWS = "no rows"
    NOT_UTF8 = "not utf-8"


class Refused(Exception):
    """The file is not accepted because of `fault`.

    `ending` is the type it should have.
    """

    def __init__(self, fault: FileFault, *, ending: str = "") -> None:
        super().__init__(fault)
        self.fault = fault
        self.ending = ending

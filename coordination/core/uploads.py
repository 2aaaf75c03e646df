"""Uploaded files are checked by content before they are stored.

A refused file is not stored.
"""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination.filekit import archives, images
from coordination.filekit.refusals import FileFault, Refused

LARGEST = 20 * 1024 * 1024
ENDINGS = {"pdf", "docx", "xlsx", "pptx", "png", "jpg"}
SAME = {"jpeg": "jpg"}
# types are told by the first bytes; the rest is inspected by type
HEAD = 64 * 1024
SENTENCES = {
    FileFault.DAMAGED: gettext_lazy(
        "This file is damaged. Open it, save it under another name, and send that one."
    ),
    FileFault.MACROS: gettext_lazy(
        "This file contains macros. Save it without them, as .docx, .xlsx or .pptx, and send "
        "that one."
    ),
    FileFault.TOO_MANY_PARTS: gettext_lazy("This file has more than %(parts)s parts."),
    FileFault.TOO_LARGE: gettext_lazy(
        "This file unpacks to more than %(megabytes)s MB, or to far more than it should."
    ),
    FileFault.OTHER_TYPE: gettext_lazy(
        "The content of this file is not that of a .%(ending)s file."
    ),
    FileFault.NAME_LEADS_OUT: gettext_lazy(
        "A part of this file has a name that leads out of the file."
    ),
    FileFault.ENCRYPTED: gettext_lazy(
        "This file is protected by a password. Save it without one, and send that one."
    ),
    FileFault.ARCHIVE_INSIDE: gettext_lazy("This file contains another archive."),
    FileFault.DTD: gettext_lazy(
        "An XML part of this file declares a document type (DTD), which office programs do not "
        "write."
    ),
    FileFault.CODE: gettext_lazy(
        "This picture contains program code. Open it, save it under another name, and send that "
        "one."
    ),
    FileFault.TABLE_TOO_LARGE: gettext_lazy(
        "This table is larger than 5 MB, 5,000 rows, 40 columns, or 1,000 characters in a cell."
    ),
    FileFault.NO_ROWS: gettext_lazy("This table has no rows beneath the names of its columns."),
    FileFault.NOT_UTF8: gettext_lazy("This file is not in UTF-8. Save it as “CSV UTF-8”."),
}


def checked(file: Any) -> Any:
    """Return the upload under a random name.

    Raises ValidationError for a file that is too large, of another type, or harmful.
    """
    # first, before the content is read into memory
    if file.size > LARGEST:
        raise forms.ValidationError(_("The file is larger than 20 MB."))
    ending = ending_of(file.name)
    content = file.read()
    # The storage reads the file again.
    file.seek(0)
    try:
        inspect(content, ending)
    except Refused as refused:
        raise forms.ValidationError(sentence(refused)) from refused
    # A random name tells nothing, and nobody can guess the address.
    file.name = f"{uuid.uuid4().hex}.{ending}"
    return file


def sentence(refused: Refused) -> str:
    """Return the sentence for the person whose file is refused."""
    values = {
        "parts": f"{archives.MOST_PARTS:,}",
        "megabytes": archives.MOST_BYTES // 1024 // 1024,
        "ending": refused.ending,
    }
    return str(SENTENCES[refused.fault]) % values


def ending_of(name: str) -> str:
    """Return the extension of a file's name, "jpg" for "jpeg".

    Raises ValidationError for a type that we do not store.
    """
    ending = name.rpartition(".")[2].lower()
    ending = SAME.get(ending, ending)
    if ending not in ENDINGS:
        raise forms.ValidationError(
            _(
                "Only PDF, Word, Excel, PowerPoint, PNG and JPEG files are stored: .pdf, .docx, "
                ".xlsx, .pptx, .png, .jpg."
            )
        )
    return ending


def inspect(content: bytes, ending: str) -> None:
    """Raise Refused unless the content is a harmless file of type `ending`.

    A PDF file may contain scripts; its reader decides whether they run.
    """
    if archives.is_encrypted(content):
        raise Refused(FileFault.ENCRYPTED)
    if ending not in types_of(content) or not is_whole(content, ending):
        raise Refused(FileFault.OTHER_TYPE, ending=ending)
    if ending in archives.OF_TYPE:
        archives.inspect(content, ending)
    elif ending in {"png", "jpg"} and images.has_code(content):
        raise Refused(FileFault.CODE)


def is_whole(content: bytes, ending: str) -> bool:
    """Return whether a picture is complete, not only its first bytes.

    Archives have their own inspection.
    """
    return {"png": images.is_png, "jpg": images.is_jpeg}.get(ending, bool)(content)


def types_of(content: bytes) -> set[str]:
    """Return the extensions that fit the first bytes of a file."""
    import puremagic

    try:
        return {
            match.extension.removeprefix(".") for match in puremagic.magic_string(content[:HEAD])
        }
    except (puremagic.PureError, ValueError):  # an unknown type; an empty file
        return set()

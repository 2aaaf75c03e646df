"""Files that people hand in: looked at before they are kept."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext as _

LARGEST = 20 * 1024 * 1024
KINDS = {b"%PDF": "pdf", b"PK\x03\x04": "docx", b"\x89PNG": "png", b"\xff\xd8\xff": "jpg"}
OFFICE = {"docx", "xlsx", "pptx"}


def extension_of(head: bytes, name: str) -> str | None:
    """Return the extension that the file's first bytes stand for, or None for a type that we do not keep."""
    found = next((ending for magic, ending in KINDS.items() if head.startswith(magic)), None)
    said = name.rpartition(".")[2].lower()
    return (said if said in OFFICE else None) if found == "docx" else found


def checked(file: Any) -> Any:
    """Return the upload under a random name; raise ValidationError for one that is too large or of a type that we do not keep."""
    if file.size > LARGEST:
        raise forms.ValidationError(_("The file is larger than 20 MB."))
    ending = extension_of(file.read(8), file.name)
    file.seek(0)
    if ending is None:
        raise forms.ValidationError(_("Only PDF, Word, Excel, PowerPoint, PNG and JPEG files are kept."))
    file.name = f"{uuid.uuid4().hex}.{ending}"
    return file

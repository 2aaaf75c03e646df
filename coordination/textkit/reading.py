"""Blocks and amendments from a JSON file, checked field by field.

The error says what is wrong with the file.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .folding import AmendmentError, TextAmendment, TextBlock

Fields = Mapping[str, Any]


def read(name: str) -> tuple[list[TextBlock], list[TextAmendment[int | str]]]:
    """Return the blocks and amendments in the file ``name``.

    Raises :class:`.folding.AmendmentError` with one sentence if they do not fit. Fields that are
    not ours are passed over; one that is null counts as absent.
    """
    found = _parsed(name)
    if not isinstance(found, dict):
        raise AmendmentError("The file holds no object with blocks and amendments.")
    blocks = [
        _block(entry, f"Block number {number}")
        for number, entry in enumerate(_list(found, "blocks"), 1)
    ]
    keys = {block.key for block in blocks}
    return blocks, [
        _amendment(entry, f"Amendment number {number}", keys)
        for number, entry in enumerate(_list(found, "amendments"), 1)
    ]


def _parsed(name: str) -> Any:
    try:
        text = Path(name).read_bytes().decode("utf-8-sig")
        found = json.loads(text)
        json.dumps(found, ensure_ascii=False).encode()
    except OSError as error:
        raise AmendmentError(f"The file {name} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise AmendmentError("The file is not in UTF-8.") from error
    except UnicodeEncodeError as error:
        raise AmendmentError(
            "A text in the file has half a character, a surrogate without its other half."
        ) from error
    except (ValueError, RecursionError) as error:
        raise AmendmentError(f"The file is not JSON: {error}.") from error
    return found


def _list(found: Fields, name: str) -> list[Any]:
    entries = found.get(name)
    if not isinstance(entries, list):
        raise AmendmentError(f'The file has no list "{name}".')
    return entries


def _block(entry: object, where: str) -> TextBlock:
    fields = _fields(entry, where)
    return TextBlock(_text(fields, "key", where), _text(fields, "text", where))


def _amendment(entry: object, where: str, keys: set[Any]) -> TextAmendment[int | str]:
    fields = _fields(entry, where)
    id_ = fields.get("id")
    if isinstance(id_, bool) or not isinstance(id_, int | str):
        raise AmendmentError(f'{where} has no "id" that is a whole number or a text.')
    where = f"Amendment {id_}"
    agencies = (_words(fields, "agency", where),)
    delete = fields.get("delete", False)
    if not isinstance(delete, bool):
        raise AmendmentError(f'{where}: "delete" is true, or not there.')
    if "insert_after" in fields:
        if delete:
            raise AmendmentError(f"{where} proposes two things at once.")
        place, text = _insertion(fields, where, keys)
        return TextAmendment(id_, agencies, "insert", place, text)
    block = _text(fields, "block", where)
    if delete == ("text" in fields):
        raise AmendmentError(f"{where} proposes {'two things at once' if delete else 'nothing'}.")
    return (
        TextAmendment(id_, agencies, "delete", block)
        if delete
        else TextAmendment(id_, agencies, "edit", block, _text(fields, "text", where))
    )


def _insertion(fields: Fields, where: str, keys: set[Any]) -> tuple[str | None, str]:
    """Return after which block the new one stands, None for the start, and its words.

    Either "insert_after" has the words and "block" the place; or "text" has the words, and the
    place is in "insert_after", or in "block" when "insert_after" is true.
    """
    after = fields["insert_after"]
    if "text" not in fields:
        words = _words(fields, "insert_after", where)
        if words in keys:
            raise AmendmentError(f'{where} would insert a block, but has no "text".')
        return _text(fields, "block", where), words
    words = _words(fields, "text", where)
    if after is None:
        return None, words
    if after is True:
        return _text(fields, "block", where), words
    place = _text(fields, "insert_after", where)
    if fields.get("block", place) != place:
        raise AmendmentError(f'{where} names two places: "block" and "insert_after" differ.')
    return place, words


def _fields(entry: object, where: str) -> Fields:
    """Return the fields of ``entry`` that are not null.

    "insert_after" may be null when there is no "block": it is then the very start.
    """
    if not isinstance(entry, dict):
        raise AmendmentError(f"{where} is no object.")
    fields = {name: value for name, value in entry.items() if value is not None}
    if fields.get("insert_after") is False:
        del fields["insert_after"]
    if (
        "insert_after" in entry
        and entry["insert_after"] is None
        and "block" not in fields
        and "text" in fields
    ):
        fields["insert_after"] = None
    return fields


def _text(fields: Fields, name: str, where: str) -> str:
    text = fields.get(name)
    if not isinstance(text, str):
        raise AmendmentError(f'{where} has no "{name}" that is a text.')
    return text


def _words(fields: Fields, name: str, where: str) -> str:
    text = _text(fields, name, where)
    if not text.strip():
        raise AmendmentError(f'{where}: "{name}" is empty.')
    return text

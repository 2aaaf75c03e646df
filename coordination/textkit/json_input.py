"""Reading blocks and amendments from a JSON file."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .folding import AmendmentError, TextAmendment, TextBlock

Fields = Mapping[str, Any]


def read_file(name: str) -> tuple[list[TextBlock], list[TextAmendment[int | str]]]:
    """Return the blocks and amendments in the file ``name``.

    Raises :class:`.folding.AmendmentError` with a sentence about the first fault. Unknown fields
    are ignored; a null field counts as absent.
    """
    content = _parse_file(name)
    if not isinstance(content, dict):
        raise AmendmentError("The file holds no object with blocks and amendments.")
    blocks = [
        _block(entry, f"Block number {number}")
        for number, entry in enumerate(_list(content, "blocks"), 1)
    ]
    keys = {block.key for block in blocks}
    return blocks, [
        _amendment(entry, f"Amendment number {number}", keys)
        for number, entry in enumerate(_list(content, "amendments"), 1)
    ]


def _parse_file(name: str) -> Any:
    try:
        text = Path(name).read_bytes().decode("utf-8-sig")
        content = json.loads(text)
        # raises UnicodeEncodeError for half of a surrogate pair, which could not be printed later
        json.dumps(content, ensure_ascii=False).encode()
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
    return content


def _list(content: Fields, name: str) -> list[Any]:
    entries = content.get(name)
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
    agencies = (_nonempty_text(fields, "agency", where),)
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
    """Return the block before the new one, and the new text.

    The block is None at the start. Either "insert_after" has the text and "block" the place; or
    "text" has the text, and the place is in "insert_after", or in "block" when "insert_after" is
    true.
    """
    after = fields["insert_after"]
    if "text" not in fields:
        text = _nonempty_text(fields, "insert_after", where)
        if text in keys:
            raise AmendmentError(f'{where} would insert a block, but has no "text".')
        return _text(fields, "block", where), text
    text = _nonempty_text(fields, "text", where)
    if after is None:
        return None, text
    if after is True:
        return _text(fields, "block", where), text
    place = _text(fields, "insert_after", where)
    if fields.get("block", place) != place:
        raise AmendmentError(f'{where} names two places: "block" and "insert_after" differ.')
    return place, text


def _fields(entry: object, where: str) -> Fields:
    """Return the fields of ``entry`` that are not null.

    "insert_after" may be null when there is no "block"; the place is then the start.
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


def _nonempty_text(fields: Fields, name: str, where: str) -> str:
    text = _text(fields, name, where)
    if not text.strip():
        raise AmendmentError(f'{where}: "{name}" is empty.')
    return text

"""Damaged copies of a Word file, the same for the same seed."""

import zipfile
from copy import deepcopy
from io import BytesIO
from random import Random

from lxml import etree


def damaged(content: bytes, random: Random) -> bytes:
    """Return a copy of a file with some bytes changed, in the archive or in the XML of a part."""
    if random.random() < 0.2:
        whole = bytearray(content)
        for _ in range(random.randint(1, 8)):
            whole[random.randrange(len(whole))] = random.randrange(256)
        return bytes(whole[: random.choice((len(whole), random.randrange(len(whole))))])
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        names = old.namelist()
        chosen = random.choice([*names, *["word/document.xml"] * len(names)])
        for name in names:
            part = bytearray(old.read(name))
            if name == chosen and random.random() < 0.7:
                part = bytearray(disordered(bytes(part), random))
            elif name == chosen and part:
                at = random.randrange(len(part))
                end = at + random.randint(0, 40)
                piece = random.choice((b"", part[at:end] * 2, bytes([random.randrange(256)])))
                part[at:end] = piece
            new.writestr(name, bytes(part))
    return out.getvalue()


def disordered(part: bytes, random: Random) -> bytes:
    """Return XML with elements taken out, doubled or moved, and attributes changed."""
    root = etree.fromstring(part)
    for _ in range(random.randint(1, 20)):
        element, other = random.choice(list(root.iter())), random.choice(list(root.iter()))
        parent = element.getparent()
        if parent is None:
            continue
        act = random.randrange(4)
        if act == 0:
            parent.remove(element)
        elif act == 1:
            parent.insert(random.randrange(len(parent) + 1), deepcopy(element))
        elif act == 2 and element not in other.iterancestors() and element is not other:
            other.append(element)
        elif element.attrib:
            name = random.choice(list(element.attrib))
            element.set(name, random.choice(("", "-1", "99999999999", "x", "_st_b1_r1", "😀")))
    return etree.tostring(root)

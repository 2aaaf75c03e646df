"""Which parts of our templates were rendered: each tag, variable and piece of text, as Django compiled them.

A part is known by its template, its line there and what it says. django-cotton compiles the tags of components first, so that lines
may be some off; what it says is as Django read it.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template import engines
from django.template.base import Node, NodeList, TextNode
from django.template.defaulttags import CommentNode, LoadNode
from django.template.loader_tags import BlockNode, ExtendsNode

FOLDER = settings.BASE_DIR / "templates"
# what a block holds is rendered in place of that of the page it extends
SHOW_NOTHING = (BlockNode, CommentNode, ExtendsNode, LoadNode)
Render = Callable[[Any, Any], Any]


def place_of(node: Node) -> str:
    """Return the template, line and words of a node; "" of what is not ours or shows nothing."""
    origin = getattr(getattr(node, "origin", None), "name", None)
    if (
        node.token is None
        or not origin
        or isinstance(node, SHOW_NOTHING)
        or not Path(origin).is_relative_to(FOLDER)
    ):
        return ""
    words = " ".join(node.token.contents.split())
    return f"{Path(origin).relative_to(FOLDER)}:{node.token.lineno}: {words[:80]}" if words else ""


def watch(seen: set[str]) -> None:
    """Add to `seen` the place of each part that is rendered from now on."""

    def noting(render: Render) -> Render:
        def render_annotated(node: Any, context: Any) -> Any:
            if "noted" not in node.__dict__:
                node.noted = True
                seen.add(place_of(node))
            return render(node, context)

        return render_annotated

    for kind in (Node, TextNode):
        kind.render_annotated = noting(kind.render_annotated)  # type: ignore[method-assign, assignment]


def all_parts() -> Iterator[str]:
    """Yield the place of each part of each of our templates."""
    engine = engines["django"].engine  # type: ignore[attr-defined]
    for path in sorted(FOLDER.rglob("*")):
        if path.suffix in {".html", ".txt"}:
            yield from parts_of(engine.get_template(str(path.relative_to(FOLDER))).nodelist)


def parts_of(nodes: Iterable[Node]) -> Iterator[str]:
    """Yield the place of each of these nodes and of those that they hold; of a page that extends another only what its blocks hold."""
    for node in nodes:
        if place := place_of(node):
            yield place
        held = [each for value in vars(node).values() for each in lists_in(value)]
        for each in held:
            yield from parts_of(
                block
                for block in each
                if not isinstance(node, ExtendsNode) or isinstance(block, BlockNode)
            )


def lists_in(value: object) -> Iterator[NodeList]:
    """Yield the lists of nodes that an attribute of a node is or has inside: branches of an if stand beside their conditions."""
    if isinstance(value, NodeList):
        yield value
    elif isinstance(value, list | tuple):
        for each in value:
            yield from lists_in(each)
    elif isinstance(value, dict):
        for each in value.values():
            yield from lists_in(each)

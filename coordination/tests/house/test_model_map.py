"""docs/develop/models.md is drawn from the models.

`MODELS=write ./test coordination/tests/house/test_model_map.py` draws it anew.
"""

import inspect
import os

from django.apps import apps
from django.db.models import Model
from simple_history.models import HistoricalChanges

from coordination.tests.house.source import DOMAINS, ROOT

PAPER = ROOT / "docs" / "develop" / "models.md"
HEAD = """# Models

Drawn by `MODELS=write ./test coordination/tests/house/test_model_map.py`; without `MODELS` the
test compares. Arrows point from the model with the foreign key. History tables are left out: a
model marked H has one.
"""


def models_of(domain: str) -> list[type[Model]]:
    """Return the models of a domain that have a table of their own, by name."""
    return sorted(
        (
            model
            for model in apps.get_app_config(domain).get_models()
            if not model._meta.proxy and not issubclass(model, HistoricalChanges)
        ),
        key=lambda model: model.__name__,
    )


def first_line(model: type[Model]) -> str:
    return (inspect.getdoc(model) or "").split("\n")[0]


def has_history(model: type[Model]) -> bool:
    return hasattr(model._meta, "simple_history_manager_attribute")


def arrows_of(model: type[Model]) -> list[str]:
    """Return one line for each relation of a model to one of ours."""
    relations = [*model._meta.fields, *model._meta.local_many_to_many]
    return [
        f"    {model.__name__} {'..>' if field.null else '-->'} "
        f"{field.related_model.__name__} : {field.name}"
        for field in relations
        if field.is_relation and field.related_model._meta.app_label in DOMAINS
    ]


def drawing() -> str:
    """Return the whole paper."""
    parts = [HEAD]
    for domain in reversed([name for name in DOMAINS if apps.is_installed(f"coordination.{name}")]):
        models = models_of(domain)
        if not models:
            continue
        names = [f"    class {model.__name__}" for model in models]
        arrows = [line for model in models for line in arrows_of(model)]
        rows = [
            f"| `{model.__name__}` | {'H' if has_history(model) else ''} | {first_line(model)} |"
            for model in models
        ]
        parts += [
            f"## {domain}\n",
            "\n".join(["```mermaid", "classDiagram", *names, *arrows, "```\n"]),
            "\n".join(["| model | history | what it is |", "|---|---|---|", *rows]) + "\n",
        ]
    return "\n".join(parts)


def test_the_map_of_models_is_drawn_from_them() -> None:
    if os.environ.get("MODELS") == "write":
        PAPER.write_text(drawing(), encoding="utf-8")

    assert PAPER.read_text(encoding="utf-8") == drawing()


def test_every_model_says_what_it_is() -> None:
    without = [
        model.__name__
        for domain in DOMAINS
        if apps.is_installed(f"coordination.{domain}")
        for model in models_of(domain)
        if not first_line(model) or first_line(model).startswith(f"{model.__name__}(")
    ]

    assert without == []

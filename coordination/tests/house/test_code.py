"""What the style guide asks of the code, kept by reading it."""

import ast

from django.apps import apps
from django.conf import settings
from django.db.models import ForeignKey, ManyToManyField, OneToOneField

from coordination.core import permissions
from coordination.tests.house.source import DOMAINS, ORDER, ROOT, at, calls, domain_of, dotted, python_files, room_of, tree

ROOMS = {
    "urls",
    "views",
    "admin",
    "management",
    "adapter",
    "tasks",
    "forms",
    "filters",
    "actions",
    "due",
    "rules",
    "queries",
    "models",
    "enums",
    "errors",
    "apps",
    "migrations",
    "templatetags",
    "tests",
    "__init__",
    "textkit",
}
PURE_ROOMS = {"queries", "rules", "actions", "models", "due", "enums", "errors", "textkit", "forms", "filters"}
WRITES = {"save", "create", "bulk_create", "update", "bulk_update", "delete", "get_or_create", "update_or_create"}


def test_a_domain_has_no_room_of_another_name() -> None:
    wrong = [at(path, 1) for path in python_files() if domain_of(path) not in {None, "core", "tests"} and room_of(path) not in ROOMS]

    assert wrong == []


def test_files_and_functions_stay_small() -> None:
    long_files = [at(path, 1) for path in python_files(tests=True) if path.read_text().count("\n") > 500]
    long_functions = [
        at(path, node)
        for path in python_files(tests=True)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno + 1 > 60
    ]

    assert long_files == []
    assert long_functions == []


def test_foreign_keys_point_down_and_are_not_seen_from_below() -> None:
    wrong = []
    for model in apps.get_models():
        owner = model._meta.app_label
        if owner not in ORDER or model.__name__.startswith("Historical"):
            continue
        for field in model._meta.get_fields():
            if not isinstance(field, ForeignKey | OneToOneField | ManyToManyField) or field.model is not model:
                continue
            target = field.related_model._meta.app_label
            if target in ORDER and target != owner:
                if ORDER[target] > ORDER[owner]:
                    wrong.append(f"{model.__name__}.{field.name} points up to {target}")
                if not field.remote_field.hidden:
                    wrong.append(f"{model.__name__}.{field.name} needs related_name='+'")

    assert wrong == []


def test_no_way_round_a_layer() -> None:
    wrong = []
    for path in python_files():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Name) and node.id == "TYPE_CHECKING":
                wrong.append(at(path, node))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                wrong += [at(path, inner) for inner in ast.walk(node) if isinstance(inner, ast.Import | ast.ImportFrom)]

    assert wrong == [], "imports inside functions hide a cycle"


def test_transactions_belong_to_actions() -> None:
    wrong = [
        at(path, node)
        for path in python_files()
        if room_of(path) != "actions"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and dotted(node) == "transaction.atomic"
    ]

    assert wrong == []


def test_nothing_outside_actions_writes() -> None:
    allowed = {"actions", "admin", "versions", "models", "management"}
    wrong = [
        at(path, call)
        for path in python_files()
        if domain_of(path) and room_of(path) not in allowed
        for call in calls(path)
        if isinstance(call.func, ast.Attribute) and call.func.attr in WRITES and is_a_write(call)
    ]

    assert wrong == []


def is_a_write(call: ast.Call) -> bool:
    """Say whether the call is on rows, not on a dictionary, a set, a hash or a Celery signature."""
    assert isinstance(call.func, ast.Attribute)
    name = dotted(call.func.value)
    return (
        (call.func.attr != "update" and call.func.attr != "delete")
        or "objects" in ast.unparse(call.func.value)
        or "filter(" in ast.unparse(call.func.value)
        or name.endswith("queryset")
    )


def test_the_clock_ticks_in_views_tasks_and_commands_only() -> None:
    ticking = {
        "date.today",
        "datetime.now",
        "datetime.today",
        "timezone.now",
        "timezone.localdate",
        "localdate",
        "datetime.utcnow",
        "time.time",
        "clock.now",
        "clock.today",
    }
    wrong = []
    for path in python_files():
        if not domain_of(path) or path.name in {"clock.py", "middleware.py", "history.py"}:
            continue
        for call in calls(path):
            name = dotted(call.func)
            if name in ticking and (room_of(path) in PURE_ROOMS or not name.startswith("clock.")):
                wrong.append(at(path, call))

    assert wrong == []


def test_tasks_have_a_name_and_a_queue() -> None:
    routed = settings.CELERY_TASK_ROUTES
    wrong = []
    for path in python_files():
        if room_of(path) != "tasks":
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef) and any("shared_task" in ast.unparse(d) for d in node.decorator_list):
                names = [
                    keyword.value.value
                    for d in node.decorator_list
                    if isinstance(d, ast.Call)
                    for keyword in d.keywords
                    if keyword.arg == "name"
                ]
                if not names or f"{names[0].split('.')[0]}.*" not in routed:
                    wrong.append(at(path, node))

    assert wrong == []


def test_permissions_that_are_asked_for_are_registered() -> None:
    asked = {}
    for path in python_files():
        for call in calls(path):
            for argument in call.args:
                if (
                    dotted(call.func).split(".")[-1] in {"require", "allowed", "has_perm"}
                    and isinstance(argument, ast.Constant)
                    and isinstance(argument.value, str)
                ):
                    asked[argument.value] = at(path, call)
    unknown = {name: where for name, where in asked.items() if "." in name and name not in permissions.names()}

    assert unknown == {}


def test_settings_are_imported_from_django() -> None:
    wrong = [
        at(path, node)
        for path in python_files()
        if domain_of(path)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("gmgapp")
    ]

    assert wrong == []


def test_the_domains_are_those_of_the_picture() -> None:
    folders = {path.name for path in (ROOT / "coordination").iterdir() if path.is_dir() and (path / "apps.py").exists()}

    assert folders <= set(DOMAINS)


def test_nothing_is_left_for_later() -> None:
    marks = ("TO" + "DO", "FIX" + "ME", "X" * 3, "NotImplemented" + "Error")
    wrong = [
        at(path, number)
        for path in python_files(tests=True)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if any(mark in line for mark in marks)
    ]

    assert wrong == []


def test_exemptions_have_a_reason() -> None:
    wrong = [
        at(path, number)
        for path in python_files()
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if ("# noqa" in line and " - " not in line.split("# noqa")[1]) or ("# type: ignore" in line and line.count("#") < 2)
    ]

    assert wrong == []

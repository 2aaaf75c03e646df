"""What the style guide asks of writes, the clock, tasks and views, kept by reading the code."""

import ast
from functools import cache

import pytest
from django.apps import apps
from django.conf import settings

from coordination.tests.house.source import (
    ROOT,
    at,
    calls,
    domain_of,
    dotted,
    functions,
    hold,
    imports,
    in_rooms,
    is_test,
    python_files,
    room_of,
    tree,
)

PURE_ROOMS = (
    "queries",
    "rules",
    "actions",
    "models",
    "due",
    "enums",
    "errors",
    "textkit",
    "forms",
    "filters",
)
WRITES = {
    "save",
    "create",
    "bulk_create",
    "update",
    "bulk_update",
    "delete",
    "get_or_create",
    "update_or_create",
    "save_m2m",
    "_raw_delete",
}
# writes on a relation to many, of which sets and caches have the like
LINKS = {"set", "add", "remove", "clear"}
SQL = {"execute", "executemany", "callproc", "cursor", "raw", "RawSQL"}
MAY_WRITE_SQL = {
    "core/management/commands/migrate.py": "how long it waits for a lock is a setting of the session",
    "core/append_only.py": "makes the triggers that keep history as it is, after each migrate",
    "statements/triggers.py": "makes the triggers, after each migrate",
    "reminders/queries/health.py": "asks the database for 1, to see that it answers",
}
ROWS = ("objects", "filter(", "exclude(", ".all()", "queryset", "annotate(", "order_by(")
TICKING = {
    "date.today",
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "timezone.now",
    "timezone.localdate",
    "localdate",
    "time.time",
    "time.time_ns",
    "time.monotonic",
    "time.monotonic_ns",
    "time.perf_counter",
    "time.perf_counter_ns",
    "time.process_time",
    "time.localtime",
    "time.gmtime",
}
KNOWN_TO_THE_ENGINE = {
    "bisect", "collections", "dataclasses", "functools", "hashlib", "itertools", "json", "math", "operator", "pathlib", "rapidfuzz", "re",
    "regex", "sys", "typing", "unicodedata",
}  # fmt: skip
LONGEST_TASK = 15
CALLED_BY_DJANGO = {"create_user"}  # createsuperuser asks the manager of people for it


def test_transactions_belong_to_actions() -> None:
    wrong = [
        at(path, node)
        for path in python_files()
        if room_of(path) != "actions"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and dotted(node) == "transaction.atomic"
    ]
    wrong += [
        at(path, node)
        for path in python_files()
        for node, name in imports(path)
        if name.startswith("django.db.transaction.")
    ]

    hold("transaction.atomic stands in actions, and under that name", wrong)


@cache
def related() -> frozenset[str]:
    """Return the names by which our models reach many others: those of the fields, and those back."""
    found = [
        field
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.one_to_many or field.many_to_many
    ]
    names = [field.get_accessor_name() if field.auto_created else field.name for field in found]
    return frozenset(name for name in names if name and not name.endswith("+"))


def is_a_write(call: ast.Call) -> bool:
    """Say whether the call writes rows, at once or awaited: not on a dictionary, a set, a hash or a Celery signature."""
    if not isinstance(call.func, ast.Attribute):
        return False
    name = call.func.attr if call.func.attr in WRITES | LINKS else call.func.attr.removeprefix("a")
    on_a_relation = isinstance(call.func.value, ast.Attribute) and call.func.value.attr in related()
    if name == "save" and len(call.args) == 1 and isinstance(call.args[0], ast.Name):
        return False  # a document into a file: a model's save() takes nothing by its place
    if name not in {"update", "delete"}:
        return name in WRITES or (name in LINKS and on_a_relation)
    on = ast.unparse(call.func.value)
    return (
        on_a_relation
        or any(mark in on for mark in ROWS)
        or (name == "delete" and not call.args and "session" not in on and "storage" not in on)
    )


@pytest.mark.parametrize(
    ("code", "writes"),
    [
        ("statement.save()", True),
        ("Person.objects.acreate(name=name)", True),
        ("await statement.asave()", True),
        ("Person.objects.filter(pk=1).aupdate(name=name)", True),
        ("said.mentions.set(found)", True),
        ("person.groups.add(keepers)", True),
        ("handover.items.update(state='done')", True),
        ("meeting.attendances.all().delete()", True),
        ("statement.save(update_fields=fields)", True),
        ("attachment.file.save(name, content)", True),
        ("document.save(written)", False),
        ("seen.add(1)", False),
        ("cache.set('key', 1)", False),
        ("known.update(more)", False),
        ("self.lengths.add(len(word))", False),
        ("permissions.add('members.read', belongs)", False),
    ],
)
def test_writes_are_recognised(code: str, writes: bool) -> None:
    found = [
        node
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Call) and is_a_write(node)
    ]

    assert bool(found) == writes


def test_nothing_outside_actions_writes() -> None:
    """The admin writes records without a workflow; core.versions holds the one conditional UPDATE, history the one way to sign."""
    allowed = {"actions", "admin", "versions"}
    excused = {
        id(call)
        for path in python_files()
        for node in functions(path)
        if node.name in CALLED_BY_DJANGO
        for call in ast.walk(node)
    }
    wrong = [
        at(path, call)
        for path in python_files()
        if domain_of(path) and room_of(path) not in allowed
        for call in calls(path)
        if is_a_write(call) and id(call) not in excused
    ]

    hold(
        "nothing outside actions saves, creates, links, updates or deletes; forms clean, they do not save",
        wrong,
    )


def test_sql_is_written_in_actions_only() -> None:
    found = {
        at(path, call): str(path.relative_to(ROOT / "coordination"))
        for path in python_files()
        if domain_of(path) and room_of(path) != "actions"
        for call in calls(path)
        if dotted(call.func).split(".")[-1] in SQL
    }

    hold(
        "SQL stands in actions, but for what is excused with a reason",
        [place for place, name in found.items() if name not in MAY_WRITE_SQL],
    )
    assert set(found.values()) == MAY_WRITE_SQL.keys()


def test_the_clock_is_read_nowhere_but_in_core() -> None:
    wrong = [
        f"{at(path, call)}: {dotted(call.func)}"
        for path in python_files()
        if domain_of(path) and path.name != "clock.py"
        for call in calls(path)
        if dotted(call.func) in TICKING
    ]

    wrong += [
        f"{at(path, node)}: {name}"
        for path in python_files()
        if domain_of(path)
        for node, name in imports(path)
        if name.startswith("time.")
    ]

    hold("the time is asked of core.clock only, which a demonstration may move", wrong)


def test_the_text_engine_asks_nothing_of_the_world() -> None:
    wrong = [
        f"{at(path, node)}: {name}"
        for path in in_rooms("textkit")
        for node, name in imports(path)
        if not (isinstance(node, ast.ImportFrom) and node.level)
        and name.split(".")[0] not in KNOWN_TO_THE_ENGINE
    ]

    hold(
        f"the text engine is pure: beyond itself it knows {', '.join(sorted(KNOWN_TO_THE_ENGINE))}",
        wrong,
    )


def test_the_clock_ticks_in_views_tasks_and_commands_only() -> None:
    ticks = ("coordination.core.clock.now", "coordination.core.clock.today")
    wrong = [
        f"{at(path, call)}: {dotted(call.func)}"
        for path in in_rooms(*PURE_ROOMS)
        for call in calls(path)
        if dotted(call.func) in {"clock.now", "clock.today"}
    ]
    wrong += [
        f"{at(path, node)}: {name}"
        for path in python_files()
        for node, name in imports(path)
        if name in ticks
    ]

    hold(
        "below views, tasks and commands the moment is an argument; where it is read, it is read as clock.now()",
        wrong,
    )


MAY_SLEEP = {
    "coordination/core/management/commands/migrate.py": "an operator waits for it: it lets others use a table between two tries"
}


def test_nothing_sleeps() -> None:
    wrong = [
        at(path, call)
        for path in python_files(tests=True)
        if str(path.relative_to(ROOT)) not in MAY_SLEEP
        if domain_of(path) and not (is_test(path) and {"e2e", "services"} & set(path.parts))
        for call in calls(path)
        if dotted(call.func) in {"time.sleep", "sleep"}
    ]

    hold(
        "nothing sleeps but tests that wait for real processes, and what is excused with a reason",
        wrong,
    )


def test_views_submit_forms_in_one_way() -> None:
    wrong = [
        at(path, node)
        for path in in_rooms("views")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler) and node.type and "Stale" in ast.unparse(node.type)
    ]

    hold("core.forms.submit answers for broken rules and for two editors", wrong)


def task_name(node: ast.FunctionDef) -> str | None:
    """Return the name that the decorator gives, "" if it gives none, None if this is no task."""
    for decorator in node.decorator_list:
        if dotted(decorator.func if isinstance(decorator, ast.Call) else decorator).split(".")[
            -1
        ] in {"shared_task", "task"}:
            keywords = decorator.keywords if isinstance(decorator, ast.Call) else []
            return next(
                (ast.literal_eval(keyword.value) for keyword in keywords if keyword.arg == "name"),
                "",
            )
    return None


def test_tasks_have_a_name_and_a_queue() -> None:
    prefixes = [pattern.removesuffix("*") for pattern in settings.CELERY_TASK_ROUTES]
    wrong = [
        at(path, node)
        for path in in_rooms("tasks")
        for node in functions(path)
        if (name := task_name(node)) is not None and not (name and name.startswith(tuple(prefixes)))
    ]

    hold("a task has an explicit name, and CELERY_TASK_ROUTES a queue for it", wrong)


def test_tasks_take_what_older_messages_carry() -> None:
    wrong = [
        at(path, node)
        for path in in_rooms("tasks")
        for node in functions(path)
        if task_name(node) is not None
        if node.args.args
        or not node.args.kwarg
        or (node.end_lineno or 0) - node.lineno + 1 > LONGEST_TASK
    ]

    hold(
        f"a task takes keywords only, and **_ for older messages, in {LONGEST_TASK} lines at most",
        wrong,
    )


def test_tasks_stand_in_tasks() -> None:
    wrong = [
        at(path, node)
        for path in python_files()
        if domain_of(path) and room_of(path) != "tasks"
        for node in functions(path)
        if task_name(node) is not None
    ]

    hold("tasks stand in tasks.py", wrong)


def test_people_are_asked_to_sign_in_before_a_method_is_refused() -> None:
    wrong = []
    for path in in_rooms("views"):
        for node in functions(path):
            names = [
                dotted(each.func if isinstance(each, ast.Call) else each).split(".")[-1]
                for each in node.decorator_list
            ]
            methods = [place for place, name in enumerate(names) if name.startswith("require_")]
            if "login_required" in names and methods and methods[0] < names.index("login_required"):
                wrong.append(at(path, node))

    hold("@login_required stands outside @require_POST", wrong)

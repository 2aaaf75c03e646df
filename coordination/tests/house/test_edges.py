"""What the style guide asks of writes, the clock, tasks and views, kept by reading the code."""

import ast

from django.conf import settings

from coordination.tests.house.source import (
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

PURE_ROOMS = ("queries", "rules", "actions", "models", "due", "enums", "errors", "textkit", "forms", "filters")
WRITES = {"save", "create", "bulk_create", "update", "bulk_update", "delete", "get_or_create", "update_or_create"}
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
}
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
    wrong += [at(path, node) for path in python_files() for node, name in imports(path) if name.startswith("django.db.transaction.")]

    hold("transaction.atomic stands in actions, and under that name", wrong)


def is_a_write(call: ast.Call) -> bool:
    """Say whether the call is on rows, not on a dictionary, a set, a hash or a Celery signature."""
    assert isinstance(call.func, ast.Attribute)
    if call.func.attr not in {"update", "delete"}:
        return True
    on = ast.unparse(call.func.value)
    return any(mark in on for mark in ROWS) or (
        call.func.attr == "delete" and not call.args and "session" not in on and "storage" not in on
    )


def test_nothing_outside_actions_writes() -> None:
    """The admin writes records without a workflow; core.versions holds the one conditional UPDATE, history the one way to sign."""
    allowed = {"actions", "admin", "versions"}
    excused = {id(call) for path in python_files() for node in functions(path) if node.name in CALLED_BY_DJANGO for call in ast.walk(node)}
    wrong = [
        at(path, call)
        for path in python_files()
        if domain_of(path) and room_of(path) not in allowed
        for call in calls(path)
        if isinstance(call.func, ast.Attribute) and call.func.attr in WRITES and is_a_write(call) and id(call) not in excused
    ]

    hold("nothing outside actions saves, creates, updates or deletes; forms clean, they do not save", wrong)


def test_the_clock_is_read_nowhere_but_in_core() -> None:
    wrong = [
        f"{at(path, call)}: {dotted(call.func)}"
        for path in python_files()
        if domain_of(path) and path.name != "clock.py"
        for call in calls(path)
        if dotted(call.func) in TICKING
    ]

    hold("the time is asked of core.clock only, which a demonstration may move", wrong)


def test_the_clock_ticks_in_views_tasks_and_commands_only() -> None:
    ticks = ("coordination.core.clock.now", "coordination.core.clock.today")
    wrong = [
        f"{at(path, call)}: {dotted(call.func)}"
        for path in in_rooms(*PURE_ROOMS)
        for call in calls(path)
        if dotted(call.func) in {"clock.now", "clock.today"}
    ]
    wrong += [f"{at(path, node)}: {name}" for path in python_files() for node, name in imports(path) if name in ticks]

    hold("below views, tasks and commands the moment is an argument; where it is read, it is read as clock.now()", wrong)


def test_nothing_sleeps() -> None:
    wrong = [
        at(path, call)
        for path in python_files(tests=True)
        if domain_of(path) and not (is_test(path) and {"e2e", "services"} & set(path.parts))
        for call in calls(path)
        if dotted(call.func) in {"time.sleep", "sleep"}
    ]

    hold("nothing sleeps but tests that wait for real processes", wrong)


def task_name(node: ast.FunctionDef) -> str | None:
    """Return the name that the decorator gives, "" if it gives none, None if this is no task."""
    for decorator in node.decorator_list:
        if dotted(decorator.func if isinstance(decorator, ast.Call) else decorator).split(".")[-1] in {"shared_task", "task"}:
            keywords = decorator.keywords if isinstance(decorator, ast.Call) else []
            return next((ast.literal_eval(keyword.value) for keyword in keywords if keyword.arg == "name"), "")
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
        if node.args.args or not node.args.kwarg or (node.end_lineno or 0) - node.lineno + 1 > LONGEST_TASK
    ]

    hold(f"a task takes keywords only, and **_ for older messages, in {LONGEST_TASK} lines at most", wrong)


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
            names = [dotted(each.func if isinstance(each, ast.Call) else each).split(".")[-1] for each in node.decorator_list]
            methods = [place for place, name in enumerate(names) if name.startswith("require_")]
            if "login_required" in names and methods and methods[0] < names.index("login_required"):
                wrong.append(at(path, node))

    hold("@login_required stands outside @require_POST", wrong)

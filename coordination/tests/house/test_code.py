"""What the style guide asks of the shape of the code, kept by reading it."""

import ast
import importlib
import importlib.util
import re

from django.apps import apps
from django.db.models import ForeignKey, ManyToManyField, OneToOneField

from coordination.core import permissions
from coordination.tests.house.source import (
    DOMAINS,
    ENGINES,
    ORDER,
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
    lines,
    python_files,
    room_of,
    scripts,
    templates,
    tree,
)

ROOMS = {
    "urls",
    "views",
    "admin",
    "management",
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
}
OF_ONE_DOMAIN = {
    (
        "members",
        "adapter",
    ): "what django-allauth asks of a project stands in one class, which it finds by name",
    (
        "members",
        "attempts",
    ): "limits on guessing count by the address and the cookie of a request, for forms and the adapter",
    (
        "reminders",
        "smtp",
    ): "Django's backend for SMTP with a time limit, which settings name as EMAIL_BACKEND",
    ("meetings", "mailbox"): "the transport of answers that calendar programs send (IMAP)",
    (
        "rotation",
        "planning",
    ): "the engine that plans the next terms: pure Python, held apart by import-linter",
    (
        "meetings",
        "slots",
    ): "the engine that ranks the hours of a meeting: pure Python, held apart by import-linter",
    (
        "statements",
        "wordkit",
    ): "the engine that reads and writes Word files: pure Python, held apart by import-linter",
    ("statements", "authority"): "the transport to a time-stamping authority (RFC 3161)",
    (
        "statements",
        "proofkit",
    ): "the engine that signs and checks proofs: pure Python, held apart by import-linter",
    (
        "statements",
        "triggers",
    ): "the triggers by which the database itself keeps texts and positions as they are",
}
LONGEST_FILE = 500
LONGEST_FUNCTION = 60
ASKING = {
    "require",
    "allowed",
    "offered",
    "require_offered",
    "has_perm",
    "lock_for_chair",
    "for_chair",
}


def test_a_domain_has_no_room_of_another_name() -> None:
    domains = [
        path for path in python_files() if domain_of(path) not in {None, "core", "tests", *ENGINES}
    ]
    wrong = [
        at(path, 1)
        for path in domains
        if room_of(path) not in ROOMS and (domain_of(path), room_of(path)) not in OF_ONE_DOMAIN
    ]

    hold(
        f"a domain has these rooms and no other: {', '.join(sorted(ROOMS))}; but for {OF_ONE_DOMAIN}",
        wrong,
    )
    assert OF_ONE_DOMAIN.keys() <= {(domain_of(path), room_of(path)) for path in domains}


def test_the_domains_are_those_of_the_picture() -> None:
    folders = {
        path.name
        for path in (ROOT / "coordination").iterdir()
        if path.is_dir() and (path / "apps.py").exists()
    }

    hold(f"the domains are {', '.join(DOMAINS)}", sorted(folders - set(DOMAINS)))


def test_files_stay_small() -> None:
    wrong = [
        f"{at(path, 1)}: {sum(1 for _ in lines(path))} lines"
        for path in [*python_files(tests=True), *scripts()]
    ]

    hold(
        f"a file has {LONGEST_FILE} lines at most",
        [line for line in wrong if int(line.split()[1]) > LONGEST_FILE],
    )


def test_class_names_are_unique() -> None:
    modules: dict[str, list[str]] = {}
    for path in python_files():
        for node in tree(path).body:
            if isinstance(node, ast.ClassDef) and node.name != "Command":  # Django's name
                modules.setdefault(node.name, []).append(at(path, node))

    hold(
        "a class has a name of its own in the product",
        [f"{name}: {', '.join(places)}" for name, places in modules.items() if len(places) > 1],
    )


def test_functions_stay_small() -> None:
    wrong = [
        at(path, node)
        for path in [*python_files(tests=True), *scripts()]
        for node in functions(path)
        if (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION
    ]

    hold(f"a function has {LONGEST_FUNCTION} lines at most", wrong)


def test_foreign_keys_point_down_and_are_not_seen_from_below() -> None:
    wrong = []
    for model in apps.get_models():
        owner = model._meta.app_label
        if owner not in ORDER or model.__name__.startswith("Historical"):
            continue
        for field in model._meta.get_fields():
            if (
                not isinstance(field, ForeignKey | OneToOneField | ManyToManyField)
                or field.model is not model
            ):
                continue
            target = field.related_model._meta.app_label
            if target in ORDER and target != owner:
                if ORDER[target] > ORDER[owner]:
                    wrong.append(f"{model.__name__}.{field.name} points up to {target}")
                if not field.remote_field.hidden:
                    wrong.append(f"{model.__name__}.{field.name} needs related_name='+'")

    hold("foreign keys point to lower domains, and are not seen from there", wrong)


def test_models_do_not_save_in_their_own_way() -> None:
    wrong = [
        at(path, node)
        for path in in_rooms("models")
        for node in functions(path)
        if node.name in {"save", "delete"}
    ]

    hold("no model overrides save or delete: what happens on a write is an action", wrong)


def test_no_way_round_a_layer() -> None:
    wrong = [
        at(path, node)
        for path in python_files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Name | ast.Attribute)
        and dotted(node).split(".")[-1] == "TYPE_CHECKING"
    ]
    hold(
        "imports behind TYPE_CHECKING hide a cycle",
        wrong,
    )


def test_the_rules_do_not_know_the_web() -> None:
    web = (
        "django.http",
        "django.shortcuts",
        "django.views",
        "django.contrib.messages",
        "django.template.response",
    )
    pure = ("actions", "due", "rules", "queries", "models", "enums", "errors", *ENGINES)
    wrong = [
        f"{at(path, node)}: {name}"
        for path in in_rooms(*pure)
        for node, name in imports(path)
        if name.startswith(web)
    ]

    hold("requests and responses stay in views, forms, admin, middleware", wrong)


def test_actions_leave_facts_and_send_nothing() -> None:
    wrong = [
        f"{at(path, node)}: {name}"
        for path in in_rooms("actions")
        if domain_of(path) != "reminders"
        for node, name in imports(path)
        if name.startswith(("django.core.mail", "celery")) or ".tasks" in name
    ]

    hold("actions send no mail and call no task: due.py derives what is owed", wrong)


def asked_by(call: ast.Call) -> list[str]:
    """Return the names of permissions that a call asks for, by place or by keyword."""
    by_place = call.args if dotted(call.func).split(".")[-1] in ASKING else []
    by_keyword = [keyword.value for keyword in call.keywords if keyword.arg == "may"]
    values = [each.value for each in [*by_place, *by_keyword] if isinstance(each, ast.Constant)]
    return [value for value in values if isinstance(value, str) and "." in value]


def test_permissions_that_are_asked_for_are_registered() -> None:
    asked = {
        f"{at(path, call)}: {name}": name
        for path in python_files()
        for call in calls(path)
        for name in asked_by(call)
    }

    hold(
        "a permission that is asked for is registered in a rules.py",
        [place for place, name in asked.items() if name not in permissions.names()],
    )
    # by place, by keyword, by a view
    assert {"members.invite", "statements.settle", "statements.release"} <= set(asked.values())


def test_permissions_that_are_registered_are_asked_for() -> None:
    asking = [path for path in [*python_files(), *templates()] if room_of(path) != "rules"]
    texts = "\n".join(path.read_text(encoding="utf-8") for path in asking)
    unasked = {
        name
        for name in permissions.names()
        if f'"{name}"' not in texts and f"'{name}'" not in texts
    }

    hold("a permission that is registered is asked for by somebody", sorted(unasked))


ZONES_OF_OTHER_NAMES = {  # that are not stored
    "core/zones.py": "is where a stored name becomes a zone",
    "core/templatetags/core.py": "Django's current zone",
    "core/history.py": "Django's current zone",
}


def test_stored_zones_are_read_in_one_place() -> None:
    wrong = [
        at(path, call)
        for path in python_files()
        for call in calls(path)
        if dotted(call.func).endswith("ZoneInfo")
        and domain_of(path)
        and not str(path).endswith(tuple(ZONES_OF_OTHER_NAMES))
    ]

    hold("a stored zone is read by core.zones.zone_of: this machine may not know it", wrong)


def test_settings_are_imported_from_django() -> None:
    wrong = [
        at(path, node)
        for path in python_files()
        if domain_of(path)
        for node, name in imports(path)
        if name.startswith("gmgapp")
    ]

    hold("from django.conf import settings, nothing from gmgapp", wrong)


def test_nothing_is_left_for_later() -> None:
    marks = ("TO" + "DO", "FIX" + "ME", "X" * 3, "NotImplemented" + "Error")
    wrong = [
        at(path, number)
        for path in python_files(tests=True)
        for number, line in lines(path)
        if any(mark in line for mark in marks)
    ]

    hold("what is not done is not in the code", wrong)


def test_exemptions_have_a_reason() -> None:
    wrong = [
        at(path, number)
        for path in python_files()
        for number, line in lines(path)
        if ("# noqa" in line and " - " not in line.split("# noqa")[1])
        or ("# type: ignore" in line and line.count("#") < 2)
        or ("# pragma:" in line and " - " not in line.split("# pragma:")[1])
    ]

    hold("an exemption says why, on its line", wrong)


def test_skipped_tests_have_a_reason() -> None:
    wrong = [
        at(path, call)
        for path in python_files(tests=True)
        if is_test(path)
        for call in calls(path)
        if dotted(call.func) in {"pytest.mark.skip", "pytest.mark.skipif", "pytest.mark.xfail"}
        if "reason" not in {keyword.arg for keyword in call.keywords}
    ]

    hold("a skipped test says why", wrong)


def test_tests_replace_nothing() -> None:
    wrong = [
        f"{at(path, node)}: {name}"
        for path in python_files(tests=True)
        for node, name in imports(path)
        if name.startswith(("unittest.mock", "mock.", "pytest_mock", "responses", "fakeredis"))
    ]

    hold("tests meet the real thing: PostgreSQL, Redis, SMTP, a browser", wrong)


IMPORT = re.compile(r"from (coordination[\w.]*) import (\w[\w, ]*)")


def test_code_that_tests_run_as_a_string_imports_what_exists():
    """No tool renames a name in a string, and the processes that run it are slow tests."""

    def lacks(module: str, name: str) -> bool:
        imported = importlib.import_module(module)
        if hasattr(imported, name):
            return False
        is_package = hasattr(imported, "__path__")
        return not (is_package and importlib.util.find_spec(f"{module}.{name}"))

    hold(
        "a name that a string of code imports exists",
        (
            f"{path.relative_to(ROOT)}: {module} has no {name.strip()}"
            for path in python_files(tests=True)
            for module, names in IMPORT.findall(path.read_text(encoding="utf-8"))
            for name in names.split(",")
            if name.strip() and lacks(module, name.strip().partition(" as ")[0])
        ),
    )

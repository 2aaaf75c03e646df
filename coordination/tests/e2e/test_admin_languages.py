"""The admin in the pseudo-locale: no page, refusal or message of it has a text that nobody can translate.

Django's own strings go through the same catalogue, so that only data stays in plain letters. The names of things are asked for apart
from the pages, as a name may be a word that stands in the data too.
"""

import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.contrib.admin.utils import label_for_field
from django.db.models import Field, Model
from django.forms import BaseForm, ChoiceField
from django.forms.models import ModelChoiceField
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.html import strip_tags
from simple_history.models import HistoricalChanges

from coordination.tests.admin_pages import sent_by
from coordination.tests.cast import NOW
from coordination.tests.e2e.addresses import Address, addresses, answer_of, client_of
from coordination.tests.e2e.things import Things, prove, told
from coordination.tests.pseudo import CODE, pseudo_locale
from coordination.tests.untranslated import in_words, stored_words, texts_of, untranslated

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
PARTS = (
    "core",
    "meetings",
    "members to E",
    "members from F",
    "reminders",
    "rotation",
    "statements",
    "others",
)
PLAIN = re.compile(r"[A-Za-z][A-Za-z-]+")
# a name of the place to be filled in: "%(verbose_name_plural)s"
PLACE = re.compile(r"%\(\w+\)[a-z]")
# what help texts take from the data: the city of the group
# a city, and what a person types as it is into the patterns of a group
DATA = {"Geneva", "year", "acronym", "en", "fr", "United", "Nations", "UN"}
# Django writes it into a template, outside of its catalogue
OF_DJANGO = in_words("Search")
# no page shows these rows
NEVER_SHOWN = {"core.Heartbeat", "core.FormSubmission"}


def part_of(label: str) -> str:
    """Return in which part "app.model" is asked for; each is a test of its own."""
    app, _, model = label.partition(".")
    if app == "members":
        return "members to E" if model < "f" else "members from F"
    return app if app in PARTS else "others"


@pytest.fixture
def administrator():
    """Return a client of the administrator, who has just proven who they are, and the things behind addresses."""
    cast, things = told(NOW)
    with pseudo_locale():
        client = client_of(cast["administrator"])
        prove(client, cast["administrator"])
        yield client, things


def pages(client: Client, things: Things, each: Address) -> Iterator[tuple[str, str]]:
    """Yield (what was done, HTML) of a page of the admin, and of the refusal of its empty form."""
    path = things.path(each)
    shown = client.get(path)
    if shown.status_code == 200 and shown["Content-Type"].startswith("text/html"):
        yield f"GET {path}", shown.content.decode()
    if path.endswith(("/add/", "/password/", "/password_change/")):
        empty = {name: held for name, held in sent_by(shown).items() if name.endswith("_FORMS")}
        yield f"POST {path}", answer_of("POST", path, client, empty).content.decode()


def results(client: Client, record: Model, actions: list[str]) -> Iterator[tuple[str, str]]:
    """Yield (what was done, HTML) of what each action of a list says of one record."""
    path = reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_changelist")
    for action in actions:
        sent = {"action": action, "_selected_action": [record.pk]}
        answer = client.post(path, sent, follow=True)
        if answer["Content-Type"].startswith("text/html"):  # the others are tables to save
            yield f"{action} {path}", answer.content.decode()


@pytest.mark.parametrize("part", PARTS)
def test_every_page_of_the_admin_is_translated(administrator, part):
    client, things = administrator
    stored, seen, wrong = stored_words() + OF_DJANGO, 0, []
    every = [each for each in addresses() if each.route.startswith("admin/")]
    for each in every:
        if part_of(each.model) == part:
            for done, html in pages(client, things, each):
                seen += 1
                wrong += [f"{done} {line}" for line in untranslated(texts_of(html), stored)]

    assert wrong == []
    assert seen > 5


def test_what_the_actions_of_the_admin_say_is_translated(administrator):
    client, things = administrator
    stored, wrong = stored_words() + OF_DJANGO, []
    request = client.get("/admin/").wsgi_request
    for model, its_admin in admin.site._registry.items():
        record = things.records[model._meta.label_lower]
        for done, html in results(client, record, list(its_admin.get_actions(request))):
            wrong += [f"{done} {line}" for line in untranslated(texts_of(html), stored)]

    assert wrong == []


def fields_shown(model: type[Model]) -> Iterator[Field]:
    """Yield the fields of a model that a form or its history shows."""
    tracked = {
        field.name
        for field in (model.history.model.tracked_fields if hasattr(model, "history") else ())
    }
    for field in model._meta.get_fields():
        is_own = field.concrete and not field.auto_created
        if is_own and (field.editable or field.name in tracked):
            yield field


def names_of_model(model: type[Model]) -> Iterator[tuple[str, object]]:
    """Yield (place, name) of a model, its fields, their help texts and choices."""
    meta = model._meta
    yield from ((meta.label, name) for name in (meta.verbose_name, meta.verbose_name_plural))
    for field in fields_shown(model):
        place = f"{meta.label}.{field.name}"
        yield from ((place, text) for text in (field.verbose_name, field.help_text))
        yield from ((place, label) for _value, label in field.flatchoices)


def names_of_form(place: str, form: type[BaseForm]) -> Iterator[tuple[str, object]]:
    """Yield (place, name) of the fields of a form, their help texts and choices."""
    for name, field in form.base_fields.items():
        yield from ((f"{place}.{name}", text) for text in (field.label or "", field.help_text))
        if isinstance(field, ChoiceField) and not isinstance(field, ModelChoiceField):
            # a choice that is its own label is data: a time zone
            yield from (
                (f"{place}.{name}", label) for value, label in field.choices if value != label
            )


def names_of_admin(its_admin: ModelAdmin, request: HttpRequest) -> Iterator[tuple[str, object]]:
    """Yield (place, name) of the columns, titles, actions and forms of a model's pages."""
    model, place = its_admin.model, str(its_admin)
    for name in (*its_admin.get_list_display(request), *its_admin.get_readonly_fields(request)):
        yield f"{place}: {name}", label_for_field(name, model, its_admin)
    yield from ((place, title or "") for title, _options in its_admin.get_fieldsets(request))
    yield from ((place, words) for _act, _name, words in its_admin.get_actions(request).values())
    yield from names_of_form(place, its_admin.get_form(request))
    for inline in its_admin.get_inline_instances(request):
        yield from (
            (str(inline), name) for name in (inline.verbose_name, inline.verbose_name_plural)
        )
        yield from names_of_form(str(inline), inline.get_formset(request).form)


def test_each_name_in_the_admin_is_translated(administrator):
    """A page shows a name too where the data has the same word, so the pages alone cannot tell."""
    client, _things = administrator
    request = client.get("/admin/").wsgi_request
    own = [app for app in apps.get_app_configs() if app.name.startswith("coordination")]
    with translation.override(CODE):
        found = [(app.label, app.verbose_name) for app in own]
        for model in {*admin.site._registry, *(model for app in own for model in app.get_models())}:
            is_record = issubclass(model, HistoricalChanges)
            if not is_record and model._meta.label not in NEVER_SHOWN:
                found += names_of_model(model)
        for its_admin in admin.site._registry.values():
            found += names_of_admin(its_admin, request)
        plain = {(place, words) for place, name in found if (words := plain_words(str(name)))}

    assert sorted(plain) == []


def plain_words(name: str) -> str:
    """Return the words of a name that are not translated; "" for none."""
    words = PLAIN.findall(PLACE.sub("", strip_tags(name)))
    return " ".join(word for word in words if word not in DATA)

"""Base classes of every domain's admin, and the group's settings."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from simple_history.admin import SimpleHistoryAdmin
from simple_history.models import DeletedObject
from simple_history.template_utils import HistoricalRecordContextHelper, ObjDiffDisplay

from coordination.core import history
from coordination.core.fields import SplitMomentField, SplitMomentInput
from coordination.core.models import Group, SourceDisagreement, Versioned

VERSION_FIELD = "version_seen"


class VersionedForm(forms.ModelForm[Any]):
    """A form of a versioned record that never overwrites an unseen change.

    The second of two people gets their own values back with the saved ones beneath, and may save
    again.
    """

    version_seen = forms.IntegerField(
        label=gettext_lazy("version"), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and VERSION_FIELD in self.fields:
            # A hidden field carries it, so a second window cannot overwrite the first.
            self.initial[VERSION_FIELD] = self.instance.version

    def clean(self) -> dict[str, Any]:
        """Refuse to overwrite what was saved since the page was opened.

        The form then carries the saved version, so a second try succeeds.
        """
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.instance.pk or VERSION_FIELD not in self.fields:
            return cleaned
        # The lock lasts until the transaction of the admin's view ends, so nobody saves in between.
        saved = (
            type(self.instance)
            ._default_manager.select_for_update(of=("self",))
            .get(pk=self.instance.pk)
        )
        if saved.version != cleaned.get(VERSION_FIELD):
            data: Any = self.data
            data = data.copy()
            data[self.add_prefix(VERSION_FIELD)] = saved.version
            self.data = data
            who = history.last_author(saved) or _("Somebody")
            sentence = _(
                "%(who)s saved this while you wrote. Nothing of yours is saved yet: look at what "
                "is saved now, then save again."
            )
            self.show_saved(saved, cleaned)
            self.add_error(None, sentence % {"who": who})
        return cleaned

    def show_saved(self, saved: Versioned, cleaned: dict[str, Any]) -> None:
        """Show the saved value beneath each field that differs."""
        for field in saved._meta.concrete_fields:
            now = getattr(saved, field.name)
            if field.name in cleaned and now != cleaned[field.name]:
                text = history.value_text(field, now) or _("nothing")
                self.add_error(field.name, _("Saved now: %(text)s") % {"text": text})


def zone_beside_moments(request: Any, model: type[models.Model]) -> dict[str, str]:
    """Return the help text of each moment, with its zone.

    Moments are shown and typed in the reader's zone.
    """
    sentence = _("In your time zone, %(city)s.") % {"city": request.reader.city}
    moments = [
        field for field in model._meta.concrete_fields if isinstance(field, models.DateTimeField)
    ]
    return {field.name: f"{field.help_text} {sentence}".strip() for field in moments}


def slugs_explained(model: type[models.Model]) -> dict[str, Any]:
    """Return help texts for the fields that end web addresses."""
    sentence = gettext_lazy(
        "The end of the page’s web address: lower-case letters, digits and hyphens. Links that "
        "people have saved stop working when it changes."
    )
    return {
        field.name: field.help_text or sentence
        for field in model._meta.concrete_fields
        if isinstance(field, models.SlugField)
    }


class MomentFields:
    """Asks which hour is meant where clocks skip or repeat it."""

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if isinstance(db_field, models.DateTimeField):
            kwargs |= {"form_class": SplitMomentField, "widget": SplitMomentInput}
            return db_field.formfield(**kwargs)
        return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]  # of the admin that this is mixed into


class UndeletableMixin:
    """Nothing of the group's memory is deleted.

    People and agencies end by their last day, meetings are cancelled, texts withdrawn.
    """

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class UndeletableAdmin(MomentFields, UndeletableMixin, admin.ModelAdmin[Any]):
    """Base of all record pages: no deletion, and moments name their zone.

    `extra_help` adds help texts by field name.
    """

    extra_help: ClassVar[dict[str, Any]] = {}

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        """Return the record with that key.

        The field comes from the address; Django fails on an empty one.
        """
        return super().get_object(request, object_id, from_field or None)

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Name the zone beside each moment, and explain web addresses."""
        return super().get_form(
            request,
            obj,
            change=change,
            **{
                "help_texts": zone_beside_moments(request, self.model)
                | slugs_explained(self.model)
                | self.extra_help,
                **kwargs,
            },
        )

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: Any = None
    ) -> HttpResponse:
        """Add the new record's address to the answer in a pop-up.

        That answer is no redirect, so core.submissions could not tell what was created.
        """
        response = super().response_add(request, obj, post_url_continue)
        if IS_POPUP_VAR in request.POST:
            meta = obj._meta
            address = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[obj.pk])
            response["Content-Location"] = f"{address}?{IS_POPUP_VAR}=1"
        return response

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Take initial values from the address, except for moments.

        The field of a moment has two parts and fails on the single value of an address.
        """
        moments = {
            field.name
            for field in self.model._meta.concrete_fields
            if isinstance(field, models.DateTimeField)
        }
        return {
            name: value
            for name, value in super().get_changeform_initial_data(request).items()
            if name not in moments
        }


class UndeletableInline(MomentFields, UndeletableMixin, admin.TabularInline[Any, Any]):
    """Base of the rows of other records on a record's page.

    `also_select` names further relations that the rows' labels need.
    """

    extra = 0
    also_select: ClassVar[tuple[str, ...]] = ()

    def get_queryset(self, request: Any) -> Any:
        """Load the related records of all rows in one query."""
        pointed_to = [field.name for field in self.model._meta.fields if field.many_to_one]
        # Each row's label shows its related records; one query loads them all.
        return super().get_queryset(request).select_related(*pointed_to, *self.also_select)

    def get_formset(self, request: Any, obj: Any = None, **kwargs: Any) -> Any:
        """Name the zone beside each moment."""
        return super().get_formset(
            request, obj, **{"help_texts": zone_beside_moments(request, self.model), **kwargs}
        )


class ReadOnly:
    """An admin page that only shows, since a workflow owns the record."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class TranslatedDisplay(ObjDiffDisplay):
    """Two long values, shortened in the reader's language.

    The count of what is left out is translated.
    """

    def shortened_str(self, prefix: str, num_skipped_chars: int, suffix: str) -> str:
        skipped = ngettext("%(count)d character", "%(count)d characters", num_skipped_chars)
        return f"{prefix}[{skipped % {'count': num_skipped_chars}}]{suffix}"


class WordedChanges(HistoricalRecordContextHelper):
    """The changes of a history entry in the reader's language."""

    def prepare_delta_change_value(self, change: Any, value: Any) -> Any:
        """Return the value as text, except a list of related records."""
        field = self.model._meta.get_field(change.field)
        if isinstance(field, models.ManyToManyField):
            return super().prepare_delta_change_value(change, value)
        if isinstance(value, DeletedObject):
            return _("(no longer on record)")
        return history.value_text(field, value)

    def get_obj_diff_display(self) -> ObjDiffDisplay:
        return TranslatedDisplay(max_length=self.max_displayed_delta_change_chars)


class RecordAdmin(UndeletableAdmin, SimpleHistoryAdmin):
    """A record with its history, which is shown and never restored.

    A restore would undo later changes of others and states that a workflow owns.
    """

    history_list_display = ("history_source",)

    def set_history_delta_changes(
        self, request: HttpRequest, historical_records: Any, **options: Any
    ) -> None:
        """Word the reasons of history in the reader's language."""
        super().set_history_delta_changes(request, historical_records, **options)
        for entry in historical_records:
            entry.history_change_reason = history.recorded_reason(entry)

    def get_historical_record_context_helper(
        self, request: HttpRequest, historical_record: Any
    ) -> HistoricalRecordContextHelper:
        return WordedChanges(self.model, historical_record)

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Show an earlier version; never restore it.

        simple-history would restore it for anybody who may look, with fields that the record's own
        form leaves out.
        """
        if request.method != "GET":
            raise PermissionDenied(
                _(
                    "What was before is shown here; it is not put back over what is now. Change "
                    "the record on its own page."
                )
            )
        shown: HttpResponse = super().history_form_view(
            request, object_id, version_id, extra_context
        )
        return shown


class VersionedAdmin(RecordAdmin):
    """A record with a version.

    Neither this page nor another overwrites an unseen change.
    """

    form = VersionedForm

    def get_fieldsets(self, request: Any, obj: Any = None) -> Any:
        """Add the version to the form where the person may change something."""
        sets = [
            (
                title,
                {
                    **options,
                    "fields": [name for name in options["fields"] if name != VERSION_FIELD],
                },
            )
            for title, options in super().get_fieldsets(request, obj)
        ]
        return (
            [*sets, (None, {"fields": [VERSION_FIELD]})]
            if obj and self.has_change_permission(request, obj)
            else sets
        )

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        obj.version += int(change)
        super().save_model(request, obj, form, change)

    def save_formset(self, request: Any, form: Any, formset: Any, change: bool) -> None:
        """Increase the version of each record that was changed in a row."""
        for row_form in formset.initial_forms:
            if isinstance(row_form.instance, Versioned) and row_form.has_changed():
                row_form.instance.version += 1
        super().save_formset(request, form, formset, change)


@admin.register(Group)
class GroupAdmin(VersionedAdmin):
    """The group's name, zone and numbers: one row."""

    list_display = (
        "name",
        "acronym",
        "time_zone",
        "term_months",
        "focal_points_min",
        "focal_points_max",
    )

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        """Allow it only while there is no group."""
        return request.group.pk is None and bool(super().has_add_permission(request))


@admin.register(SourceDisagreement)
class SourceDisagreementAdmin(RecordAdmin):
    """Where sources disagree."""

    list_display = ("about", "topic")
    list_filter = ("topic",)
    search_fields = ("about",)

"""What every domain's admin builds on, and the group's settings."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from simple_history.admin import SimpleHistoryAdmin

from coordination.core import history
from coordination.core.fields import SplitMomentField, SplitMomentInput
from coordination.core.models import Group, SourceDisagreement, Versioned

SEEN = "version_seen"


class SeenForm(forms.ModelForm[Any]):
    """A record with a version.

    What somebody saved since the page was opened is never overwritten unseen.

    The second of two people gets their own values back, with what is saved now beneath each, and
    may save again.
    """

    version_seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Carry the version that the page shows."""
        super().__init__(*args, **kwargs)
        if self.instance.pk and SEEN in self.fields:
            self.initial[SEEN] = self.instance.version

    def clean(self) -> dict[str, Any]:
        """Refuse to save over what was saved meanwhile.

        A second try, with both in sight, goes through.
        """
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.instance.pk or SEEN not in self.fields:
            return cleaned
        saved = (
            type(self.instance)
            ._default_manager.select_for_update(of=("self",))
            .get(pk=self.instance.pk)
        )
        if saved.version != cleaned.get(SEEN):
            again: Any = self.data
            again = again.copy()
            again[self.add_prefix(SEEN)] = saved.version
            self.data = again
            who = history.last_author(saved) or _("Somebody")
            sentence = _(
                "%(who)s saved this while you wrote. Nothing of yours is saved yet: look at what "
                "is saved now, then save again."
            )
            self.show_saved(saved, cleaned)
            self.add_error(None, sentence % {"who": who})
        return cleaned

    def show_saved(self, saved: Versioned, cleaned: dict[str, Any]) -> None:
        """Say beneath each field that differs what is saved now."""
        for field in saved._meta.concrete_fields:
            now = getattr(saved, field.name)
            if field.name in cleaned and now != cleaned[field.name]:
                words = history.shown(field, now) or _("nothing")
                self.add_error(field.name, _("Saved now: %(words)s") % {"words": words})


def zone_beside_moments(request: Any, model: type[models.Model]) -> dict[str, str]:
    """Return the help text of each moment of a record.

    The zone in which it is shown and read, which is the reader's, not the place's.
    """
    sentence = _("In your time zone, %(city)s.") % {"city": request.reader.city}
    moments = [
        field for field in model._meta.concrete_fields if isinstance(field, models.DateTimeField)
    ]
    return {field.name: f"{field.help_text} {sentence}".strip() for field in moments}


class MomentFields:
    """Ask which hour is meant where clocks skip or repeat it, in forms and their rows."""

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Take our own field for a moment."""
        if isinstance(db_field, models.DateTimeField):
            kwargs |= {"form_class": SplitMomentField, "widget": SplitMomentInput}
            return db_field.formfield(**kwargs)
        return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]  # of the admin that this is mixed into


class UndeletableMixin:
    """The group's memory: nothing of it is deleted.

    People and agencies end by their last day, meetings are cancelled, texts withdrawn.
    """

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say no to everybody."""
        return False


class UndeletableAdmin(MomentFields, UndeletableMixin, admin.ModelAdmin[Any]):
    """What each page of records builds on: nothing is deleted, each moment names its zone.

    `beside` says more about a field by its name.
    """

    beside: ClassVar[dict[str, Any]] = {}

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        """Return the record with that key.

        Django takes a field without a name, from the address, for the name of one.
        """
        return super().get_object(request, object_id, from_field or None)

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        """Name the zone beside each moment."""
        return super().get_form(
            request,
            obj,
            change=change,
            **{"help_texts": zone_beside_moments(request, self.model) | self.beside, **kwargs},
        )

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: Any = None
    ) -> HttpResponse:
        """Say where the new record is, also to a pop-up window, whose answer is no redirect.

        See core.submissions.
        """
        response = super().response_add(request, obj, post_url_continue)
        if IS_POPUP_VAR in request.POST:
            meta = obj._meta
            address = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[obj.pk])
            response["Content-Location"] = f"{address}?{IS_POPUP_VAR}=1"
        return response

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Begin from what the address says, but for moments.

        Their fields are of two parts, and fail on the one that an address has.
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
    """What the rows on the page of another record build on, alike.

    `brings` names what their words need beyond what they point to.
    """

    extra = 0
    brings: ClassVar[tuple[str, ...]] = ()

    def get_queryset(self, request: Any) -> Any:
        """Bring along what the rows point to, for all of them at once."""
        pointed_to = [field.name for field in self.model._meta.fields if field.many_to_one]
        return super().get_queryset(request).select_related(*pointed_to, *self.brings)

    def get_formset(self, request: Any, obj: Any = None, **kwargs: Any) -> Any:
        """Name the zone beside each moment."""
        return super().get_formset(
            request, obj, **{"help_texts": zone_beside_moments(request, self.model), **kwargs}
        )


class ReadOnly:
    """An admin page that only shows: a workflow owns the record, and its pages change it."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say no: the workflow makes it."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say no: the workflow changes it."""
        return False


class RecordAdmin(UndeletableAdmin, SimpleHistoryAdmin):
    """A record with its history, which is read and never put back.

    That would undo what others did since, and what a workflow owns.
    """

    history_list_display = ("history_source",)

    def set_history_delta_changes(
        self, request: HttpRequest, historical_records: Any, **options: Any
    ) -> None:
        """Word the reasons of the entries on a page of history, in the reader's language."""
        super().set_history_delta_changes(request, historical_records, **options)
        for entry in historical_records:
            entry.history_change_reason = history.recorded_reason(entry)

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Show an earlier version; never restore it.

        simple-history would save it over the present record, for whoever may look, and with the
        fields that the record's own form leaves out.
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

    Neither is it saved here over somebody's change, nor does a page elsewhere overwrite what is
    saved here.
    """

    form = SeenForm

    def get_fieldsets(self, request: Any, obj: Any = None) -> Any:
        """Carry the version in the form where there is something to change."""
        sets = [
            (name, {**options, "fields": [f for f in options["fields"] if f != SEEN]})
            for name, options in super().get_fieldsets(request, obj)
        ]
        return (
            [*sets, (None, {"fields": [SEEN]})]
            if obj and self.has_change_permission(request, obj)
            else sets
        )

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's signature
        """Count the version up."""
        obj.version += int(change)
        super().save_model(request, obj, form, change)

    def save_formset(self, request: Any, form: Any, formset: Any, change: bool) -> None:  # noqa: FBT001 - Django's signature
        """Count up the version of each record that was changed on the page of another."""
        for each in formset.initial_forms:
            if isinstance(each.instance, Versioned) and each.has_changed():
                each.instance.version += 1
        super().save_formset(request, form, formset, change)


@admin.register(Group)
class GroupAdmin(VersionedAdmin):
    """One row: the group's name, zone and numbers. There is nothing to search or filter."""

    list_display = (
        "name",
        "acronym",
        "time_zone",
        "term_months",
        "focal_points_min",
        "focal_points_max",
    )

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        """Say yes where there is no group yet, to whoever may."""
        return request.group.pk is None and bool(super().has_add_permission(request))


@admin.register(SourceDisagreement)
class SourceDisagreementAdmin(RecordAdmin):
    """Where sources disagree."""

    list_display = ("about", "topic")
    list_filter = ("topic",)
    search_fields = ("about",)

"""Agencies and their periods, checked as the actions do."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from coordination.core.admin import (
    VERSION_FIELD,
    RecordAdmin,
    UndeletableInline,
    VersionedAdmin,
    VersionedForm,
)
from coordination.core.errors import NotAllowed, RuleBroken
from coordination.core.models import Group
from coordination.core.periods import Period
from coordination.members.actions.agencies import (
    refuse_second_membership,
    refuse_second_representation,
    refuse_silent_end,
)
from coordination.members.actions.appointments import (
    is_within,
    lock_agencies,
    lock_agency,
    refuse_backward_period,
    refuse_outside_membership,
    refuse_overlap,
    refuse_own_appointment,
)
from coordination.members.actions.leaving import end_with_membership
from coordination.members.actions.mandates import cleaned_terms
from coordination.members.enums import MembershipStatus, Role
from coordination.members.models import (
    Agency,
    Appointment,
    Commission,
    Membership,
    Person,
    Representation,
)
from coordination.members.queries import flags, periods

LONGEST_KEY = 19  # a key of 64 bits has fewer digits


class RecordForm(VersionedForm):
    """A period on record, checked as the action checks it."""

    needed: ClassVar[tuple[str, ...]]

    def __init__(self, *args: Any, locked: bool = False, **kwargs: Any) -> None:
        """Create the form; `locked` if the agency is locked already."""
        super().__init__(*args, **kwargs)
        self.locked = locked

    def refuse(self, record: Any) -> None:
        """Raise RuleBroken where the record overlaps another of its kind."""

    def agency_of(self, record: Any) -> Agency:
        """Return the agency of the record."""
        agency: Agency = record.agency
        return agency

    def clean(self) -> dict[str, Any]:
        """Refuse a period that runs backwards or overlaps another.

        The action does the same, under the same lock.
        """
        values = {
            name: self.cleaned_data.get(name) or getattr(self.instance, name, None)
            for name in self.needed
        }
        complete = all(value and getattr(value, "pk", value) for value in values.values())
        record = (
            type(self.instance)(
                pk=self.instance.pk, last_day=self.cleaned_data.get("last_day"), **values
            )
            if complete
            else None
        )
        # The lock comes before the check, or two administrators could both pass it.
        if record and not self.locked:
            lock_agency(self.agency_of(record))
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if record:
            try:
                refuse_backward_period(record.first_day, record.last_day)
                self.refuse(record)
            except RuleBroken as error:
                self.add_error(error.field, error.message)
        return cleaned


class PeriodRows(forms.BaseInlineFormSet[Any, Any, Any]):
    """The periods on another record's page.

    Two rows that are sent together may not overlap either.
    """

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """Tell each row that its agency is locked: see `full_clean`."""
        return {**super().get_form_kwargs(index), "locked": True}

    def full_clean(self) -> None:
        """Lock the agencies of all rows before checking a row.

        They are the agencies of the saved rows and of the sent ones. Locks one by one could
        deadlock.
        """
        if self.is_bound:
            sent = [self.data.get(f"{form.prefix}-agency", "") for form in self.forms] + [
                str(row.agency_id) for row in self.get_queryset()
            ]
            keys = {
                int(key)
                for key in sent
                if key.isascii() and key.isdecimal() and len(key) < LONGEST_KEY
            }
            lock_agencies(
                keys
                | (
                    {self.instance.pk}
                    if isinstance(self.instance, Agency) and self.instance.pk
                    else set()
                )
            )
        super().full_clean()

    def clean(self) -> None:
        """Refuse the second of two sent rows that overlap.

        Each row's form compares with the saved rows.
        """
        super().clean()
        rows_above: list[tuple[list[Any], Period]] = []
        for form in self.forms:
            cleaned = form.cleaned_data if form.is_valid() and form.has_changed() else {}
            if "first_day" in cleaned:
                kind = [cleaned.get(name) for name in form.needed if name != "first_day"]
                period = Period(cleaned["first_day"], cleaned.get("last_day"))
                if any(kind == other and period.overlaps(days) for other, days in rows_above):
                    form.add_error("first_day", _("These days overlap with those of a row above."))
                rows_above.append((kind, period))


class MembershipForm(RecordForm):
    """A membership.

    One that ends terms of the chair is saved once the administrator has read which.
    """

    needed = ("agency", "first_day")
    chair_ends = forms.BooleanField(
        label=_("end the chair too"),
        required=False,
        help_text=_("Needed only where the agency chairs or is to chair: the page says so."),
        # a table of memberships has no visible label beside each box
        widget=forms.CheckboxInput(attrs={"aria-label": _("end the chair too")}),
    )

    def refuse(self, record: Membership) -> None:
        refuse_second_membership(record)
        record.standing = self.cleaned_data.get("standing") or record.standing
        if self.has_changed() and not self.cleaned_data.get("chair_ends"):
            refuse_silent_end(record)


class RepresentationForm(RecordForm):
    """A representation."""

    needed = ("commission", "first_day")

    def refuse(self, record: Representation) -> None:
        refuse_second_representation(record)

    def agency_of(self, record: Representation) -> Agency:
        return record.commission.agency


class AppointmentAdminForm(RecordForm):
    """An appointment; the admin sets `by` and `at`."""

    needed = ("person", "agency", "role", "first_day")
    by: Person
    at: datetime

    def refuse(self, record: Appointment) -> None:
        """Refuse an overlap, and an appointment that the sender may not make."""
        if self.has_changed():
            self.refuse_sender(record, self.saved() or record)
            refuse_outside_membership(record)
        refuse_overlap(record)

    def refuse_sender(self, record: Appointment, saved: Appointment) -> None:
        """Refuse a sender who may not make this appointment.

        Only superusers appoint superusers, and nobody appoints themselves.
        """
        people = {record.person, saved.person}
        if any(person.is_superuser for person in people) and not self.by.is_superuser:
            raise NotAllowed(str(_("Only a superuser may change the appointments of a superuser.")))
        is_same_role = (record.person, record.agency, record.role) == (
            saved.person,
            saved.agency,
            saved.role,
        )
        if record is saved or not (
            is_same_role and is_within(record.first_day, record.last_day, saved)
        ):
            for person in people:
                refuse_own_appointment(person, record.agency, by=self.by, at=self.at)

    def saved(self) -> Appointment | None:
        """Return the saved appointment, before the form changed it."""
        appointments = Appointment.objects.select_related("person", "agency")
        return appointments.filter(pk=self.instance.pk).first()


class CommissionForm(forms.ModelForm[Commission]):
    """A commission; its periods move with it to another agency."""

    def clean_agency(self) -> Agency:
        """Refuse an agency where another commission spoke on the same days."""
        agency: Agency = self.cleaned_data["agency"]
        if self.instance.pk and "agency" in self.changed_data:
            lock_agency(agency)
            for representation in self.instance.representations.all():
                representation.commission = Commission(acronym=self.instance.acronym, agency=agency)
                try:
                    refuse_second_representation(representation)
                except RuleBroken as error:
                    raise forms.ValidationError(error.message) from error
        return agency


class MembershipInline(UndeletableInline):
    """The periods of an agency, on its page."""

    model = Membership
    form = MembershipForm
    formset = PeriodRows
    fields = (
        "standing",
        "first_day",
        "first_precision",
        "last_day",
        "last_precision",
        "note",
        "chair_ends",
        VERSION_FIELD,
    )


class AppointmentInline(UndeletableInline):
    """The people of an agency, or the roles of a person."""

    model = Appointment
    form = AppointmentAdminForm
    formset = PeriodRows
    fields = ("person", "agency", "role", "first_day", "last_day", "title", VERSION_FIELD)
    autocomplete_fields = ("person", "agency")

    def get_formset(self, request: Any, obj: Any = None, **kwargs: Any) -> Any:
        """Give the rows the administrator and the moment."""
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.by, formset.form.at = request.user, request.now
        return formset


class CommissionInline(UndeletableInline):
    """The bodies of an agency that has several."""

    model = Commission


def flag_column(day: date, group: Group) -> Callable[[Agency], str]:
    """Return the column with the flag of an agency."""

    def flag(agency: Any) -> str:
        if not agency.belonging_today:
            return ""
        agency_flag = flags.flag_of(agency.focal_points, day, group)
        return agency_flag.sentence if agency_flag else ""

    flag.short_description = _("focal points")  # type: ignore[attr-defined]  # the admin reads it from the function
    return flag


class AgencyAdminForm(VersionedForm):
    """An agency; mandate terms are checked as on its page."""

    def clean_mandate_terms(self) -> list[str]:
        """Return the terms as they are stored.

        Raises ValidationError for anything but a list of terms.
        """
        terms = self.cleaned_data["mandate_terms"] or []
        if not isinstance(terms, list) or not all(isinstance(term, str) for term in terms):
            raise forms.ValidationError(
                _("Write a list of terms, such as [“labour”, “decent work”].")
            )
        try:
            return cleaned_terms(terms)
        except RuleBroken as error:
            raise forms.ValidationError(error.message) from error


@admin.register(Agency)
class AgencyAdmin(VersionedAdmin):
    """Agencies, with their memberships and people."""

    form = AgencyAdminForm
    search_fields = ("acronym", "name", "city", "time_zone")
    list_filter = ("memberships__standing",)
    prepopulated_fields: ClassVar[Any] = {"slug": ("acronym",)}
    inlines = (MembershipInline, CommissionInline, AppointmentInline)

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        """End what goes on after the memberships that were saved."""
        super().save_related(request, form, formsets, change)
        end_with_membership(form.instance, by=request.user, at=request.now)

    def get_list_display(self, request: Any) -> Any:
        """Return the columns, with the flag of the request's day."""
        return ("acronym", "name", "city", "time_zone", flag_column(request.day, request.group))

    def get_queryset(self, request: Any) -> QuerySet[Agency]:
        """Load the focal points and today's membership with the agencies."""
        members = Membership.objects.filter(
            periods.running(request.day), standing=MembershipStatus.MEMBER
        )
        focal_points = Appointment.objects.filter(role=Role.FOCAL_POINT).select_related("person")
        agencies: QuerySet[Agency] = super().get_queryset(request)
        return agencies.prefetch_related(
            Prefetch("memberships", queryset=members, to_attr="belonging_today"),
            Prefetch("appointments", queryset=focal_points, to_attr="focal_points"),
        )


@admin.register(Membership)
class MembershipAdmin(VersionedAdmin):
    """When agencies belong, with sources."""

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        """End what goes on after the membership that was saved."""
        super().save_model(request, obj, form, change)
        end_with_membership(obj.agency, by=request.user, at=request.now)
        previous = form.initial.get("agency")
        # the agency that it was of until now has lost these days too
        if previous and previous != obj.agency_id:
            agency = Agency.objects.get(pk=previous)
            end_with_membership(agency, by=request.user, at=request.now)

    form = MembershipForm
    list_display = ("agency", "standing", "first_day", "first_precision", "last_day")
    list_filter = ("standing", "first_precision")
    search_fields = ("agency__acronym", "agency__name", "note")
    autocomplete_fields = ("agency",)
    list_select_related = ("agency",)
    date_hierarchy = "first_day"


@admin.register(Commission)
class CommissionAdmin(RecordAdmin):
    """Bodies that can speak for their agency."""

    form = CommissionForm
    list_display = ("acronym", "name", "city", "agency")
    list_filter = ("agency",)
    search_fields = ("acronym", "name", "city")
    autocomplete_fields = ("agency",)
    list_select_related = ("agency",)


@admin.register(Representation)
class RepresentationAdmin(VersionedAdmin):
    """Which commission speaks for its agency, and when."""

    form = RepresentationForm
    list_display = ("commission", "first_day", "last_day", "note")
    list_filter = ("commission",)
    search_fields = ("commission__acronym", "note")
    autocomplete_fields = ("commission",)
    list_select_related = ("commission",)

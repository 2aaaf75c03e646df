"""People, their accounts and appointments in the admin.

Only the actions change what gives power over an account: its address, its permissions, its
password, and whether it is open.
"""

from collections import defaultdict
from typing import Any

from allauth.account import app_settings as account_settings
from allauth.account.adapter import get_adapter
from allauth.account.forms import ResetPasswordForm
from allauth.account.internal.flows.reauthentication import (
    is_reauthentication_required,
    raise_if_reauthentication_required,
)
from allauth.utils import get_form_class
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import (
    AdminPasswordChangeForm,
    SetUnusablePasswordMixin,
    UserChangeForm,
)
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coordination.core import formatting, permissions
from coordination.core.admin import ReadOnly, RecordAdmin, VersionedAdmin, VersionedForm
from coordination.core.errors import RuleBroken
from coordination.core.permissions import On
from coordination.members.actions import accounts
from coordination.members.actions.accounts import Powers, refuse_taken
from coordination.members.actions.people import verify_address
from coordination.members.admin.records import AppointmentAdminForm, AppointmentInline
from coordination.members.models import Appointment, Invitation, Person

POWERS = ("is_staff", "is_superuser", "groups", "user_permissions")
ACCOUNT_FIELDS = {"email", "is_active", *POWERS}  # an action changes each of them


def clean_free_address(email: str | None, person: Person) -> str | None:
    """Return an address as it is saved.

    Raises ValidationError for the sign-in address of somebody else.
    """
    if not email:
        return email
    try:
        refuse_taken(email.lower(), person)
    except RuleBroken as error:
        raise forms.ValidationError(error.message) from error
    return email.lower()


class PersonCreationForm(forms.ModelForm[Person]):
    """A new person, without a password.

    They set one by the link that is sent to them.
    """

    class Meta:
        model = Person
        fields = ("name", "email")

    def clean_email(self) -> str | None:
        return clean_free_address(self.cleaned_data["email"], self.instance)


class PersonChangeForm(VersionedForm, UserChangeForm[Person]):
    """A person, with a summary of the password's hash.

    Another page changes the password.
    """

    class Meta:
        model = Person
        fields = "__all__"

    def clean_email(self) -> str | None:
        """Refuse somebody else's address, and the removal of an address."""
        email: str | None = self.cleaned_data["email"]
        if not email and self.initial.get("email"):
            raise forms.ValidationError(
                _("An account keeps an address. Close the account instead.")
            )
        return clean_free_address(email, self.instance) if "email" in self.changed_data else email


class PasswordForm(AdminPasswordChangeForm):  # type: ignore[type-arg]  # no generic at run time
    """Django's form, with its help text in the reader's language.

    Django joins the text when it is imported, and does not translate the warning.
    """

    usable_password_help_text = format_lazy(  # type: ignore[assignment]  # lazy, where Django has a str
        '{}<ul id="id_unusable_warning" class="messagelist"><li class="warning">{}</li></ul>',
        SetUnusablePasswordMixin.usable_password_help_text,
        gettext_lazy("If it is disabled, the present password is lost."),
    )


@admin.register(Person)
class PersonAdmin(VersionedAdmin, UserAdmin[Person]):
    """People and their accounts.

    Accounts are closed, never deleted.
    """

    form = PersonChangeForm
    add_form = PersonCreationForm
    change_password_form = PasswordForm
    list_display = ("name", "email", "time_zone", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff", "appointments__role", "appointments__agency")
    search_fields = ("name", "email")
    ordering = ("name",)
    readonly_fields = ("last_login", "joined_at")
    filter_horizontal = ("groups", "user_permissions")
    fieldsets = (
        (None, {"fields": ("name", "email", "password", "time_zone")}),
        (
            gettext_lazy("Account"),
            {
                "fields": (
                    "is_active",
                    "is_staff",
                    "is_superuser",
                    "groups",
                    "user_permissions",
                    "joined_at",
                    "last_login",
                )
            },
        ),
    )
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("name", "email")}),)
    inlines = (AppointmentInline,)
    actions = ("send_password_link",)

    def has_change_permission(self, request: Any, obj: Person | None = None) -> bool:
        """Allow accounts without permissions that the reader lacks.

        A superuser changes every account.
        """
        is_allowed = super().has_change_permission(request, obj)
        return is_allowed and (
            obj is None
            or permissions.allowed(request.user, "members.change_account", On(request.day, obj))
        )

    def get_readonly_fields(self, request: Any, obj: Person | None = None) -> Any:
        """Show permissions read-only to all but superusers.

        One's own address has a page of its own, so it is read-only too.
        """
        fields = [*super().get_readonly_fields(request, obj)]
        if not permissions.allowed(request.user, "members.give_powers", On(request.day, obj)):
            fields += POWERS
        if obj and obj.pk == request.user.pk:
            fields += ["email", "is_active"]
        return fields

    def get_fieldsets(self, request: Any, obj: Person | None = None) -> Any:
        """Leave out the password's hash where the reader may not set it."""
        sets = super().get_fieldsets(request, obj)
        if self.may_set_password(request):
            return sets
        return [
            (
                name,
                {
                    **options,
                    "fields": [field for field in options["fields"] if field != "password"],
                },
            )
            for name, options in sets
        ]

    def may_set_password(self, request: Any) -> bool:
        """Return whether the reader may set somebody else's password."""
        return permissions.allowed(request.user, "members.give_powers", On(request.day))

    def save_model(self, request: Any, obj: Person, form: Any, change: bool) -> None:
        """Save the record.

        The account's fields are changed through their actions. For those fields the administrator
        proves who they are first.
        """
        if not change:
            obj.set_unusable_password()
            super().save_model(request, obj, form, change)
            if obj.email:
                verify_address(obj)
            return
        changed = set(form.changed_data)
        # an unattended browser must not be enough to take over an account
        if changed & ACCOUNT_FIELDS:
            raise_if_reauthentication_required(request, app="allauth.account")
        wanted = {name: form.cleaned_data[name] for name in changed & ACCOUNT_FIELDS}
        # The actions compare with the saved values, so the form must not set them on the object.
        for name in set(wanted) - {"groups", "user_permissions"}:
            setattr(obj, name, form.initial[name])
        if not changed or changed - ACCOUNT_FIELDS - {"version_seen"}:
            super().save_model(request, obj, form, change)
        self.save_account(request, obj, wanted)

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        """Save the rows alone: the action has set groups and permissions."""
        for formset in formsets:
            self.save_formset(request, form, formset, change=change)

    def save_account(self, request: Any, obj: Person, wanted: dict[str, Any]) -> None:
        """Change the account's fields that were changed in the form.

        Each action checks the permission again.
        """
        author: dict[str, Any] = {"by": request.user, "at": request.now}
        if set(wanted) & set(POWERS):
            current_permissions = {
                "groups": list(obj.groups.all()),
                "user_permissions": list(obj.user_permissions.all()),
            }
            new_values = {
                "is_staff": obj.is_staff,
                "is_superuser": obj.is_superuser,
                **current_permissions,
                **wanted,
            }
            powers = Powers(
                new_values["is_staff"],
                new_values["is_superuser"],
                new_values["groups"],
                new_values["user_permissions"],
            )
            accounts.set_powers(obj, powers, **author)
        if "is_active" in wanted:
            accounts.set_account_open(obj, is_open=wanted["is_active"], **author)
        if "email" in wanted:
            accounts.change_address(obj, wanted["email"], **author)

    def user_change_password(self, request: Any, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002 - Django's signature
        """Let a superuser set or disable a password.

        The person is told. The superuser gives their own password first. Others send a link
        instead.
        """
        if not self.may_set_password(request):
            raise PermissionDenied(
                permissions.sentence("members.give_powers", request.user, On(request.day))
            )
        if id == str(request.user.pk):
            return redirect("account_change_password")
        if request.method == "POST" and is_reauthentication_required(
            request, app="allauth.account"
        ):
            # otherwise the form would wait in the session, with the new password in it
            return redirect(request.get_full_path())
        raise_if_reauthentication_required(request, app="allauth.account")
        if request.method != "POST":
            return super().user_change_password(request, id, form_url)
        account = Person.objects.filter(pk=id)
        old_hash = account.values_list("password", flat=True).first()
        response: HttpResponse = super().user_change_password(request, id, form_url)
        changed = account.exclude(password=old_hash).first()
        if old_hash is not None and changed:
            person = accounts.note_password_set(changed, by=request.user, at=request.now)
            get_adapter().send_notification_mail(
                "account/email/password_set_by_another",
                person,
                {"by": request.user, "is_set": person.has_usable_password()},
            )
        return response

    @admin.action(
        description=gettext_lazy("Send a link to set a new password"), permissions=["change"]
    )
    def send_password_link(self, request: Any, people: QuerySet[Person]) -> None:
        """Send each chosen person the link of "Set a new password".

        A limit or the mail server may refuse some; the others get theirs.
        """
        sent = 0
        unsent: dict[str, list[str]] = defaultdict(list)
        for person in people.filter(is_active=True, email__gt=""):
            form = get_form_class(account_settings.FORMS, "reset_password", ResetPasswordForm)(
                {"email": person.email}
            )
            if not self.has_change_permission(request, person):
                continue
            try:
                if form.is_valid():
                    form.save(request)
                    sent += 1
            except RuleBroken as error:
                unsent[error.message].append(str(person))
        summary = ngettext("%(n)d link is sent.", "%(n)d links are sent.", sent) % {"n": sent}
        self.message_user(request, summary, messages.SUCCESS if sent else messages.WARNING)
        for reason, names in unsent.items():
            sentence = _("No link is sent to %(names)s. %(reason)s")
            self.message_user(
                request,
                sentence % {"names": formatting.list_of(names), "reason": reason},
                messages.ERROR,
            )


@admin.register(Appointment)
class AppointmentAdmin(VersionedAdmin):
    """Who has which role for which agency, and when."""

    form = AppointmentAdminForm
    list_display = ("person", "role", "agency", "first_day", "last_day", "title")
    list_filter = ("role", "agency")
    search_fields = ("person__name", "person__email", "agency__acronym", "title")
    autocomplete_fields = ("person", "agency")
    list_select_related = ("person", "agency")
    date_hierarchy = "first_day"

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Give the form the administrator and the moment."""
        form = super().get_form(request, obj, change=change, **kwargs)
        form.by, form.at = request.user, request.now
        return form


@admin.register(Invitation)
class InvitationAdmin(ReadOnly, RecordAdmin):
    """Invitations, read-only.

    The agency's page creates and withdraws them.
    """

    list_display = (
        "name",
        "email",
        "agency",
        "role",
        "invited_by",
        "invited_at",
        "accepted_at",
        "withdrawn_at",
        "expires_at",
    )
    list_filter = ("role", "agency")
    search_fields = ("name", "email", "agency__acronym")
    list_select_related = ("agency", "invited_by")

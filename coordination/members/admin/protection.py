"""The admin of groups of permissions, addresses and second factors.

It shows what protects accounts, and resets of second factors.
"""

from importlib import import_module
from typing import Any

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.account.models import EmailAddress
from allauth.mfa.admin import AuthenticatorAdmin as AllauthAuthenticatorAdmin
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination.core import permissions
from coordination.core.admin import ReadOnly, RecordAdmin, UndeletableAdmin
from coordination.core.errors import RuleBroken
from coordination.core.permissions import On
from coordination.members.actions import second_factor
from coordination.members.models import FactorReset, Person


def is_superuser(request: Any) -> bool:
    """Return whether the reader may grant permissions."""
    return permissions.allowed(request.user, "members.give_powers", On(request.day))


class PermissionGroupAdmin(GroupAdmin):
    """Groups of permissions, which only superusers change.

    A change grants something to everybody in a group.
    """

    def has_add_permission(self, request: Any) -> bool:
        return is_superuser(request)

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return is_superuser(request)

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return is_superuser(request)


class EmailAddressAdmin(ReadOnly, UndeletableAdmin):
    """Addresses, read-only: the actions keep them as the person's own."""

    list_display = ("email", "user", "primary", "verified")
    list_filter = ("verified",)
    search_fields = ("email", "user__name")
    list_select_related = ("user",)


class AuthenticatorAdmin(ReadOnly, UndeletableAdmin, AllauthAuthenticatorAdmin):
    """Second factors, read-only and without their secret.

    Two administrators reset a lost one.
    """

    # it holds the secret of the second factor
    exclude = ("data",)
    list_select_related = ("user",)
    search_fields = ("user__name", "user__email")


class FactorResetForm(forms.ModelForm[FactorReset]):
    """A request to reset a second factor."""

    by: Person
    at: Any

    class Meta:
        model = FactorReset
        fields = ("person", "reason")

    def clean(self) -> dict[str, Any]:
        """Call the action, and show a refusal beside its field.

        The record is saved here, so `save_model` has nothing left to save.
        """
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                self.instance = second_factor.ask_for_reset(
                    cleaned["person"], cleaned["reason"], by=self.by, at=self.at
                )
            except RuleBroken as error:
                self.add_error(error.field if error.field in self.fields else None, error.message)
        return cleaned


@admin.register(FactorReset)
class FactorResetAdmin(RecordAdmin):
    """Resets of second factors.

    One administrator adds a request, another confirms it in the list.
    """

    form = FactorResetForm
    list_display = (
        "person",
        "reason",
        "asked_by",
        "asked_at",
        "confirmed_by",
        "confirmed_at",
        "withdrawn_at",
    )
    list_filter = ("confirmed_at",)
    search_fields = ("person__name", "person__email", "reason")
    autocomplete_fields = ("person",)
    list_select_related = ("person", "asked_by", "confirmed_by")
    actions = ("confirm", "withdraw")

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        """Refuse: a request is confirmed or withdrawn in the list."""
        return False

    def has_confirm_permission(self, request: Any) -> bool:
        """Return whether the reader may ask for resets.

        The action judges each request again.
        """
        return self.has_add_permission(request)

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Give the form the administrator and the moment."""
        form = super().get_form(request, obj, change=change, **kwargs)
        form.by, form.at = request.user, request.now
        return form

    def get_fields(self, request: Any, obj: Any = None) -> Any:
        """Ask for person and reason; show the rest of a saved request."""
        return ("person", "reason") if obj is None else self.list_display

    def add_view(self, request: Any, form_url: str = "", extra_context: Any = None) -> Any:
        """Ask the administrator to prove who they are first."""
        # An unattended browser must not be enough to disarm somebody's account.
        raise_if_reauthentication_required(request, app="allauth.mfa")
        return super().add_view(request, form_url, extra_context)

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        """Save nothing: the form has called the action."""

    @admin.action(
        description=gettext_lazy("Confirm: take the second factor away"), permissions=["confirm"]
    )
    def confirm(self, request: Any, resets: QuerySet[FactorReset]) -> None:
        raise_if_reauthentication_required(request, app="allauth.mfa")
        self.run(
            request,
            resets,
            second_factor.confirm_reset,
            _("The second factor of %(person)s is taken away."),
        )

    @admin.action(description=gettext_lazy("Withdraw"), permissions=["confirm"])
    def withdraw(self, request: Any, resets: QuerySet[FactorReset]) -> None:
        self.run(
            request,
            resets,
            second_factor.withdraw_reset,
            _("The request for %(person)s is withdrawn."),
        )

    def run(self, request: Any, resets: QuerySet[FactorReset], act: Any, sentence: str) -> None:
        """Call one action for each request, and show each result."""
        for reset in resets.select_related("person"):
            try:
                act(reset, by=request.user, at=request.now)
            except RuleBroken as error:
                self.message_user(request, f"{reset.person}: {error.message}", messages.ERROR)
            else:
                self.message_user(request, sentence % {"person": reset.person})


def name_second_factors() -> None:
    """Give allauth's second factor models translatable names.

    allauth gives them none. Migrations do not change by it: they read the names that the model was
    declared with.
    """
    meta = Authenticator._meta
    meta.verbose_name, meta.verbose_name_plural = (
        gettext_lazy("second factor"),
        gettext_lazy("second factors"),
    )
    names = {
        "user": gettext_lazy("person"),
        "type": gettext_lazy("kind"),
        "data": gettext_lazy("data"),
        "created_at": gettext_lazy("created at"),
        "last_used_at": gettext_lazy("last used at"),
    }
    for field_name, verbose_name in names.items():
        meta.get_field(field_name).verbose_name = verbose_name


name_second_factors()
for name in ("allauth.account.admin", "allauth.usersessions.admin"):
    import_module(name)  # registers its own pages, which the next lines replace
for model, its_admin in {
    Group: PermissionGroupAdmin,
    EmailAddress: EmailAddressAdmin,
    Authenticator: AuthenticatorAdmin,
}.items():
    admin.site.unregister(model)
    admin.site.register(model, its_admin)
admin.site.unregister(UserSession)  # whoever reads its key can take over the session

"""Forms of the members domain."""

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from allauth.account.forms import ResetPasswordForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination.core.models import Group, validate_plain_name
from coordination.members import attempts
from coordination.members.enums import Role
from coordination.members.models import Appointment, Person
from coordination.members.queries import people
from coordination.members.queries.roster import RosterEntry

REGIONS = (
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)
EARLIEST, LATEST = date(1945, 1, 1), date(2100, 12, 31)

Choices = list[tuple[str, Any]]


class DayField(forms.DateField):
    """A day, chosen with the browser's own calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_validators = [
        MinValueValidator(EARLIEST, gettext_lazy("Choose a day after 1944.")),
        MaxValueValidator(LATEST, gettext_lazy("Choose a day before 2101.")),
    ]


class DirectoryForm(forms.Form):
    """The day and the search of the directory."""

    on = DayField(label=gettext_lazy("Members on"), required=False)
    q = forms.CharField(label=gettext_lazy("Acronym, name or city"), required=False, max_length=80)


class PeopleForm(forms.Form):
    """What the directory of people is limited to."""

    agency = forms.ChoiceField(label=gettext_lazy("Agency"), required=False)
    role = forms.ChoiceField(label=gettext_lazy("As"), required=False)
    city = forms.ChoiceField(label=gettext_lazy("City"), required=False)
    text = forms.CharField(
        label=gettext_lazy("Name, title or address"), required=False, max_length=80
    )

    def __init__(self, *args: Any, entries: Sequence[RosterEntry], **kwargs: Any) -> None:
        """Offer the agencies and the cities of a roster."""
        super().__init__(*args, **kwargs)
        agencies = [(entry.agency.slug, entry.agency.acronym) for entry in entries]
        cities = sorted({entry.place.city for entry in entries if entry.place.city})
        for name, choices in (
            ("agency", agencies),
            ("role", Role.choices),
            ("city", [(city, city) for city in cities]),
        ):
            self.fields[name].choices = [("", _("all")), *choices]  # type: ignore[attr-defined]  # they are choice fields


class InviteForm(forms.Form):
    """Whom to invite, and as what.

    Principals are put on record, not invited.
    """

    email = forms.EmailField(label=gettext_lazy("E-mail address at the agency"), max_length=254)
    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=150, validators=[validate_plain_name]
    )
    role = forms.ChoiceField(
        label=gettext_lazy("As"),
        choices=[
            (Role.FOCAL_POINT.value, Role.FOCAL_POINT.label),
            (Role.OFFICE.value, Role.OFFICE.label),
        ],
        widget=forms.RadioSelect,
        initial=Role.FOCAL_POINT.value,
    )


class AppointmentForm(forms.Form):
    """The days and the title of an appointment."""

    first_day = DayField(label=gettext_lazy("First day"))
    last_day = DayField(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("Empty: until further notice."),
    )
    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=120,
        required=False,
        validators=[validate_plain_name],
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    @classmethod
    def of(cls, appointment: Appointment) -> "AppointmentForm":
        """Return the form with the values of an appointment."""
        names = ("first_day", "last_day", "title", "version")
        return cls(initial={name: appointment.serializable_value(name) for name in names})


class EndForm(forms.Form):
    """The last day of an appointment."""

    last_day = DayField(label=gettext_lazy("Last day in office"))
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class AbsenceForm(forms.Form):
    """Days away, and who stands in."""

    first_day = DayField(label=gettext_lazy("First day away"))
    last_day = DayField(label=gettext_lazy("Last day away"))
    alternate = forms.ModelChoiceField(
        label=gettext_lazy("Who stands in"),
        queryset=Person.objects.none(),
        required=False,
        empty_label=gettext_lazy("nobody"),
        help_text=gettext_lazy("Mails to you on these days reach them too, and say for whom."),
    )

    def __init__(self, *args: Any, colleagues: QuerySet[Person], **kwargs: Any) -> None:
        """Offer the colleagues who may stand in."""
        super().__init__(*args, **kwargs)
        self.fields["alternate"].queryset = colleagues  # type: ignore[attr-defined]  # a ModelChoiceField


class AddressForm(forms.Form):
    """The address with which a person wants to sign in."""

    email = forms.EmailField(
        label=gettext_lazy("New e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_email(self) -> str:
        """Refuse the person's present address.

        Whether somebody else has it is checked when it is confirmed: the form must not tell.
        """
        email: str = self.cleaned_data["email"].lower()
        if email == (self.person.email or "").lower():
            raise forms.ValidationError(_("You sign in with this address already."))
        return email


class MandateForm(forms.Form):
    """The words of an agency's mandate, one term a line."""

    terms = forms.CharField(
        label=gettext_lazy("Words of the mandate"),
        required=False,
        max_length=5_000,
        help_text=gettext_lazy(
            "One term a line, such as “decent work”. Whole words count, in capitals or not; list "
            "each form, or write * for any ending: "
            "traffick* counts trafficker and trafficking. Empty: this agency is not counted."
        ),
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=10**6)

    def clean_terms(self) -> list[str]:
        """Return the terms, split at lines, commas and semicolons."""
        return re.split(r"[\n,;]", self.cleaned_data["terms"])


class AcceptForm(forms.Form):
    """What a person without an account chooses."""

    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=150,
        validators=[validate_plain_name],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        help_text=gettext_lazy(
            "At least 12 characters; a few words that only you would put together are easiest to "
            "keep."
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        # spaces are part of a password
        strip=False,
        max_length=256,
    )
    password_again = forms.CharField(
        label=gettext_lazy("The same password again"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        max_length=256,
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self) -> str:
        """Refuse a password that is short, common, or the person's name."""
        password: str = self.cleaned_data["password"]
        # The person is given so that their name and address are refused as a password.
        password_validation.validate_password(password, self.person)
        return password

    def clean_password_again(self) -> str:
        repeated: str = self.cleaned_data["password_again"]
        if "password" in self.cleaned_data and repeated != self.cleaned_data["password"]:
            raise forms.ValidationError(_("The two passwords differ."))
        return repeated


@cache
def zones_by_region() -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Return ((region, ((zone name, city), ...)), ...), sorted."""
    regions: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name in available_timezones():
        region, _slash, city = name.partition("/")
        if region in REGIONS and city:
            regions[region].append((name, city.replace("_", " ").replace("/", ", ")))
    return tuple(
        (region, tuple(sorted(regions[region], key=lambda zone: zone[1])))
        for region in REGIONS
        if regions[region]
    )


class ProfileForm(forms.Form):
    """A person's own name, time zone and language."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=150,
        validators=[validate_plain_name],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        required=False,
        help_text=gettext_lazy(
            "Every time on these pages and in our mails is shown in this zone. Type the city to "
            "find it."
        ),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        required=False,
        help_text=gettext_lazy("These pages and our mails to you are in this language."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, group: Group, current: str, **kwargs: Any) -> None:
        """Offer the group's zone first, then the cities by region.

        The person's present zone is always offered. Where the site has one language there is
        nothing to choose.
        """
        super().__init__(*args, **kwargs)
        choices: Choices = [
            ("", _("As the group: %(city)s") % {"city": group.zone_city}),
            ("UTC", _("UTC")),
        ]
        grouped: Choices = [(region, list(zones)) for region, zones in zones_by_region()]
        known = {
            "",
            "UTC",
            *(name for _region, zones in zones_by_region() for name, _city in zones),
        }
        extra: Choices = [] if current in known else [(current, current)]
        field = self.fields["time_zone"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [*choices, *extra, *grouped]
        languages = self.fields["language"]
        if len(settings.LANGUAGES) == 1:
            del self.fields["language"]
        elif isinstance(languages, forms.ChoiceField):
            # each language in its own words: whoever looks for it may read no other
            languages.choices = [("", _("As the site")), *settings.LANGUAGES]


class ResetForm(ResetPasswordForm):
    """Asks for a link to set a new password."""

    users: list[Person]

    def clean_email(self) -> str:
        """Return the address.

        Only a confirmed sign-in address gets the link. The attempt is counted before any lookup, so
        the answer does not tell whether the address is known. Raises TooManyAttempts.
        """
        attempts.count_attempt(context.request, attempts.RESET, self.cleaned_data["email"])
        email: str = super().clean_email()
        address = email.lower()
        # allauth also finds former and unconfirmed addresses.
        self.users = [
            person
            for person in self.users
            if (person.email or "").lower() == address and people.may_have_session(person)
        ]
        return email


class LimitedCode(forms.Form):
    """Counts attempts at a second factor before the code is compared."""

    user: Person

    def clean_code(self) -> str:
        """Return the code if it is right.

        Only wrong ones stay counted.
        """
        attempt = attempts.count_attempt(
            context.request, attempts.SECOND_FACTOR, self.user.email or ""
        )
        code: str = super().clean_code()  # type: ignore[misc]  # allauth's form, beside this one
        attempt.undo()
        return code


class SecondFactorForm(LimitedCode, AuthenticateForm):
    """The second factor at sign-in."""


class SecondFactorAgainForm(LimitedCode, ReauthenticateForm):
    """The second factor, asked for again."""

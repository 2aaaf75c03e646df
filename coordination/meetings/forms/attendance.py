"""Forms for the attendance of a meeting.

A row for each agency, and visitors.
"""

from collections.abc import Mapping
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from coordination.core import history
from coordination.meetings import queries
from coordination.meetings.actions.attendance import AttendanceEntry
from coordination.meetings.actions.roll import (
    RollInput,
    VisitorEntry,
    VisitorValues,
    values_of,
)
from coordination.meetings.enums import Level, MeetingKind, Where
from coordination.meetings.errors import AttendanceChanged, AttendanceKept
from coordination.meetings.models import MeetingVisitor
from coordination.meetings.queries import AttendanceRow, AttendanceValues

FIELDS = ("level", "name", "where", "reason", "delegate_for")
NEW_VISITORS = 2
WHERE: Any = [("", "–"), *Where.choices]


class AttendanceForm(forms.Form):
    """The attendance of one agency: one row of the page.

    It carries what the page showed, so that nobody overwrites what they have not seen.
    """

    level = forms.ChoiceField(
        label=gettext_lazy("Level"),
        required=False,
        widget=forms.RadioSelect,
        choices=[*Level.choices, ("", gettext_lazy("not on record"))],
    )
    name = forms.CharField(
        label=gettext_lazy("Name and title on that day"), required=False, max_length=500
    )
    where = forms.ChoiceField(
        label=pgettext_lazy("how somebody takes part", "Where"), required=False, choices=WHERE
    )
    delegate_for = forms.CharField(
        label=gettext_lazy("Delegate for"), required=False, max_length=200
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason of the apologies"), required=False, max_length=500
    )
    seen_level = forms.CharField(required=False, widget=forms.HiddenInput)
    seen_name = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)
    seen_where = forms.CharField(required=False, widget=forms.HiddenInput)
    seen_reason = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)
    seen_delegate_for = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)

    def __init__(self, data: Any = None, *, row: AttendanceRow, offered: AttendanceValues) -> None:
        """Show the record, or what is offered where there is none."""
        self.row = row
        self.offered = offered
        self.people: list[str] = []
        self.is_offered = row.record is None and bool(offered.level)
        shown = row.seen if row.record else offered
        seen = {f"seen_{name}": value for name, value in asdict(row.seen).items()}
        super().__init__(data, prefix=f"agency-{row.agency.pk}", initial={**asdict(shown), **seen})

    def clean(self) -> dict[str, Any]:
        """Refuse a name without a level.

        The name that the page offered needs none.
        """
        data: dict[str, Any] = super().clean() or self.cleaned_data
        name = data.get("name", "")
        if name and not data.get("level") and "level" not in self.errors:
            is_typed = name not in {self.offered.name, self.row.seen.name}
            if is_typed:
                self.add_error("level", _("Choose a level for this name."))
        return data

    @property
    def seen_fields(self) -> list[forms.BoundField]:
        """Return the hidden fields, which say what the page showed."""
        return self.hidden_fields()

    @property
    def wrong(self) -> list[str]:
        """Return the sentences beside the row."""
        return [str(sentence) for sentences in self.errors.values() for sentence in sentences]

    @property
    def entry(self) -> AttendanceEntry:
        """Return the form's values as the input of an action."""
        data = self.cleaned_data
        seen = AttendanceValues(*(data[f"seen_{name}"] for name in FIELDS))
        if not data["level"]:
            return AttendanceEntry(self.row.agency.pk, "", "", seen)
        more = {name: data[name] for name in ("where", "reason", "delegate_for")}
        return AttendanceEntry(self.row.agency.pk, data["level"], data["name"], seen, **more)


class VisitorForm(forms.Form):
    """One visitor, or an empty line for another one."""

    name = forms.CharField(label=gettext_lazy("Name and title"), required=False, max_length=200)
    body = forms.CharField(label=pgettext_lazy("a visitor", "For"), required=False, max_length=200)
    where = forms.ChoiceField(
        label=pgettext_lazy("how somebody takes part", "Where"), required=False, choices=WHERE
    )
    seen_name = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)
    seen_body = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)
    seen_where = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, visitor: MeetingVisitor | None, *, number: int = 0) -> None:
        """Show a visitor on record, or the empty line with this number."""
        self.pk = visitor.pk if visitor else None
        values = asdict(values_of(visitor) if visitor else VisitorValues(""))
        super().__init__(
            data,
            prefix=f"visitor-{self.pk}" if visitor else f"new-visitor-{number}",
            initial={**values, **{f"seen_{name}": value for name, value in values.items()}},
        )

    def clean(self) -> dict[str, Any]:
        """Refuse a new line that says for whom, but not who."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.pk is None and data.get("body") and not data.get("name"):
            self.add_error("name", _("Say who came."))
        return data

    @property
    def wrong(self) -> list[str]:
        """Return the sentences beside the row."""
        return [str(sentence) for sentences in self.errors.values() for sentence in sentences]

    @property
    def entry(self) -> VisitorEntry:
        """Return the form's values as the input of an action.

        Without a name nothing of the line counts.
        """
        data = self.cleaned_data
        seen = VisitorValues(data["seen_name"], data["seen_body"], data["seen_where"])
        shown = VisitorValues(data["name"], data["body"], data["where"])
        return VisitorEntry(self.pk, shown if data["name"] else VisitorValues(""), seen)


class AttendanceGrid:
    """The attendance of all agencies of a meeting as one form.

    `offers` are what each agency's row offers where nothing is on record, by key. `status` is that
    of the answer: 422 where a row is refused, 409 where somebody else saved one.
    """

    def __init__(
        self,
        data: QueryDict | None,
        rows: list[AttendanceRow],
        offers: Mapping[int, AttendanceValues],
    ) -> None:
        self.data = data
        self.offers = offers
        self.status = HTTPStatus.OK
        self.forms = self.bound_to(data, rows)

    def bound_to(self, data: QueryDict | None, rows: list[AttendanceRow]) -> list[AttendanceForm]:
        """Return a form for each agency, as recorded in `rows`."""
        nothing = AttendanceValues("", "")
        return [
            AttendanceForm(data, row=row, offered=self.offers.get(row.agency.pk, nothing))
            for row in rows
        ]

    @property
    def levels(self) -> list[tuple[str, Any]]:
        """Return the heads of the columns: the levels, and "not on record"."""
        return list(AttendanceForm.base_fields["level"].choices)  # type: ignore[attr-defined]  # a choice field has choices

    @property
    def wrong(self) -> list[AttendanceForm]:
        """Return the rows that need another look."""
        return [form for form in self.forms if form.errors]

    @property
    def represented(self) -> tuple[int, int]:
        """Return how many members were represented, and how many there were.

        Members of the day.
        """
        return queries.represented(form.row for form in self.forms)

    @property
    def entries(self) -> list[AttendanceEntry]:
        """Return the rows as the input of an action."""
        return [form.entry for form in self.forms]

    def refuse(self) -> None:
        """Note that a row is wrong."""
        self.status = HTTPStatus.UNPROCESSABLE_ENTITY

    def show_kept(self, error: AttendanceKept) -> None:
        """Show beside its row what stays on record."""
        self.refuse()
        for form in self.forms:
            if form.row.agency.pk in error.agencies:
                form.add_error("level", error.message)

    def show_saved(self, rows: list[AttendanceRow], error: AttendanceChanged) -> None:
        """Show values that somebody else saved beside the typed ones.

        A second try saves what was typed.
        """
        self.status = HTTPStatus.CONFLICT
        assert self.data is not None
        typed, data = self.forms, self.data.copy()
        for old, new in zip(typed, self.bound_to(None, rows), strict=True):
            for name in FIELDS:
                data[new.add_prefix(f"seen_{name}")] = new.initial[f"seen_{name}"]
            # a row that was not touched shows what is on record now
            if not old.entry.is_changed:
                for name in FIELDS:
                    data[new.add_prefix(name)] = new.initial[name]
        self.forms = self.bound_to(data, rows)
        for form in self.forms:
            if form.row.agency.pk in error.records:
                form.add_error(None, saved_meanwhile(form.row))


class RollGrid(AttendanceGrid):
    """The roll of a meeting: the seats and the visitors.

    `people` are the names that a browser offers in the row of an agency, by key.
    """

    def __init__(
        self,
        data: QueryDict | None,
        rows: list[AttendanceRow],
        offers: Mapping[int, AttendanceValues],
        visitors: list[MeetingVisitor],
        people: Mapping[int, list[str]],
    ) -> None:
        self.people = people
        super().__init__(data, rows, offers)
        self.guests = visitors
        self.visitors = [
            *(VisitorForm(data, visitor) for visitor in visitors),
            *(VisitorForm(data, None, number=number) for number in range(NEW_VISITORS)),
        ]

    def bound_to(self, data: QueryDict | None, rows: list[AttendanceRow]) -> list[AttendanceForm]:
        """Return a form for each agency, with its offered names."""
        forms_of_rows = super().bound_to(data, rows)
        for form in forms_of_rows:
            form.people = self.people.get(form.row.agency.pk, [])
            field: Any = form.fields["name"]
            if form.people:
                field.widget.attrs["list"] = f"people-{form.row.agency.pk}"
        return forms_of_rows

    @property
    def is_right(self) -> bool:
        """Return whether no row needs another look."""
        return not self.wrong and not self.wrong_visitors

    @property
    def wrong_visitors(self) -> list[VisitorForm]:
        """Return the visitors that need another look."""
        return [form for form in self.visitors if form.errors]

    @property
    def roll(self) -> RollInput:
        """Return the whole roll as the input of an action."""
        return RollInput(self.entries, [form.entry for form in self.visitors])


def saved_meanwhile(row: AttendanceRow) -> str:
    """Return the sentence that somebody saved another value of a row."""
    if row.record is None:
        return _("Somebody removed this meanwhile. Save again to put yours on record.")
    record = row.record
    values = [
        record.get_level_display(),
        row.seen.name,
        record.get_where_display(),
        record.reason,
        record.delegate_for,
    ]
    return _("%(who)s saved this meanwhile: %(value)s. Save again to put yours in its place.") % {
        "who": history.last_author(record) or _("Somebody"),
        "value": ", ".join(str(value) for value in values if value),
    }


def offered_names(rows: list[AttendanceRow], kind: str) -> dict[int, AttendanceValues]:
    """Return the name that each row offers. Pure.

    It is that of the principal of the day. At a principals' meeting a delegate stands in for the
    principal.
    """
    stands_in = kind == MeetingKind.PRINCIPALS
    return {
        row.agency.pk: AttendanceValues(
            "", row.principal_name, delegate_for=row.principal_name if stands_in else ""
        )
        for row in rows
        if row.principal_name
    }


class ClaimForm(forms.Form):
    """How somebody attended who is not on the roll."""

    where = forms.ChoiceField(
        label=gettext_lazy("You took part"), choices=Where.choices, initial=Where.VIDEO
    )


class DeclinedClaimForm(forms.Form):
    """Whether a claim is confirmed, or why not."""

    confirm = forms.BooleanField(required=False, widget=forms.HiddenInput)
    why = forms.CharField(
        label=gettext_lazy("Why it is not confirmed"), required=False, max_length=500
    )

    def clean(self) -> dict[str, Any]:
        """Ask for a reason where the claim is declined."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not data.get("confirm") and not data.get("why") and "why" not in self.errors:
            self.add_error("why", _("Say why; the person reads it."))
        return data

    @property
    def is_confirmed(self) -> bool:
        """Return whether the claim is confirmed."""
        return bool(self.cleaned_data["confirm"])

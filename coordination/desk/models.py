"""The search index.

It holds copies only: `rebuild_search` makes it anew from the records.
"""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.core.models import validate_day, within_bounds
from coordination.desk.enums import EntryKind
from coordination.meetings.models import Meeting
from coordination.searchkit.questions import TermGroup
from coordination.statements.models import Amendment, Draft, Statement

# the FTS5 table of SQLite has the same terms; its `rowid` is the primary key of the entry
SQLITE_ROWS = "SELECT rowid FROM desk_searchterms WHERE desk_searchterms MATCH %s"


class SearchEntry(models.Model):
    """One record as search finds it, with its terms.

    `statement`, `draft`, `amendment` and `meeting` say to what it belongs. Who may find it follows
    from them when somebody searches; the entry holds no visibility.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=EntryKind)
    object_id = models.BigIntegerField(_("key of the record"))
    statement = models.ForeignKey(
        Statement, models.CASCADE, null=True, related_name="+", verbose_name=_("statement")
    )
    draft = models.ForeignKey(
        Draft, models.CASCADE, null=True, related_name="+", verbose_name=_("draft")
    )
    amendment = models.ForeignKey(
        Amendment, models.CASCADE, null=True, related_name="+", verbose_name=_("amendment")
    )
    meeting = models.ForeignKey(
        Meeting, models.CASCADE, null=True, related_name="+", verbose_name=_("meeting")
    )
    language = models.CharField(_("language"), max_length=10, blank=True)
    number = models.PositiveIntegerField(_("number"), null=True)
    title = models.CharField(_("title"), max_length=300)
    about = models.CharField(_("what stands beside the title"), max_length=300, blank=True)
    text = models.TextField(_("text"), blank=True)
    url = models.CharField(_("path of its page"), max_length=300)
    day = models.DateField(_("day"), null=True, validators=[validate_day])
    title_terms = models.TextField(_("terms of the title"), blank=True)
    terms = models.TextField(_("terms"), blank=True)

    class Meta:
        verbose_name = _("entry of the search index")
        verbose_name_plural = _("entries of the search index")
        ordering = ["pk"]
        constraints = [
            within_bounds("desk_searchentry_days_in_bounds", days=("day",)),
            models.UniqueConstraint(fields=["kind", "object_id"], name="desk_searchentry_once"),
        ]

    def __str__(self) -> str:
        return self.title


class SearchWord(models.Model):
    """A word of the index, for the nearest spelling.

    It is offered only to a reader whose search for it finds something.
    """

    word = models.CharField(_("word"), max_length=40, unique=True)
    length = models.PositiveSmallIntegerField(_("length"), db_index=True)

    class Meta:
        verbose_name = _("word of the search index")
        verbose_name_plural = _("words of the search index")
        ordering = ["word"]

    def __str__(self) -> str:
        return self.word


def alternatives(group: TermGroup, mark: str) -> list[tuple[str, str]]:
    """Return the terms of a group, sorted.

    Each has `mark` if it is the beginning of a term.
    """
    whole = [(term, "") for term in sorted(group.terms)]
    return [*whole, (group.beginning, mark)] if group.beginning else whole


@models.TextField.register_lookup
class Answers(models.Lookup[Any]):
    """`terms__answers=question`: the terms have one of each group of a question.

    PostgreSQL compares by a GIN index, SQLite asks its FTS5 table. No parser of
    either database looks at the words, so both give the same answers.
    """

    lookup_name = "answers"
    prepare_rhs = False

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """Compare with the tsvector column next to this one.

        See the migration.
        """
        alias = compiler.quote_name_unless_alias(self.lhs.alias)
        words = " & ".join(
            "(" + " | ".join(f"'{term}'{mark}" for term, mark in alternatives(group, ":*")) + ")"
            for group in self.rhs
        )
        return f"{alias}.{self.lhs.target.column}_vector @@ %s::tsquery", [words]

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """Compile to a lookup in the matching rows of FTS5."""
        column = self.lhs.target.column
        alias = compiler.quote_name_unless_alias(self.lhs.alias)
        words = " AND ".join(
            "(" + " OR ".join(f'"{term}"{mark}' for term, mark in alternatives(group, " *")) + ")"
            for group in self.rhs
        )
        return (
            f"{alias}.id IN ({SQLITE_ROWS})",
            [f"{column} : ({words})"],
        )

"""What agencies say to each other about a paragraph or an amendment."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core import permissions
from coordination.core.due import wake_on_commit
from coordination.core.permissions import On
from coordination.core.queries import day_in_group
from coordination.members.actions.limits import record_limit_hits, refuse_above_limit
from coordination.members.enums import LimitKind
from coordination.members.models import Agency, Person
from coordination.statements.actions import guards
from coordination.statements.enums import WITH_AGENCIES
from coordination.statements.errors import CommentWithdrawn, NotOnThisText
from coordination.statements.models import Amendment, Comment, Statement
from coordination.statements.queries import amendments, comments, drafts


@dataclass(frozen=True, slots=True)
class CommentSubject:
    """What a comment is about: a paragraph by its key, or an amendment to it."""

    key: str
    amendment: Amendment | None = None


@record_limit_hits
@transaction.atomic
def comment(
    statement: Statement,
    about: CommentSubject,
    text: str,
    *,
    agency: Agency,
    by: Person,
    at: datetime,
) -> Comment:
    """Say something for an agency, as long as the statement is under way; "@WHO" in it tells WHO.

    Raises ReasonMissing without words, NotOnThisText for what is not in the newest draft, or was
    withdrawn, LimitReached for too many comments, or too many mentions of agencies, within an hour.
    """
    statement = guards.lock(statement.pk)
    draft = drafts.latest_draft(statement)
    permissions.require(by, "statements.amend", On(day_in_group(at), draft))
    guards.require_agency(by, agency, at)
    guards.refuse_state(statement, *WITH_AGENCIES)
    words = guards.refuse_without(text, _("Write what you want to say."), "text")
    about_it = amendments.standing_in(draft).filter(block__key=about.key)
    if not draft.blocks.filter(key=about.key).exists() or (
        about.amendment and not about_it.filter(pk=about.amendment.pk).exists()
    ):
        raise NotOnThisText
    mentioned = comments.mentioned(words, day_in_group(at))
    refuse_above_limit(
        LimitKind.COMMENTS, comments.comments_made, by=by, at=at, adding=1, field="text"
    )
    refuse_above_limit(
        LimitKind.MENTIONS,
        comments.mentions_made,
        by=by,
        at=at,
        adding=len(mentioned),
        field="text",
    )
    said = Comment.objects.create(
        statement=statement,
        key=about.key,
        amendment=about.amendment,
        agency=agency,
        author=by,
        text=words,
        said_at=at,
    )
    said.mentions.set(mentioned)
    wake_on_commit()
    return said


@transaction.atomic
def withdraw_comment(said: Comment, *, by: Person, at: datetime) -> Comment:
    """Take back what one's own agency said; that something was said stays."""
    guards.lock(said.statement_id)
    guards.require_agency(by, said.agency, at)
    said = Comment.objects.select_for_update(of=("self",)).get(pk=said.pk)
    if said.withdrawn_at:
        raise CommentWithdrawn(_("This comment was withdrawn already."))
    said.withdrawn_at = at
    said.save(update_fields=["withdrawn_at"])
    return said

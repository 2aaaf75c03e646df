"""Comments on paragraphs and amendments."""

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
from coordination.statements.enums import CIRCULATED_STATES
from coordination.statements.errors import CommentWithdrawn, NotMentioned, NotOnThisText
from coordination.statements.models import Amendment, Comment, DismissedMention, Draft, Statement
from coordination.statements.queries import amendments, comments, drafts


@dataclass(frozen=True, slots=True)
class CommentSubject:
    """The paragraph (its key) or amendment under comment."""

    key: str
    amendment: Amendment | None = None


# outside the transaction: a refused comment rolls back, but the hit of the limit must be stored
@record_limit_hits
@transaction.atomic
def add_comment(
    statement: Statement,
    about: CommentSubject,
    text: str,
    *,
    agency: Agency,
    by: Person,
    at: datetime,
) -> Comment:
    """Add an agency's comment; "@WHO" in it mentions WHO.

    Raises ReasonMissing for an empty text, NotOnThisText when the subject is not in the newest
    draft or was withdrawn, LimitReached for too many comments or mentions within an hour.
    """
    statement = guards.lock_statement(statement.pk)
    draft = drafts.latest_draft(statement)
    permissions.require(by, "statements.amend", On(day_in_group(at), draft))
    guards.require_agency(by, agency, at)
    guards.refuse_state(statement, *CIRCULATED_STATES)
    cleaned_text = guards.require_reason(text, _("Write what you want to say."), "text")
    refuse_absent(about, draft)
    mentioned_agencies = comments.mentioned_agencies(cleaned_text, day_in_group(at))
    refuse_over_limit(len(mentioned_agencies), by=by, at=at)
    new_comment = Comment.objects.create(
        statement=statement,
        key=about.key,
        amendment=about.amendment,
        agency=agency,
        author=by,
        text=cleaned_text,
        said_at=at,
    )
    # stored, so that the planner does not have to read the text
    new_comment.mentions.set(mentioned_agencies)
    wake_on_commit()
    return new_comment


def refuse_absent(about: CommentSubject, draft: Draft) -> None:
    """Raise NotOnThisText unless the subject is in the draft."""
    commented_amendments = amendments.standing_amendments(draft).filter(block__key=about.key)
    if not draft.blocks.filter(key=about.key).exists() or (
        about.amendment and not commented_amendments.filter(pk=about.amendment.pk).exists()
    ):
        raise NotOnThisText


def refuse_over_limit(mention_count: int, *, by: Person, at: datetime) -> None:
    """Raise LimitReached for too many comments or mentions.

    Within an hour.
    """
    refuse_above_limit(
        LimitKind.COMMENTS, comments.comments_made, by=by, at=at, adding=1, field="text"
    )
    refuse_above_limit(
        LimitKind.MENTIONS,
        comments.mentions_made,
        by=by,
        at=at,
        adding=mention_count,
        field="text",
    )


@transaction.atomic
def withdraw_comment(comment: Comment, *, by: Person, at: datetime) -> Comment:
    """Withdraw a comment of one's own agency.

    The page then shows that there was a comment, but not its words.
    """
    guards.lock_statement(comment.statement_id)
    guards.require_agency(by, comment.agency, at)
    comment = Comment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
    if comment.withdrawn_at:
        raise CommentWithdrawn(_("This comment is already withdrawn."))
    comment.withdrawn_at = at
    comment.save(update_fields=["withdrawn_at"])
    return comment


@transaction.atomic
def dismiss_mention(
    comment: Comment, *, agency: Agency, by: Person, at: datetime
) -> DismissedMention:
    """Dismiss a mention without an answer.

    It leaves the desk of the mentioned agency. Doing so twice changes nothing. Raises
    NotMentioned for an agency that the comment does not mention.
    """
    guards.lock_statement(comment.statement_id)
    guards.require_agency(by, agency, at)
    if not comment.mentions.filter(pk=agency.pk).exists():
        raise NotMentioned(_("This comment does not mention %(agency)s.") % {"agency": agency})
    # the statement is locked, so two requests cannot both create the row
    dismissed, _is_new = DismissedMention.objects.get_or_create(
        comment=comment, agency=agency, defaults={"person": by, "dismissed_at": at}
    )
    return dismissed

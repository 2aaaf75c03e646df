"""Tags of a paragraph and the amendments beside it.

A page has hundreds of them, so they are plain Python: a component costs 0.3 ms, an included
template 0.1 ms.
"""

from functools import cache
from html import escape
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coordination.core import formatting
from coordination.core.templatetags.core import badge, icon
from coordination.statements.enums import AmendmentKind, AmendmentState, StatementState
from coordination.statements.models import Amendment, PreparedAmendment
from coordination.statements.queries.block_views import BlockView, Note, excerpt
from coordination.statements.templatetags.statements import (
    Look,
    amendment_look,
    paragraph_words,
    signed,
    word_diff,
    words,
)
from coordination.textkit import segmentation
from coordination.textkit.segmentation import Segment

register = template.Library()
NOTHING = mark_safe("")
# stand-ins that occur in no route, to be replaced by the real values
PLACE = {"slug": "a-slug", "key": 987654321}
LABEL_WORDS = 6


def markup(form: str, *parts: object) -> SafeString:
    """Format HTML as `format_html` does, without two lazy-text checks.

    A page of 64 amendments has a thousand parts, and those checks were a tenth of its time.
    """
    safe = [part if isinstance(part, SafeString) else escape(str(part)) for part in parts]
    return mark_safe(form.format(*safe))


@cache
def _route(name: str) -> str:
    """Return a route of statements as a format string.

    No route changes while the app runs.
    """
    address = reverse(f"statements:{name}", args=[*PLACE.values()])
    return address.replace(str(PLACE["slug"]), "{slug}").replace(str(PLACE["key"]), "{key}")


def address(name: str, slug: str, key: object) -> str:
    """Return the address of a paragraph or an amendment: quicker than `reverse`."""
    return _route(name).format(slug=slug, key=key)


# a part of a page that htmx puts where its id is
ELSEWHERE = mark_safe(' hx-swap-oob="true"')


@register.simple_tag
def block_label(
    key: str, label: str, text: str, language: str, *, heading: bool, elsewhere: bool = False
) -> SafeString:
    """Return a paragraph's heading: its number, or hidden first words.

    `elsewhere`: it comes with another paragraph, and replaces the heading on the page.
    """
    place = ELSEWHERE if elsewhere else NOTHING
    if label:
        return markup('<h3 class="block__label" id="l-{}"{}>{}</h3>', key, place, label)
    plain = text if isinstance(text, SafeString) else words(text)
    beginning = Truncator(strip_tags(plain)).words(LABEL_WORDS, truncate=" …")
    return markup(
        '<h3 class="block__label" id="l-{}"{}><span class="sr">{}: <span lang="{}" dir="auto">{}'
        "</span></span></h3>",
        key,
        place,
        _("Heading") if heading else _("Paragraph"),
        language,
        mark_safe(beginning),
    )


@register.simple_tag
def merged_words(view: BlockView, language: str) -> SafeString:
    """Return a paragraph with all that merges, its changes marked.

    Without marks where it is folded: they are most of a long page, and come with its amendments.
    """
    kind = view.block.kind
    if view.folded and view.text:
        return paragraph_words(view.text, kind, language)
    return word_diff(view.merged_segments, kind, language)


@register.simple_tag(takes_context=True)
def note_to_read(context: Context, view: BlockView, note: Note, *, apart: bool) -> SafeString:
    """Return an amendment note with the reader's acts.

    `apart`: the words of a new paragraph stand where the paragraph would.
    """
    statement = context["statement"]
    quiet = statement.state == StatementState.AMENDMENTS and note.display_state == "conflict"
    return _article(
        note,
        "open" if quiet else note.display_state,
        note_words(note, statement.language, apart=apart),
        _reading_acts(context, view, note),
    )


@register.simple_tag(takes_context=True)
def note_to_settle(context: Context, view: BlockView, note: Note, *, apart: bool) -> SafeString:
    """Return an amendment note with the chair's acts.

    See `note_to_read`.
    """
    fit = _fit(view, note)
    body = note_words(note, context["statement"].language, apart=apart, look=fit)
    return _article(
        note, note.display_state, body + mandates_named(note), _do(_settling(context, view, note))
    )


def _fit(view: BlockView, note: Note) -> Look:
    """Return how the chair sees an amendment: whether it merges."""
    state = note.display_state
    if state == "conflict":
        return {"tone": "blocks", "icon": "conflict", "words": _("Conflicts")}
    if state == "excluded":
        return {"tone": "plain", "icon": "open", "words": _("Open, not in the settled text")}
    if state == "touching":
        return {"tone": "waits", "icon": "merge", "words": _("Touches another")}
    if state == "open" and (view.can_merge or note.amendment.kind == AmendmentKind.INSERT):
        text = _("Merges, typography only") if note.is_typographic else _("Merges")
        return {"tone": "plain", "icon": "merge", "words": text}
    return amendment_look(note.amendment)


def _article(note: Note, look: str, body: SafeString, acts: SafeString) -> SafeString:
    return markup(
        '<article class="margin-note" id="a{}" data-state="{}" aria-label="{}">{}{}</article>',
        note.amendment.pk,
        look,
        note.label,
        body,
        acts,
    )


@register.simple_tag
def note_words(note: Note, language: str, *, apart: bool, look: Look | None = None) -> SafeString:
    """Return an amendment's agency, words, reason and fate.

    `look` is how its state is shown, where that is not what became of it.
    """
    amendment, shown = note.amendment, ""
    behind = formatting.list_of(each.agency.acronym for each in amendment.current_cosponsors)
    look = look or amendment_look(amendment)
    if amendment.kind == AmendmentKind.DELETE:
        shown = markup("<p><b>{}</b></p>", _("Delete the paragraph"))
    elif not apart:
        new = amendment.kind == AmendmentKind.INSERT
        shown = markup(
            '{}<p class="diff" lang="{}" dir="auto">{}</p>',
            markup("<p><b>{}</b></p>", _("A new paragraph after this one")) if new else "",
            language,
            word_diff(note.segments, note.kind_of_words, language),
        )
    return markup(
        '<p class="margin-note__who"><span class="margin-note__no">{}</span>'
        '<abbr class="agency" title="{}">{}</abbr>{} {}</p>{}{}{}',
        note.number,
        amendment.agency.name,
        amendment.agency.acronym,
        markup(' <span class="meta">{} {}</span>', _("with"), behind) if behind else "",
        badge(look["words"], look["tone"], look["icon"]),
        markup('<p class="meta">{}</p>', source) if (source := _source(amendment)) else "",
        shown,
        markup('<p class="margin-note__why">{}</p>', amendment.rationale)
        if amendment.rationale
        else "",
    )


def _source(amendment: Amendment) -> str:
    """Return where an amendment came from, "" if its agency wrote it here."""
    if amendment.recorded:
        return _("Sent in a Word file, recorded by the chair")
    return _("From a Word file") if amendment.word_file_id else ""


@register.simple_tag
def prepared_words(prepared: PreparedAmendment, language: str) -> SafeString:
    """Return a prepared amendment's words with its changes marked."""
    kind = prepared.block_kind or prepared.block.kind
    if prepared.kind == AmendmentKind.INSERT:
        return word_diff([Segment("insert", prepared.proposed_text)], kind, language)
    return word_diff(
        excerpt(segmentation.segments(prepared.block.text, prepared.proposed_text)), kind, language
    )


def _reading_acts(context: Context, view: BlockView, note: Note) -> SafeString:
    """Return what a reader can do with an amendment, and the chair's reason."""
    amendment, ours = note.amendment, context.get("our_keys") or ()
    is_open, is_ours = amendment.state == AmendmentState.OPEN, amendment.agency_id in ours
    if context.get("may_sponsor") and is_open and not is_ours:
        return _sponsoring(context, note)
    reason = _reason(_("The chair:"), amendment.shown_reason)
    edit = NOTHING
    if context.get("may_amend") and is_open and is_ours:
        new = amendment.kind == AmendmentKind.INSERT
        slug = context["statement"].slug
        edit = _link(
            address("edit_amendment", slug, amendment.pk)
            if new
            else address("amend", slug, view.block.key),
            _("Edit"),
            note.label,
        )
    return _do(reason, edit) if reason or edit else NOTHING


def _sponsoring(context: Context, note: Note) -> SafeString:
    """Return co-sponsoring buttons for each of the reader's agencies.

    The form is around all notes of the paragraph.
    """
    amendment = note.amendment
    behind = {each.agency_id for each in amendment.current_cosponsors}
    several = len(context["ours"]) > 1
    button = (
        '<button class="button button--plain" type="submit" formaction="{}" name="{}" value="{}">'
        "{}</button>"
    )
    action = address("sponsor", context["statement"].slug, amendment.pk)
    rows = []
    for key, acronym in context["ours"]:
        if key in behind:
            label = _("Take %(agency)s off") % {"agency": acronym}
        else:
            label = f"{_('Co-sponsor')} {acronym}" if several else _("Co-sponsor")
        rows.append((action, "leave" if key in behind else "join", key, label))
    version = markup(
        '<input type="hidden" name="version-{}" value="{}">', amendment.pk, amendment.version
    )
    buttons = mark_safe("\n".join(markup(button, *row) for row in rows))
    return _do(version, buttons)


def _settling(context: Context, view: BlockView, note: Note) -> SafeString:
    """Return what the chair can do with an amendment, and its reason."""
    amendment, slug = note.amendment, context["statement"].slug
    new = amendment.kind == AmendmentKind.INSERT
    if amendment.state != AmendmentState.OPEN:
        undone = new or amendment.state == AmendmentState.DECLINED
        undo = address("reopen", slug, amendment.pk)
        return markup(
            "{}\n{}",
            _reason(_("You:"), amendment.shown_reason),
            _act(context, undo, amendment.version, "u", _("Undo")) if undone else "",
        )
    adapt = (
        address("adapt_new", slug, amendment.pk) if new else address("adapt", slug, view.block.key)
    )
    chosen = f"?from={amendment.pk}" if amendment.kind == AmendmentKind.REPLACE else ""
    take = address("take", slug, amendment.pk)
    return markup(
        "{}\n{}\n{}",
        _act(context, take, amendment.version, "t", _("Take")) if new or view.can_merge else "",
        _link(adapt + chosen, _("Adapt"), note.label),
        _link(address("decline", slug, amendment.pk), _("Decline"), note.label, key="d"),
    )


@register.simple_tag(takes_context=True)
def arrange_link(context: Context, view: BlockView) -> SafeString:
    """Return the link to where the chair moves, joins or splits a paragraph."""
    href = address("arrange", context["statement"].slug, view.block.key)
    name = view.label or view.block.get_kind_display()
    return markup('<p class="cluster">{}</p>', _link(href, _("Arrange"), name))


@register.simple_tag
def mandates_named(note: Note) -> SafeString:
    """Return how an amendment changes mandate counts: "Mandates named: WHO +1"."""
    if not note.mandates:
        return NOTHING
    changes = ", ".join(f"{acronym} {signed(by)}" for acronym, by in note.mandates)
    return markup('<p class="meta">{} {}</p>', _("Mandates named:"), changes)


@register.simple_tag(takes_context=True)
def block_acts(context: Context, view: BlockView, *, elsewhere: bool = False) -> SafeString:
    """Return what a reader can do at a paragraph; `elsewhere` as of `block_label`."""
    slug, block, key = context["statement"].slug, view.block, view.block.key
    kind = block.get_kind_display()
    name = view.label or kind
    if context.get("preparing"):
        return markup(
            '<p class="block__state" id="acts-{}"{}>{} · <a href="{}">{}<span class="sr"> {}'
            '</span></a> · <a hx-boost="false" href="{}">{}<span class="sr"> {}</span></a></p>',
            key,
            ELSEWHERE if elsewhere else NOTHING,
            kind[:1].upper() + kind[1:],
            address("edit_block", slug, key),
            _("Edit"),
            name,
            address("add_block", slug, key),
            _("Add after"),
            name,
        )
    amend = (
        markup(
            '<a class="button button--small" href="{}">{}{}<span class="sr"> {}</span></a>{}{}',
            address("amend", slug, key),
            icon("pencil"),
            _("Amend"),
            name,
            _link(address("insert", slug, key), _("Add after"), name),
            _link(address("delete", slug, key), _("Delete"), name),
        )
        if context.get("may_amend")
        else NOTHING
    )
    discuss = _discuss(slug, view, name) if context.get("may_discuss") else NOTHING
    if not amend and not discuss:
        return NOTHING
    return markup('<p class="cluster">{}\n{}</p>', amend, discuss)


def _discuss(slug: str, view: Any, name: str) -> SafeString:
    """Return the link to the comments on a paragraph."""
    n, key = view.block.comment_count or 0, view.block.key
    label = ngettext("%(n)s comment", "%(n)s comments", n) % {"n": n} if n else _("Comment")
    return markup(
        '<a class="button button--plain" hx-boost="false" href="{}?about={}#t-{}">{}'
        '<span class="sr"> {}</span></a>',
        reverse("statements:discuss", args=[slug]),
        key,
        key,
        label,
        name,
    )


@register.simple_tag(takes_context=True)
def folded_notes(context: Context, view: BlockView, route: str) -> SafeString:
    """Return the number of folded notes, loaded on demand from `route`."""
    n, page = view.folded, address(route, context["statement"].slug, view.block.key)
    return markup(
        '<p class="block__state"><a class="folded" href="{}" data-state="{}" hx-get="{}" '
        'hx-trigger="click, intersect once">{}<span class="sr"> {}</span></a>{}</p>',
        page,
        "conflict" if view.has_conflict else "",
        page,
        ngettext("%(n)s amendment", "%(n)s amendments", n) % {"n": n},
        view.label or view.block.get_kind_display(),
        markup(' · <span class="c-blocks">{}</span>', _("the same words are changed"))
        if view.has_conflict
        else "",
    )


def _reason(who: str, reason: str) -> SafeString:
    """Return why the chair settled an amendment so."""
    return markup("<span><b>{}</b> {}</span>", who, reason) if reason else NOTHING


def _do(*parts: SafeString) -> SafeString:
    """Return the foot of a note with what can be done there."""
    return markup('<div class="margin-note__do">{}</div>', mark_safe("\n".join(parts)))


def _link(href: str, label: str, about: str, *, key: str = "") -> SafeString:
    """Return a button-like link with hidden words for screen readers."""
    return markup(
        '<a class="button button--plain"{} href="{}">{}<span class="sr"> {}</span></a>',
        markup(' data-key="{}"', key) if key else "",
        href,
        label,
        about,
    )


def _act(context: Context, action: str, version: int, key: str, label: str) -> SafeString:
    """Return a button for an act on a shown amendment, as `c-act` gives it."""
    return markup(
        '<form class="form--inline" method="post" action="{}"><input type="hidden" '
        'name="csrfmiddlewaretoken" value="{}"><input type="hidden" name="version" value="{}">'
        '<button class="button button--plain" type="submit" data-key="{}">{}</button></form>',
        action,
        context["csrf_token"],
        version,
        key,
        label,
    )

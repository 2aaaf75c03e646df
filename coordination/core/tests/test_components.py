"""The components of pages, and the frame of every page."""

from zoneinfo import ZoneInfo

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django_cotton.compiler_regex import CottonCompiler

from coordination.core import clock
from coordination.core.history import Difference, HistoryEntry
from coordination.core.http import Reader
from coordination.core.tests.pages import text_of, tidy
from coordination.desk.views import samples
from coordination.rotation.models import ChairTerm
from coordination.tests.cast import NOW

pytestmark = pytest.mark.usefixtures("strict")


def rendered(source: str, **context: object) -> str:
    request = RequestFactory().get("/", {"page": "2", "q": "x"})
    return tidy(
        Template(CottonCompiler().process(source)).render(Context({"request": request, **context}))
    )


def test_unknown_variable_fails():
    with pytest.raises(AssertionError, match="unknown variable: nobody"):
        rendered("{{ nobody.knows }}")


def test_badge_has_a_tone_and_an_icon_beside_its_word():
    assert rendered("<c-badge>Open</c-badge>") == '<span class="badge badge--plain">Open</span>'
    page = rendered('<c-badge tone="settled" icon="check" strong="yes">Settled</c-badge>')
    assert page.startswith('<span class="badge badge--settled badge--strong"><svg class="icon"')
    assert page.endswith("Settled</span>")


@pytest.mark.parametrize("tone", ["action", "blocks", "waits", "settled"])
def test_banner_has_the_icon_of_its_tone_and_an_action(tone):
    page = rendered(
        f'<c-banner tone="{tone}">Words<c-slot name="action"><a href="/x">Act</a></c-slot></c-banner>'
    )

    assert f'<div class="banner banner--{tone}"><svg' in page
    assert '<p class="banner__text">Words</p><a href="/x">Act</a></div>' in page


def test_section_is_named_by_its_heading():
    assert rendered(
        '<c-section id="owed" title="Owed" note="4 open" aside="yes">x</c-section>'
    ) == (
        '<section class="section section--aside" id="owed" aria-labelledby="h-owed"><div class="section__head">'
        '<h2 id="h-owed">Owed</h2><p>4 open</p></div><div class="section__body">x</div></section>'
    )
    assert "<p>" not in rendered('<c-section id="owed" title="Owed">x</c-section>')


def test_page_head_has_crumbs_that_end_with_the_page_and_facts():
    page = rendered(
        '<c-page-head title="Handover"><c-slot name="crumbs"><c-crumb href="/rotation/">Rotation</c-crumb></c-slot>facts'
        '<c-slot name="under"><i>steps</i></c-slot></c-page-head>',
    )

    assert '<li><a href="/rotation/">Rotation</a></li><li aria-current="page">Handover</li>' in page
    assert page.endswith('<h1>Handover</h1><p class="page-head__facts">facts</p><i>steps</i></div>')
    assert rendered('<c-page-head title="Desk" />') == '<div class="page-head"><h1>Desk</h1></div>'


def test_stepper_says_to_the_ear_where_a_thing_is():
    page = rendered('<c-stepper label="Life" :steps="steps" />', steps=samples.steps())

    assert '<ol class="stepper" aria-label="Life">' in page
    assert page.count('<span class="sr">: done</span>') == 2
    assert page.count('aria-current="step"') == 1
    assert page.count('<span class="sr">: to come</span>') == 3
    assert "<b>Step 3 of 6: Consolidation</b>, draft 3 by Wed 25 Nov, 18:00</p>" in page
    without_moment = rendered(
        '<c-stepper label="Life" :steps="steps" />',
        steps=[{"name": "Drafting", "state": "now", "when": ""}],
    )
    assert "<b>Step 1 of 1: Drafting</b></p>" in without_moment


def test_tabs_mark_the_current_view():
    page = rendered(
        '<c-tabs label="Views"><c-tab href="/a">A</c-tab><c-tab href="/b" current="yes">B</c-tab></c-tabs>'
    )

    assert (
        page
        == '<nav class="tabs" aria-label="Views"><a href="/a">A</a> <a href="/b" aria-current="page">B</a></nav>'
    )


def test_person_is_a_link_where_there_is_an_address():
    assert rendered('<c-person :person="who" note="until 31 Dec" />', who="Nadia Ferreira") == (
        '<span class="person"><span class="person__initials" aria-hidden="true">NF</span><span class="person__name">Nadia Ferreira</span>'
        '</span> <span class="meta">until 31 Dec</span>'
    )
    assert rendered('<c-person :person="who" href="/p/" />', who="Nadia").startswith(
        '<a class="person" href="/p/">'
    )


def test_table_names_its_columns_for_eye_and_ear():
    page = rendered(
        '<c-table label="Terms" :heads="heads" kind="matrix"><tr></tr></c-table>',
        heads=["Agency", "Days"],
    )

    assert '<table class="table table--stack matrix" role="table" aria-label="Terms">' in page
    assert page.count('<th scope="col" role="columnheader">') == 2


def test_table_takes_heads_of_its_own_and_a_heading_as_name():
    page = rendered(
        '<c-table labelledby="h-t" stack=""><c-slot name="head"><c-head num="yes" wide="yes">Days</c-head></c-slot><tr></tr></c-table>'
    )

    assert '<table class="table " role="table" aria-labelledby="h-t">' in page
    assert '<th scope="col" role="columnheader" class="num wide-only">Days</th>' in page


def test_bar_says_its_number():
    page = rendered('<c-bar label="WHO" :part="5" :whole="8" :mark="2" />')

    assert '<rect class="bar__value bar__value--done" width="62.5%" height="10"/>' in page
    assert '<rect class="bar__mark" x="25.0%" width="2" height="10"/>' in page
    assert '<span class="num">5 of 8</span>' in page
    assert '<span class="num">9 %</span>' in rendered(
        '<c-bar label="FAO" :part="9" :whole="100" done="" words="9 %" />'
    )


def test_clock_draws_what_is_gone_and_the_reminders():
    page = rendered(
        '<c-clock :gone="84" :whole="168" :ticks="ticks"><li>Now</li></c-clock>', ticks=[42]
    )

    assert '<rect class="clock__run" y="5" width="50.0%" height="6"/>' in page
    assert '<rect class="clock__tick" x="25.0%" y="3" width="1.5" height="10"/>' in page
    assert '<ol class="clock__marks"><li>Now</li></ol>' in page


def test_block_has_label_text_and_notes():
    page = rendered(
        '<c-block id="op1" label="OP 1" state="new">Text<c-slot name="notes">note</c-slot></c-block>'
    )

    assert '<section class="block" id="op1" data-state="new" aria-labelledby="l-op1">' in page
    assert '<div class="block__text">Text</div><div class="block__notes">note</div>' in page
    assert "block__text--title" in rendered('<c-block id="t" label="Title" title="yes">x</c-block>')
    page = rendered(
        '<c-block id="b7" title="yes" language="fr"><p>Un & deux trois quatre cinq six sept</p></c-block>'
    )
    assert (
        '<span class="sr">Heading: <span lang="fr" dir="auto">Un & deux trois quatre cinq …</span></span></h3>'
        in page
    )
    assert "Paragraph: <span" in rendered('<c-block id="b8">x</c-block>')


def test_margin_note_names_the_agency_and_who_is_with_it():
    fao, ilo, women = samples.bodies()
    page = rendered(
        '<c-margin-note id="a6" number="6" :body="body" :sponsors="others" why="Because." label="Amendment 6, FAO">words'
        '<c-slot name="badge"><i>b</i></c-slot><c-slot name="acts"><i>a</i></c-slot></c-margin-note>',
        body=fao,
        others=[ilo, women],
    )

    assert (
        '<article class="margin-note" id="a6" data-state="open" aria-label="Amendment 6, FAO">'
        in page
    )
    assert f'with <abbr class="agency" title="{ilo.name}">ILO</abbr> and' in page
    assert (
        '<p class="margin-note__why">Because.</p><div class="margin-note__do"><i>a</i></div>'
        in page
    )
    assert "with" not in rendered(
        '<c-margin-note id="a" number="1" :body="body" label="x">y</c-margin-note>', body=fao
    )


def test_callout_confirm_empty_workbar_and_toast():
    assert rendered('<c-callout tone="waits" title="T" id="x">y</c-callout>') == (
        '<section class="callout callout--waits" id="x" aria-labelledby="c-x"><h2 id="c-x">T</h2>y</section>'
    )
    assert rendered('<c-confirm title="Issue?" id="c">y</c-confirm>').startswith(
        '<section class="confirm" id="c" aria-labelledby="c-title"><h2 id="c-title">Issue?</h2>'
    )
    assert '<h4 id="c-title">Issue?</h4>' in rendered(
        '<c-confirm title="Issue?" id="c" level="4">y</c-confirm>'
    )
    assert rendered('<c-empty title="None">Why<c-slot name="action">Do</c-slot></c-empty>') == (
        '<div class="empty"><p><b>None</b></p><p>Why</p><div class="cluster">Do</div></div>'
    )
    assert '<div class="cluster">Act</div>' in rendered(
        '<c-workbar>x<c-slot name="actions">Act</c-slot></c-workbar>'
    )
    assert '<div class="toast toast--blocks" role="status">' in rendered(
        '<c-toast tone="blocks">No</c-toast>'
    )
    assert '<div class="toast" role="status">' in rendered("<c-toast>Done</c-toast>")


def test_act_posts_with_a_token():
    page = rendered(
        '<c-act action="/do/" label="Do" kind="button--small"><input type="hidden" name="n"></c-act>',
        csrf_token="secret",
    )

    assert (
        '<form class="form--inline" method="post" action="/do/"><input type="hidden" name="csrfmiddlewaretoken" value="secret">'
        in page
    )
    assert '<button class="button button--small" type="submit">Do</button>' in page
    assert 'Do<span class="sr"> it</span></button>' in rendered(
        '<c-act action="/" label="Do" about="it" />', csrf_token="secret"
    )


def test_pages_lead_on_and_keep_the_question():
    page = Paginator(range(30), 10).page(2)

    assert 'href="?q=x&amp;page=1" rel="prev"' in rendered('<c-pages :page="page" />', page=page)
    assert "Page 2 of 3" in rendered('<c-pages :page="page" />', page=page)
    assert rendered('<c-pages :page="page" />', page=Paginator(range(3), 10).page(1)) == ""


def test_history_tells_who_when_and_what_before(now):
    at = clock.now()
    reader = Reader(ZoneInfo("America/New_York"), "New York")
    page = rendered(
        '<c-history :changes="changes" />', changes=samples.changes(at), now=at, reader=reader
    )

    assert "who, when, what before; times in New York" in page
    assert "<b>Élodie Marchand</b> The term was prolonged" in page
    assert "<details" not in page
    assert "<del>30 June 2026</del> → <ins>31 December 2026</ins>" in page
    assert "<b>The system</b> made this record" in page
    assert "Nothing has changed yet." in rendered(
        '<c-history :changes="changes" />', changes=[], reader=reader
    )


def test_history_folds_long_texts_and_shows_them_whole(now):
    words = "Agreed to go on. " * 20 + "<End>"
    step = HistoryEntry(
        NOW,
        None,
        "Recorded",
        "~",
        "",
        (Difference("outcome", words, ""), Difference("note", "", words)),
    )

    page = rendered(
        '<c-history :changes="changes" />',
        changes=[step],
        now=NOW,
        reader=Reader(ZoneInfo("Europe/Zurich"), "Geneva"),
    )

    assert page.count("<details") == 2
    assert page.count("Agreed to go on. &lt;End&gt;") == 2
    assert "… → nothing" not in page
    assert "</del> → nothing</summary>" in page
    assert "note: nothing → <ins>Agreed" in page


def test_keys_are_hidden_without_a_script():
    assert rendered("<c-keys />").startswith(
        '<div data-keys hidden><section class="section section--aside" id="keys"'
    )


def test_form_tells_each_field_its_hint_and_its_error():
    page = rendered(
        '<c-form :form="form" verb="Convene" back="/b/" wide="yes" keep="x" />',
        form=samples.broken_form(),
        csrf_token="t",
    )

    assert '<form class="form form--wide" method="post" data-keep="x">' in page
    assert 'aria-invalid="true" aria-describedby="id_deadline_helptext id_deadline_error"' in page
    assert '<div id="id_deadline_error" class="form__errors">' in page
    assert "This is 41 hours from now; the group asks for at least 72." in page
    assert '<p class="form__hint" id="id_deadline_helptext">Date and time in Geneva</p>' in page
    assert "Nothing was saved: two fields need another look." in page
    assert '<legend class="form__label">Answer</legend>' in page
    assert '<label class="form__check" for="id_told">' in page
    assert (
        '<button class="button button--main" type="submit">Convene</button> <a href="/b/">Go back</a>'
        in page
    )
    assert page.count("(optional)") == 1


def test_style_guide_is_for_administrators(client, administrator, focal_point):
    client.force_login(focal_point)
    refused = client.get("/styleguide/")
    client.force_login(administrator)
    page = text_of(client.get("/styleguide/"))

    assert (refused.status_code, refused.url) == (302, "/admin/login/?next=/styleguide/")
    # the legend of the timeline is that of its page, with the hatching that it draws
    assert page.count('id="hatch"') == page.count('fill="url(#hatch)"') == 1
    assert "Not on record" in page
    for part in (
        "badge",
        "banner",
        "callout",
        "workbar",
        "stepper",
        "tabs",
        "person",
        "table",
        "bar",
        "block",
        "clock",
    ):
        assert f'class="{part}' in page
    for part in (
        "margin-note",
        "empty",
        "confirm",
        "toast",
        "form",
        "asks",
        "checklist",
        "compromise",
        "statement",
        "pages",
        "feed",
    ):
        assert f'class="{part}' in page


def test_masthead_of_a_person_and_of_a_visitor(client, focal_point, chair, administrator, now):
    client.force_login(focal_point)
    mine = text_of(client.get("/members/"))
    client.force_login(chair)
    hers = text_of(client.get("/members/"))
    client.logout()
    anybody = text_of(client.get("/members/"))

    assert (
        '<time datetime="2026-11-23T04:00:00-05:00">Mon 23 Nov 2026, 04:00</time> New York' in mine
    )
    assert "<title>Members · Global Migration Group</title>" in mine
    assert '<a href="/members/" aria-current="page">Members</a>' in mine
    assert "/outbox/" not in mine
    assert "/outbox/" in hers
    assert '<form class="search" role="search" action="/search/">' in mine
    assert "/desk/" not in anybody
    assert 'href="/accounts/login/"' in anybody
    for page in (mine, hers, anybody):
        assert 'UNESCO</abbr></a> until <time datetime="2026-12-31">31 Dec 2026</time>' in page


def test_vacancy_stands_on_every_page(client, terms, now):
    current, following = terms
    ChairTerm.objects.filter(pk=following.pk).update(state="withdrawn")
    ChairTerm.objects.filter(pk=current.pk).update(last_day="2026-06-30", first_day="2026-01-01")

    page = text_of(client.get("/members/"))

    assert "No chair since 1 July 2026" in page
    assert '<div class="banner banner--blocks">' in page

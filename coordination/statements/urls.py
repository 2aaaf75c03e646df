"""Addresses of the statements domain."""

from django.urls import path

from coordination.statements.views import (
    acts,
    amendments,
    arrangement,
    comments,
    compiled,
    deliveries,
    feeds,
    fragments,
    lists,
    positions,
    preparation,
    reading,
    settlements,
    silent,
)

app_name = "statements"

urlpatterns = [
    path("", lists.list_statements, name="list"),
    path("feed/", feeds.feed, name="feed"),
    path("start/", lists.start, name="start"),
    path("<slug:slug>/", reading.show, name="show"),
    path("<slug:slug>/plain.txt", reading.plain, name="plain"),
    path("<slug:slug>/drafts/<int:number>/", reading.draft, name="draft"),
    path("<slug:slug>/drafts/<int:number>/plain.txt", reading.plain_draft, name="plain_draft"),
    path("<slug:slug>/paragraphs/<slug:key>/", fragments.paragraph, name="paragraph"),
    path("<slug:slug>/compare/", reading.compare, name="compare"),
    path("<slug:slug>/compile/", compiled.compile_text, name="compile"),
    path("<slug:slug>/compile/plain.txt", compiled.compile_plain, name="compile_plain"),
    path("<slug:slug>/compile/compilation.docx", compiled.compile_word, name="compile_word"),
    path("<slug:slug>/balance/", compiled.balance, name="balance"),
    path("<slug:slug>/origins/", compiled.origins, name="origins"),
    path("<slug:slug>/discuss/", comments.discuss, name="discuss"),
    path(
        "<slug:slug>/comments/<int:pk>/withdraw/",
        comments.withdraw_comment,
        name="withdraw_comment",
    ),
    path(
        "<slug:slug>/comments/<int:pk>/dismiss/",
        comments.dismiss_mention,
        name="dismiss_mention",
    ),
    path("<slug:slug>/history/", reading.history, name="history"),
    path("<slug:slug>/paste/", preparation.paste, name="paste"),
    path("<slug:slug>/edit/<slug:key>/", preparation.edit_block, name="edit_block"),
    path("<slug:slug>/edit/<slug:key>/after/", preparation.add_block, name="add_block"),
    path("<slug:slug>/edit/<slug:key>/remove/", preparation.remove_block, name="remove_block"),
    path("<slug:slug>/circulate/", acts.circulate, name="circulate"),
    path("<slug:slug>/agencies/", acts.participants, name="participants"),
    path("<slug:slug>/reopen/", acts.reopen_amendments, name="reopen_amendments"),
    path("<slug:slug>/amend/<slug:key>/", amendments.amend, name="amend"),
    path(
        "<slug:slug>/amend/<slug:key>/after/", amendments.amend, {"kind": "insert"}, name="insert"
    ),
    path(
        "<slug:slug>/amend/<slug:key>/delete/", amendments.amend, {"kind": "delete"}, name="delete"
    ),
    path("<slug:slug>/amendments/<int:pk>/edit/", amendments.edit_amendment, name="edit_amendment"),
    path("<slug:slug>/amendments/<int:pk>/adapt/", settlements.adapt_new, name="adapt_new"),
    path(
        "<slug:slug>/amendments/<int:pk>/withdraw/",
        amendments.withdraw_amendment,
        name="withdraw_amendment",
    ),
    path(
        "<slug:slug>/prepared/<int:pk>/discard/",
        amendments.discard_prepared,
        name="discard_prepared",
    ),
    path("<slug:slug>/amendments/<int:pk>/sponsor/", amendments.sponsor, name="sponsor"),
    path("<slug:slug>/consolidate/", settlements.consolidate, name="consolidate"),
    path("<slug:slug>/take-all/", settlements.take_all_that_merge, name="take_all_that_merge"),
    path("<slug:slug>/consolidate/<slug:key>/", settlements.adapt, name="adapt"),
    path("<slug:slug>/consolidate/<slug:key>/arrange/", arrangement.arrange, name="arrange"),
    path("<slug:slug>/consolidate/<slug:key>/amendments/", fragments.settling, name="settling"),
    path("<slug:slug>/consolidate/<slug:key>/undo/", settlements.unsettle, name="unsettle"),
    path("<slug:slug>/amendments/<int:pk>/take/", settlements.take, name="take"),
    path("<slug:slug>/amendments/<int:pk>/up/", settlements.put_up, name="put_up"),
    path("<slug:slug>/amendments/<int:pk>/decline/", settlements.decline, name="decline"),
    path("<slug:slug>/amendments/<int:pk>/reopen/", settlements.reopen, name="reopen"),
    path("<slug:slug>/issue/", acts.issue, name="issue"),
    path("<slug:slug>/positions/", positions.positions, name="positions"),
    path("<slug:slug>/positions/letter/", positions.record_letter, name="record_letter"),
    path("<slug:slug>/positions/telephone/", silent.record_call, name="record_call"),
    path("<slug:slug>/positions/silent/", silent.write_to_silent, name="write_to_silent"),
    path("<slug:slug>/positions/<int:pk>/letter/", positions.letter, name="letter"),
    path("<slug:slug>/steps/open/", acts.open_step, name="open_step"),
    path("<slug:slug>/steps/extend/", acts.extend, name="extend"),
    path("<slug:slug>/deliveries/plan/", deliveries.plan_delivery, name="plan_delivery"),
    path("<slug:slug>/deliveries/<int:pk>/edit/", deliveries.edit_delivery, name="edit_delivery"),
    path(
        "<slug:slug>/deliveries/<int:pk>/delivered/",
        deliveries.note_delivered,
        name="note_delivered",
    ),
    path(
        "<slug:slug>/deliveries/<int:pk>/cancel/",
        deliveries.cancel_delivery,
        name="cancel_delivery",
    ),
    path("<slug:slug>/act/<slug:act>/", acts.act, name="act"),
]

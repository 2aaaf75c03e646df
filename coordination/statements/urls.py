"""Addresses of the statements domain."""

from django.urls import path

from coordination.statements import views

app_name = "statements"

urlpatterns = [
    path("", views.list_statements, name="list"),
    path("feed/", views.feed, name="feed"),
    path("start/", views.start, name="start"),
    path("<slug:slug>/", views.show, name="show"),
    path("<slug:slug>/plain.txt", views.plain, name="plain"),
    path("<slug:slug>/drafts/<int:number>/", views.draft, name="draft"),
    path("<slug:slug>/drafts/<int:number>/plain.txt", views.plain_draft, name="plain_draft"),
    path("<slug:slug>/paragraphs/<slug:key>/", views.paragraph, name="paragraph"),
    path("<slug:slug>/compare/", views.compare, name="compare"),
    path("<slug:slug>/compile/", views.compile_text, name="compile"),
    path("<slug:slug>/compile/plain.txt", views.compile_plain, name="compile_plain"),
    path("<slug:slug>/compile/compilation.docx", views.compile_word, name="compile_word"),
    path("<slug:slug>/balance/", views.balance, name="balance"),
    path("<slug:slug>/origins/", views.origins, name="origins"),
    path("<slug:slug>/discuss/", views.discuss, name="discuss"),
    path(
        "<slug:slug>/comments/<int:pk>/withdraw/", views.withdraw_comment, name="withdraw_comment"
    ),
    path("<slug:slug>/history/", views.history, name="history"),
    path("<slug:slug>/paste/", views.paste, name="paste"),
    path("<slug:slug>/edit/<slug:key>/", views.edit_block, name="edit_block"),
    path("<slug:slug>/edit/<slug:key>/after/", views.add_block, name="add_block"),
    path("<slug:slug>/edit/<slug:key>/remove/", views.remove_block, name="remove_block"),
    path("<slug:slug>/circulate/", views.circulate, name="circulate"),
    path("<slug:slug>/agencies/", views.participants, name="participants"),
    path("<slug:slug>/reopen/", views.reopen_amendments, name="reopen_amendments"),
    path("<slug:slug>/amend/<slug:key>/", views.amend, name="amend"),
    path("<slug:slug>/amend/<slug:key>/after/", views.amend, {"kind": "insert"}, name="insert"),
    path("<slug:slug>/amend/<slug:key>/delete/", views.amend, {"kind": "delete"}, name="delete"),
    path("<slug:slug>/amendments/<int:pk>/edit/", views.edit_amendment, name="edit_amendment"),
    path("<slug:slug>/amendments/<int:pk>/adapt/", views.adapt_new, name="adapt_new"),
    path(
        "<slug:slug>/amendments/<int:pk>/withdraw/",
        views.withdraw_amendment,
        name="withdraw_amendment",
    ),
    path("<slug:slug>/prepared/<int:pk>/discard/", views.discard_prepared, name="discard_prepared"),
    path("<slug:slug>/amendments/<int:pk>/sponsor/", views.sponsor, name="sponsor"),
    path("<slug:slug>/consolidate/", views.consolidate, name="consolidate"),
    path("<slug:slug>/take-all/", views.take_all_that_merge, name="take_all_that_merge"),
    path("<slug:slug>/consolidate/<slug:key>/", views.adapt, name="adapt"),
    path("<slug:slug>/consolidate/<slug:key>/amendments/", views.settling, name="settling"),
    path("<slug:slug>/consolidate/<slug:key>/undo/", views.unsettle, name="unsettle"),
    path("<slug:slug>/amendments/<int:pk>/take/", views.take, name="take"),
    path("<slug:slug>/amendments/<int:pk>/up/", views.put_up, name="put_up"),
    path("<slug:slug>/amendments/<int:pk>/decline/", views.decline, name="decline"),
    path("<slug:slug>/amendments/<int:pk>/reopen/", views.reopen, name="reopen"),
    path("<slug:slug>/issue/", views.issue, name="issue"),
    path("<slug:slug>/positions/", views.positions, name="positions"),
    path("<slug:slug>/positions/letter/", views.record_letter, name="record_letter"),
    path("<slug:slug>/positions/<int:pk>/letter/", views.letter, name="letter"),
    path("<slug:slug>/steps/open/", views.open_step, name="open_step"),
    path("<slug:slug>/steps/extend/", views.extend, name="extend"),
    path("<slug:slug>/deliveries/plan/", views.plan_delivery, name="plan_delivery"),
    path("<slug:slug>/deliveries/<int:pk>/edit/", views.edit_delivery, name="edit_delivery"),
    path("<slug:slug>/deliveries/<int:pk>/delivered/", views.note_delivered, name="note_delivered"),
    path("<slug:slug>/deliveries/<int:pk>/cancel/", views.cancel_delivery, name="cancel_delivery"),
    path("<slug:slug>/act/<slug:act>/", views.act, name="act"),
]

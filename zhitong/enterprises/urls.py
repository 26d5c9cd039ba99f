"""Addresses of firms."""

from __future__ import annotations

from django.urls import path

from zhitong.enterprises.views import firms, lists, parts, people, register, tokens

app_name = "enterprises"

urlpatterns = [
    path("", register.register, name="list"),
    path("export/", register.export, name="export"),
    path("new/", register.new, name="new"),
    path("imports/", lists.imports, name="imports"),
    path("imports/<int:pk>/", lists.one_import, name="import"),
    path("imports/<int:pk>/undo/", lists.undo, name="undo_import"),
    path("imports/<int:pk>/refused/", lists.refused, name="refused_rows"),
    path("twins/", lists.twins, name="twins"),
    path("twins/<int:pk>/", lists.settle_twin, name="settle_twin"),
    path("keys/", tokens.tokens, name="tokens"),
    path("keys/<int:pk>/withdraw/", tokens.withdraw, name="withdraw_token"),
    path("join/", people.join, name="join"),
    path("privacy/", people.privacy, name="privacy"),
    path("people/<int:pk>/phone/", people.phone, name="phone"),
    path("<int:pk>/", firms.detail, name="detail"),
    path("<int:pk>/print/", firms.print_sheet, name="print"),
    path("<int:pk>/facts/<slug:kind>/", firms.fact_history, name="fact_history"),
    path("<int:pk>/contacts/", people.contacts, name="contacts"),
    path("<int:pk>/invite/", people.invite, name="invite"),
    *(path(f"<int:pk>/{name}/", firms.step_view(name), name=name) for name in firms.STEPS),
    path("facts/<int:pk>/confirm/", parts.part_view("confirm_fact"), name="confirm_fact"),
    path("titles/<int:pk>/withdraw/", parts.part_view("withdraw_title"), name="withdraw_title"),
    path("relations/<int:pk>/end/", parts.part_view("end_relation"), name="end_relation"),
    path("sponsors/<int:pk>/end/", parts.part_view("end_sponsorship"), name="end_sponsorship"),
    path("people/<int:pk>/end/", parts.part_view("end_person"), name="end_person"),
    path("seats/<int:pk>/end/", parts.part_view("unseat"), name="unseat"),
    path(
        "invitations/<int:pk>/withdraw/", parts.part_view("withdraw_invitation"), name="withdraw_invitation"
    ),
    path("contacts/<int:pk>/done/", parts.part_view("finish_contact"), name="finish_contact"),
    path("contacts/<int:pk>/cancel/", parts.part_view("cancel_contact"), name="cancel_contact"),
    path("merges/<int:pk>/split/", parts.part_view("split"), name="split"),
]

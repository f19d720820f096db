from django.urls import URLPattern, path

from kpis.views import agreements, amendments, board, connecting, goals, imports, jobs, kpis, links, sources

app_name = "kpis"
board_and_agreements = [
    path("projects/<int:pk>/board/", board.show_board, name="board"),
    path("projects/<int:pk>/kpis/new/", kpis.draft, name="kpi_new"),
    path("goals/<int:pk>/kpis/", goals.goal_kpis, name="goal_kpis"),
    path("kpis/<int:pk>/", kpis.show_kpi, name="kpi"),
    path("kpis/<int:pk>/edit/", kpis.edit, name="kpi_edit"),
    path("kpis/<int:pk>/new-terms/", kpis.write_new_terms, name="kpi_new_terms"),
    path("kpis/<int:pk>/baseline/", kpis.take_baseline, name="kpi_baseline"),
    path("kpis/<int:pk>/removal/", kpis.drop, name="kpi_removal"),
    path("amendments/<int:pk>/", amendments.show_amendment, name="amendment"),
    path("amendments/<int:pk>/settlement/", amendments.keep, name="amendment_settlement"),
    path("projects/<int:pk>/agreements/", agreements.list_agreements, name="agreements"),
    path("agreements/<int:pk>/", agreements.show_agreement, name="agreement"),
    path("agreements/<int:pk>/print/", agreements.print_agreement, name="agreement_print"),
    path("agreements/<int:pk>/signature/", agreements.sign, name="agreement_signature"),
    path("agreements/<int:pk>/pdf/", agreements.agreement_pdf, name="agreement_pdf"),
    path("agreements/<int:pk>/code/", agreements.ask_for_code, name="agreement_code"),
    path("agreements/<int:pk>/withdrawal/", agreements.withdraw, name="agreement_withdrawal"),
]
sources_and_imports = [
    path("projects/<int:pk>/sources/", sources.list_sources, name="sources"),
    path("projects/<int:pk>/sources/new/", sources.choose_platform, name="source_new"),
    path("projects/<int:pk>/sources/new/<slug:platform>/", sources.give_access, name="source_access_new"),
    path("projects/<int:pk>/sources/accounts/<int:login_pk>/", sources.choose_account, name="source_accounts"),
    path("projects/<int:pk>/sources/import/", imports.bring_file, name="import"),
    path("imports/<int:pk>/", imports.preview_import, name="import_preview"),
    path("sources/<int:pk>/", sources.show_source, name="source"),
    path("sources/<int:pk>/access/", sources.replace_access, name="source_access"),
    path("sources/<int:pk>/pulls/", sources.ask_for_pull, name="source_pulls"),
    path("sources/<int:pk>/pause/", sources.pause, name="source_pause"),
    path("sources/<int:pk>/resumption/", sources.resume, name="source_resumption"),
    path("organisations/<int:pk>/pulls/", jobs.show_jobs, name="jobs"),
]
connection_links = [
    path("projects/<int:pk>/sources/links/", links.connection_links, name="connection_links"),
    path(
        "projects/<int:pk>/sources/links/<int:link>/revocation/",
        links.connection_revocation,
        name="connection_revocation",
    ),
    path("connection/<str:secret>/", connecting.connection, name="connection"),
    path("connection/<str:secret>/beginning/", connecting.connection_beginning, name="connection_beginning"),
    path("connection/<str:secret>/end/", connecting.connection_end, name="connection_end"),
    path("connection/<str:secret>/platforms/<slug:platform>/", connecting.connection_access, name="connection_access"),
    path("connection/<str:secret>/accounts/<int:login>/", connecting.connection_accounts, name="connection_accounts"),
]
urlpatterns: list[URLPattern] = [*board_and_agreements, *sources_and_imports, *connection_links]

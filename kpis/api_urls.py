from django.urls import URLPattern, path

from kpis.api import agreements, amendments, board, goals, jobs, kpis, links, sources

board_and_agreements = [
    path("kpis/", kpis.KpiListView.as_view(), name="kpis"),
    path("kpis/<int:pk>/", kpis.KpiView.as_view(), name="kpi"),
    path("kpis/<int:pk>/series/", kpis.KpiSeriesView.as_view(), name="kpi_series"),
    path("kpis/<int:pk>/forecast/", kpis.KpiForecastView.as_view(), name="kpi_forecast"),
    path("goals/<int:pk>/kpis/", goals.GoalKpisView.as_view(), name="goal_kpis"),
    path("projects/<int:pk>/board/", board.BoardView.as_view(), name="board"),
    path("amendments/", amendments.AmendmentListView.as_view(), name="amendments"),
    path("amendments/<int:pk>/", amendments.AmendmentView.as_view(), name="amendment"),
    path("amendments/<int:pk>/settlement/", amendments.AmendmentSettlementView.as_view(), name="amendment_settlement"),
    path("agreements/", agreements.AgreementListView.as_view(), name="agreements"),
    path("projects/<int:pk>/agreements/", agreements.ProjectAgreementsView.as_view(), name="project_agreements"),
    path("agreements/<int:pk>/", agreements.AgreementView.as_view(), name="agreement"),
    path("agreements/<int:pk>/signature/", agreements.AgreementSignatureView.as_view(), name="agreement_signature"),
    path("agreements/<int:pk>/pdf/", agreements.AgreementPdfView.as_view(), name="agreement_pdf"),
    path("agreements/<int:pk>/changes/", agreements.AgreementChangesView.as_view(), name="agreement_changes"),
    path("agreements/<int:pk>/code/", agreements.AgreementCodeView.as_view(), name="agreement_code"),
    path("agreements/<int:pk>/withdrawal/", agreements.AgreementWithdrawalView.as_view(), name="agreement_withdrawal"),
]
sources_and_imports = [
    path("platforms/", sources.PlatformsView.as_view(), name="platforms"),
    path("sources/", sources.SourceListView.as_view(), name="sources"),
    path("sources/<int:pk>/", sources.SourceView.as_view(), name="source"),
    path("sources/<int:pk>/pulls/", sources.SourcePullsView.as_view(), name="source_pulls"),
    path("sources/<int:pk>/pause/", sources.SourcePauseView.as_view(), name="source_pause"),
    path("sources/<int:pk>/access/", sources.SourceAccessView.as_view(), name="source_access"),
    path("organisations/<int:pk>/pulls/", jobs.JobsView.as_view(), name="jobs"),
    path("projects/<int:pk>/accounts/", sources.AccountsView.as_view(), name="accounts"),
    path("projects/<int:pk>/imports/", sources.ImportsView.as_view(), name="imports"),
    path("projects/<int:pk>/connection-links/", links.ConnectionLinkList.as_view(), name="connection_links"),
    path(
        "projects/<int:pk>/connection-links/<int:link>/",
        links.ConnectionLinkDetail.as_view(),
        name="connection_link",
    ),
    path("kpis/<int:pk>/points/", sources.KpiPointsView.as_view(), name="kpi_points"),
]
urlpatterns: list[URLPattern] = [*board_and_agreements, *sources_and_imports]

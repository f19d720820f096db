from django.urls import URLPattern, path

from kpis.api import agreements, board, kpis

board_and_agreements = [
    path("kpis/", kpis.KpiListView.as_view(), name="kpis"),
    path("kpis/<int:pk>/", kpis.KpiView.as_view(), name="kpi"),
    path("kpis/<int:pk>/series/", kpis.KpiSeriesView.as_view(), name="kpi_series"),
    path("kpis/<int:pk>/forecast/", kpis.KpiForecastView.as_view(), name="kpi_forecast"),
    path("projects/<int:pk>/board/", board.BoardView.as_view(), name="board"),
    path("agreements/", agreements.AgreementListView.as_view(), name="agreements"),
    path("projects/<int:pk>/agreements/", agreements.ProjectAgreementsView.as_view(), name="project_agreements"),
    path("agreements/<int:pk>/", agreements.AgreementView.as_view(), name="agreement"),
    path("agreements/<int:pk>/signature/", agreements.AgreementSignatureView.as_view(), name="agreement_signature"),
    path("agreements/<int:pk>/withdrawal/", agreements.AgreementWithdrawalView.as_view(), name="agreement_withdrawal"),
]
urlpatterns: list[URLPattern] = [*board_and_agreements]

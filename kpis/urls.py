from django.urls import URLPattern, path

from kpis.views import agreements, board, kpis

app_name = "kpis"
board_and_agreements = [
    path("projects/<int:pk>/board/", board.show_board, name="board"),
    path("projects/<int:pk>/kpis/new/", kpis.draft, name="kpi_new"),
    path("kpis/<int:pk>/", kpis.show_kpi, name="kpi"),
    path("kpis/<int:pk>/edit/", kpis.edit, name="kpi_edit"),
    path("kpis/<int:pk>/new-terms/", kpis.write_new_terms, name="kpi_new_terms"),
    path("kpis/<int:pk>/baseline/", kpis.take_baseline, name="kpi_baseline"),
    path("kpis/<int:pk>/removal/", kpis.drop, name="kpi_removal"),
    path("projects/<int:pk>/agreements/", agreements.list_agreements, name="agreements"),
    path("agreements/<int:pk>/", agreements.show_agreement, name="agreement"),
    path("agreements/<int:pk>/print/", agreements.print_agreement, name="agreement_print"),
    path("agreements/<int:pk>/signature/", agreements.sign, name="agreement_signature"),
    path("agreements/<int:pk>/withdrawal/", agreements.withdraw, name="agreement_withdrawal"),
]
urlpatterns: list[URLPattern] = [*board_and_agreements]

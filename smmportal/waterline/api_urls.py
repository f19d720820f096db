from django.urls import path

from smmportal.waterline import api

urlpatterns = [
    path("projects/<int:pk>/waterline/", api.WaterlineView.as_view(), name="waterline"),
    path("projects/<int:pk>/waterline/history/", api.HistoryView.as_view(), name="waterline_history"),
    path("organisations/<int:pk>/waterline/", api.WeightsView.as_view(), name="waterline_weights"),
]

from django.urls import path

from smmportal.notifications import api

urlpatterns = [
    path("notifications/", api.NotificationsView.as_view(), name="notifications"),
    path("notifications/readings/", api.ReadingsView.as_view(), name="readings"),
    path("notifications/<int:pk>/reading/", api.ReadingView.as_view(), name="reading"),
    path("preferences/hours/", api.HoursView.as_view(), name="hours"),
    path("preferences/", api.PreferencesView.as_view(), name="preferences"),
]

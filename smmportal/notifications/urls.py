from django.urls import path

from smmportal.notifications import views

app_name = "notifications"
urlpatterns = [
    path("", views.notifications, name="list"),
    path("settings/", views.settings, name="settings"),
    path("hours/", views.hours, name="hours"),
    path("reading/", views.read_all, name="read_all"),
    path("<int:pk>/reading/", views.read, name="read"),
]

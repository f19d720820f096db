from django.urls import path

from smmportal.waterline import views

app_name = "waterline"
urlpatterns = [
    path("projects/<int:pk>/waterline/", views.waterline, name="project"),
    path("organisations/<int:pk>/waterline/", views.weights, name="weights"),
]

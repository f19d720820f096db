from django.urls import path

from smmportal.people import views

app_name = "people"
urlpatterns = [
    path("organisations/", views.organisations, name="organisations"),
    path("organisations/<int:pk>/", views.organisation, name="organisation"),
    path("organisations/<int:pk>/invitations/", views.invite, name="invite"),
    path("organisations/<int:pk>/clients/", views.add_client, name="add_client"),
    path("memberships/<int:pk>/role/", views.change_role, name="role"),
    path("memberships/<int:pk>/departure/", views.let_go, name="departure"),
    path("invitations/<int:pk>/revocation/", views.revoke_invitation, name="revocation"),
    path("invitation/<str:secret>/", views.invitation, name="invitation"),
    path("settings/", views.settings, name="settings"),
    path("settings/tokens/", views.tokens, name="tokens"),
    path("settings/tokens/<int:pk>/revocation/", views.revoke_token, name="token_revocation"),
]

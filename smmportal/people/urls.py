from django.urls import path

from smmportal.people import look_pages, views

app_name = "people"
urlpatterns = [
    path("organisations/", views.organisations, name="organisations"),
    path("organisations/<int:pk>/", views.organisation, name="organisation"),
    path("organisations/<int:pk>/invitations/", views.invite, name="invite"),
    path("organisations/<int:pk>/clients/", views.add_client, name="add_client"),
    path("organisations/<int:pk>/look/", look_pages.look, name="look"),
    path("organisations/<int:pk>/logo/", look_pages.logo, name="logo"),
    path("organisations/<int:pk>/logo/removal/", look_pages.logo_removal, name="logo_removal"),
    path("look/<slug:colour>.css", look_pages.sheet, name="look_sheet"),
    path("memberships/<int:pk>/role/", views.change_role, name="role"),
    path("memberships/<int:pk>/departure/", views.let_go, name="departure"),
    path("invitations/<int:pk>/revocation/", views.revoke_invitation, name="revocation"),
    path("invitation/<str:secret>/", views.invitation, name="invitation"),
    path("settings/", views.settings, name="settings"),
    path("settings/tokens/", views.tokens, name="tokens"),
    path("settings/tokens/<int:pk>/revocation/", views.revoke_token, name="token_revocation"),
]

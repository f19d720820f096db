from django.urls import path

from smmportal.people import api, look_api

urlpatterns = [
    path("me/", api.MeView.as_view(), name="me"),
    path("organisations/", api.OrganisationsView.as_view(), name="organisations"),
    path("organisations/<int:pk>/", api.OrganisationView.as_view(), name="organisation"),
    path("organisations/<int:pk>/clients/", api.ClientsView.as_view(), name="clients"),
    path("organisations/<int:pk>/look/", look_api.LookView.as_view(), name="look"),
    path("organisations/<int:pk>/logo/", look_api.LogoView.as_view(), name="logo"),
    path("memberships/", api.MembershipsView.as_view(), name="memberships"),
    path("memberships/<int:pk>/", api.MembershipView.as_view(), name="membership"),
    path("invitations/", api.InvitationsView.as_view(), name="invitations"),
    path("invitations/<int:pk>/", api.InvitationView.as_view(), name="invitation"),
    path("tokens/", api.TokensView.as_view(), name="tokens"),
    path("tokens/<int:pk>/", api.TokenView.as_view(), name="token"),
]

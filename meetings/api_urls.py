from django.urls import path

from meetings import api, rhythm_api

urlpatterns = [
    path("projects/<int:pk>/slots/", api.SlotsView.as_view(), name="slots"),
    path("projects/<int:pk>/meetings/", api.ProjectMeetingsView.as_view(), name="project_meetings"),
    path("projects/<int:pk>/rhythm/", rhythm_api.RhythmView.as_view(), name="rhythm"),
    path("projects/<int:pk>/meetings/topics/", rhythm_api.TopicsView.as_view(), name="meeting_topics"),
    path("meetings/", api.MeetingsView.as_view(), name="meetings"),
    path("meetings/<int:pk>/", api.MeetingView.as_view(), name="meeting"),
    path("meetings/<int:pk>/cancellation/", api.CancellationView.as_view(), name="meeting_cancellation"),
    path("meetings/<int:pk>/agenda/", api.AgendaView.as_view(), name="meeting_agenda"),
    path("meetings/<int:pk>/minutes/", api.MinutesView.as_view(), name="meeting_minutes"),
    path("meetings/<int:pk>/publication/", api.PublicationView.as_view(), name="meeting_publication"),
    path("meetings/<int:pk>/decisions/", api.MeetingDecisionsView.as_view(), name="meeting_decisions"),
    path("meetings/<int:pk>/actions/", api.ActionItemsView.as_view(), name="meeting_actions"),
    path("agenda/<int:pk>/", api.AgendaItemView.as_view(), name="agenda_item"),
    path("decisions/", api.DecisionsView.as_view(), name="decisions"),
    path("decisions/<int:pk>/", api.DecisionView.as_view(), name="decision"),
]

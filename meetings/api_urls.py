from django.urls import path

from meetings import api, availability_api, calendar_api, minutes_api, rhythm_api

urlpatterns = [
    path("projects/<int:pk>/slots/", api.SlotsView.as_view(), name="slots"),
    path("projects/<int:pk>/meetings/", api.ProjectMeetingsView.as_view(), name="project_meetings"),
    path("projects/<int:pk>/rhythm/", rhythm_api.RhythmView.as_view(), name="rhythm"),
    path("projects/<int:pk>/meetings/topics/", rhythm_api.TopicsView.as_view(), name="meeting_topics"),
    path("meetings/", api.MeetingsView.as_view(), name="meetings"),
    path("meetings/<int:pk>/", api.MeetingView.as_view(), name="meeting"),
    path("meetings/<int:pk>/cancellation/", api.CancellationView.as_view(), name="meeting_cancellation"),
    path("meetings/<int:pk>/agenda/", api.AgendaView.as_view(), name="meeting_agenda"),
    path("meetings/<int:pk>/board/", api.MeetingBoardView.as_view(), name="meeting_board"),
    path("meetings/<int:pk>/minutes/", api.MinutesView.as_view(), name="meeting_minutes"),
    path("meetings/<int:pk>/minutes/answers/", minutes_api.AnswersView.as_view(), name="minutes_answers"),
    path(
        "meetings/<int:pk>/minutes/confirmation/", minutes_api.ConfirmationView.as_view(), name="minutes_confirmation"
    ),
    path("meetings/<int:pk>/minutes/objections/", minutes_api.ObjectionsView.as_view(), name="minutes_objections"),
    path("meetings/<int:pk>/minutes/corrections/", minutes_api.CorrectionsView.as_view(), name="minutes_corrections"),
    path("meetings/<int:pk>/minutes/pdf/", minutes_api.MinutesPdfView.as_view(), name="minutes_pdf"),
    path("meetings/<int:pk>/minutes/markdown/", minutes_api.MinutesMarkdownView.as_view(), name="minutes_markdown"),
    path("objections/<int:pk>/answer/", minutes_api.ObjectionAnswerView.as_view(), name="objection_answer"),
    path("agenda/<int:pk>/outcome/", minutes_api.OutcomeView.as_view(), name="agenda_outcome"),
    path("agenda/<int:pk>/return/", minutes_api.ReturnView.as_view(), name="agenda_return"),
    path("agenda/<int:pk>/dropping/", minutes_api.DroppingView.as_view(), name="agenda_dropping"),
    path("projects/<int:pk>/meetings/parked/", minutes_api.ParkingView.as_view(), name="meetings_parked"),
    path("projects/<int:pk>/meetings/history/", minutes_api.HistoryView.as_view(), name="meetings_history"),
    path("meetings/<int:pk>/publication/", api.PublicationView.as_view(), name="meeting_publication"),
    path("meetings/<int:pk>/decisions/", api.MeetingDecisionsView.as_view(), name="meeting_decisions"),
    path("meetings/<int:pk>/actions/", api.ActionItemsView.as_view(), name="meeting_actions"),
    path("agenda/<int:pk>/", api.AgendaItemView.as_view(), name="agenda_item"),
    path("decisions/", api.DecisionsView.as_view(), name="decisions"),
    path("availability/", availability_api.AvailabilityView.as_view(), name="availability"),
    path("availability/days/", availability_api.OtherHoursView.as_view(), name="other_hours"),
    path("availability/days/<int:pk>/", availability_api.OtherHoursDetailView.as_view(), name="other_hours_day"),
    path("availability/calendars/", availability_api.SubscriptionsView.as_view(), name="calendar_subscriptions"),
    path("availability/calendars/<int:pk>/", availability_api.SubscriptionView.as_view(), name="calendar_subscription"),
    path("calendar-feeds/", calendar_api.CalendarFeedsView.as_view(), name="calendar_feeds"),
    path("calendar-feeds/<int:pk>/", calendar_api.CalendarFeedView.as_view(), name="calendar_feed"),
    path("decisions/<int:pk>/", api.DecisionView.as_view(), name="decision"),
]

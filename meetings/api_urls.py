from django.urls import path

from meetings import api, availability_api, calendar_api, rhythm_api, series_api

urlpatterns = [
    path("projects/<int:pk>/slots/", api.SlotsView.as_view(), name="slots"),
    path("projects/<int:pk>/meetings/", api.ProjectMeetingsView.as_view(), name="project_meetings"),
    path("projects/<int:pk>/rhythm/", rhythm_api.RhythmView.as_view(), name="rhythm"),
    path("projects/<int:pk>/series/", series_api.ProjectSeriesView.as_view(), name="project_series"),
    path("series/<int:pk>/", series_api.SeriesView.as_view(), name="series"),
    path("series/<int:pk>/end/", series_api.SeriesEndView.as_view(), name="series_end"),
    path("series/<int:pk>/exceptions/", series_api.SeriesExceptionsView.as_view(), name="series_exceptions"),
    path("series/days/<int:pk>/", series_api.OpenDayView.as_view(), name="series_day"),
    path("projects/<int:pk>/meetings/topics/", rhythm_api.TopicsView.as_view(), name="meeting_topics"),
    path("meetings/", api.MeetingsView.as_view(), name="meetings"),
    path("meetings/<int:pk>/", api.MeetingView.as_view(), name="meeting"),
    path("meetings/<int:pk>/cancellation/", api.CancellationView.as_view(), name="meeting_cancellation"),
    path("meetings/<int:pk>/agenda/", api.AgendaView.as_view(), name="meeting_agenda"),
    path("meetings/<int:pk>/board/", api.MeetingBoardView.as_view(), name="meeting_board"),
    path("meetings/<int:pk>/minutes/", api.MinutesView.as_view(), name="meeting_minutes"),
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

from django.urls import path

from meetings import availability_pages, calendar_pages, rhythm_pages, series_pages, views

app_name = "meetings"
urlpatterns = [
    path("projects/<int:pk>/meetings/", views.list_meetings, name="list"),
    path("projects/<int:pk>/meetings/new/", views.book, name="book"),
    path("projects/<int:pk>/meetings/log/", views.log_call, name="log"),
    path("projects/<int:pk>/meetings/rhythm/", rhythm_pages.rhythm, name="rhythm"),
    path("projects/<int:pk>/meetings/rhythm/removal/", rhythm_pages.removal, name="rhythm_removal"),
    path("projects/<int:pk>/meetings/series/new/", series_pages.begin, name="series_new"),
    path("projects/<int:pk>/meetings/series/<int:series>/", series_pages.series, name="series"),
    path("projects/<int:pk>/meetings/series/<int:series>/change/", series_pages.change, name="series_change"),
    path("projects/<int:pk>/meetings/series/<int:series>/people/", series_pages.people, name="series_people"),
    path("projects/<int:pk>/meetings/series/<int:series>/end/", series_pages.end, name="series_end"),
    path("projects/<int:pk>/meetings/series/<int:series>/exceptions/", series_pages.exception, name="series_exception"),
    path("projects/<int:pk>/meetings/series/<int:series>/days/<int:day>/", series_pages.day, name="series_day"),
    path(
        "projects/<int:pk>/meetings/series/<int:series>/days/<int:day>/removal/",
        series_pages.day_removal,
        name="series_day_removal",
    ),
    path("projects/<int:pk>/meetings/topics/", rhythm_pages.topic, name="topic"),
    path("projects/<int:pk>/decisions/", views.list_decisions, name="decisions"),
    path("meetings/<int:pk>/", views.meeting, name="meeting"),
    path("meetings/<int:pk>/meeting.ics", calendar_pages.file, name="meeting_file"),
    path("meetings/<int:pk>/details/", views.details, name="details"),
    path("meetings/<int:pk>/time/", views.move, name="move"),
    path("meetings/<int:pk>/cancellation/", views.cancel, name="cancel"),
    path("meetings/<int:pk>/agenda/", views.agenda, name="agenda"),
    path("meetings/<int:pk>/minutes/", views.minutes, name="minutes"),
    path("meetings/<int:pk>/decisions/", views.decisions, name="meeting_decisions"),
    path("meetings/<int:pk>/actions/", views.action_items, name="actions"),
    path("meetings/<int:pk>/publication/", views.publish, name="publish"),
    path("agenda/<int:pk>/position/", views.agenda_position, name="agenda_position"),
    path("agenda/<int:pk>/removal/", views.agenda_removal, name="agenda_removal"),
    path("decisions/<int:pk>/removal/", views.decision_removal, name="decision_removal"),
    path("calendar/<str:secret>.ics", calendar_pages.feed, name="calendar_feed"),
    path("settings/availability/", availability_pages.availability, name="availability"),
    path("settings/availability/removal/", availability_pages.forget, name="availability_removal"),
    path("settings/availability/days/", availability_pages.other_day, name="other_day"),
    path(
        "settings/availability/days/<int:pk>/removal/", availability_pages.other_day_removal, name="other_day_removal"
    ),
    path("settings/availability/calendars/", availability_pages.subscription_new, name="subscription_new"),
    path(
        "settings/availability/calendars/<int:pk>/removal/",
        availability_pages.subscription_removal,
        name="subscription_removal",
    ),
    path("settings/calendar/", calendar_pages.addresses, name="calendar"),
    path("settings/calendar/address/", calendar_pages.make_address, name="feed_new"),
    path("projects/<int:pk>/meetings/address/", calendar_pages.make_project_address, name="project_feed_new"),
    path("settings/calendar/addresses/<int:pk>/revocation/", calendar_pages.revoke_address, name="feed_revocation"),
]

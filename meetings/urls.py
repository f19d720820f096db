from django.urls import path

from meetings import answer_pages, availability_pages, calendar_pages, rhythm_pages, views
from meetings import availability_pages, calendar_pages, minutes_pages, rhythm_pages, views

app_name = "meetings"
urlpatterns = [
    path("projects/<int:pk>/meetings/", views.list_meetings, name="list"),
    path("projects/<int:pk>/meetings/new/", views.book, name="book"),
    path("projects/<int:pk>/meetings/log/", views.log_call, name="log"),
    path("projects/<int:pk>/meetings/rhythm/", rhythm_pages.rhythm, name="rhythm"),
    path("projects/<int:pk>/meetings/rhythm/removal/", rhythm_pages.removal, name="rhythm_removal"),
    path("projects/<int:pk>/meetings/topics/", rhythm_pages.topic, name="topic"),
    path("projects/<int:pk>/meetings/parked/", minutes_pages.parking, name="parking"),
    path("projects/<int:pk>/meetings/history/", minutes_pages.history, name="history"),
    path("projects/<int:pk>/decisions/", views.list_decisions, name="decisions"),
    path("meetings/<int:pk>/", views.meeting, name="meeting"),
    path("meetings/<int:pk>/meeting.ics", calendar_pages.file, name="meeting_file"),
    path("meetings/<int:pk>/answer/", answer_pages.answer, name="answer"),
    path("answer/<str:secret>/", answer_pages.answer_link, name="answer_link"),
    path("meetings/<int:pk>/details/", views.details, name="details"),
    path("meetings/<int:pk>/time/", views.move, name="move"),
    path("meetings/<int:pk>/cancellation/", views.cancel, name="cancel"),
    path("meetings/<int:pk>/agenda/", views.agenda, name="agenda"),
    path("meetings/<int:pk>/minutes/", views.minutes, name="minutes"),
    path("meetings/<int:pk>/minutes/confirmation/", minutes_pages.confirmation, name="confirmation"),
    path("meetings/<int:pk>/minutes/objections/", minutes_pages.objection, name="objection"),
    path("meetings/<int:pk>/minutes/corrections/", minutes_pages.correction, name="correction"),
    path("meetings/<int:pk>/minutes.pdf", minutes_pages.pdf, name="minutes_pdf"),
    path("meetings/<int:pk>/minutes.md", minutes_pages.markdown, name="minutes_markdown"),
    path("objections/<int:pk>/answer/", minutes_pages.answer, name="objection_answer"),
    path("minutes/<str:secret>/", minutes_pages.minutes_by_link, name="minutes_by_link"),
    path("minutes/<str:secret>/objection/", minutes_pages.objection_by_link, name="objection_by_link"),
    path("meetings/<int:pk>/decisions/", views.decisions, name="meeting_decisions"),
    path("meetings/<int:pk>/actions/", views.action_items, name="actions"),
    path("meetings/<int:pk>/publication/", views.publish, name="publish"),
    path("agenda/<int:pk>/position/", views.agenda_position, name="agenda_position"),
    path("agenda/<int:pk>/outcome/", minutes_pages.outcome, name="agenda_outcome"),
    path("agenda/<int:pk>/return/", minutes_pages.returning, name="agenda_return"),
    path("agenda/<int:pk>/dropping/", minutes_pages.dropping, name="agenda_dropping"),
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
    path("settings/availability/accounts/", availability_pages.account_new, name="account_new"),
    path("settings/availability/accounts/<int:pk>/", availability_pages.account, name="account"),
    path(
        "settings/availability/accounts/<int:pk>/removal/", availability_pages.account_removal, name="account_removal"
    ),
    path("settings/calendar/", calendar_pages.addresses, name="calendar"),
    path("settings/calendar/reminders/", calendar_pages.choose_reminders, name="reminder_times"),
    path("projects/<int:pk>/meetings/link/", views.call_link, name="call_link"),
    path("settings/calendar/address/", calendar_pages.make_address, name="feed_new"),
    path("projects/<int:pk>/meetings/address/", calendar_pages.make_project_address, name="project_feed_new"),
    path("settings/calendar/addresses/<int:pk>/revocation/", calendar_pages.revoke_address, name="feed_revocation"),
]

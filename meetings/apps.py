from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "meetings"

    def ready(self) -> None:
        from kpis.queries.notes import register
        from meetings.notes import meeting_notes

        register("meetings", meeting_notes)

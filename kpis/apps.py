from django.apps import AppConfig


class KpisConfig(AppConfig):
    name = "kpis"

    def ready(self) -> None:
        from kpis.measuring import FromSources
        from projects.measures import register

        register(FromSources())

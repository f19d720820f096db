from django.apps import AppConfig


class KpisConfig(AppConfig):
    name = "kpis"

    def ready(self) -> None:
        from kpis.measuring import FromSources
        from kpis.queries.notes import register_own
        from projects.measures import register

        register(FromSources())
        register_own()

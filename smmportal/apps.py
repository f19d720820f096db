from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PortalConfig(AppConfig):
    name = "smmportal"
    label = "smmportal"

    def ready(self) -> None:
        import smmportal.lookups  # noqa: F401 - registers itself

        autodiscover_modules("events")

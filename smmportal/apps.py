from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PortalConfig(AppConfig):
    name = "smmportal"
    label = "smmportal"

    def ready(self) -> None:
        autodiscover_modules("events")

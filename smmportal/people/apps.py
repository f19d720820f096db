from django.apps import AppConfig

from smmportal.encryption import REWRITERS


class PeopleConfig(AppConfig):
    name = "smmportal.people"
    label = "people"

    def ready(self) -> None:
        from smmportal.people.adapter import rewrite_second_factors

        REWRITERS["second factors"] = rewrite_second_factors

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "smmportal.people"
    label = "people"

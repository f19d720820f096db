from django.apps import AppConfig


class WaterlineConfig(AppConfig):
    name = "smmportal.waterline"
    label = "waterline"

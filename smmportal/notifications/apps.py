from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "smmportal.notifications"
    label = "notifications"

"""The administration looks on: meetings change through their verbs, so that people are told and the trail is kept."""

from django.contrib import admin

from meetings.models import Decision, Meeting


class LooksOn(admin.ModelAdmin):
    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


@admin.register(Meeting)
class MeetingAdmin(LooksOn):
    list_display = ("title", "project", "starts_at", "booked_by", "cancelled_at")
    list_select_related = ("project", "booked_by")
    search_fields = ("title", "project__name")


@admin.register(Decision)
class DecisionAdmin(LooksOn):
    list_display = ("text", "meeting", "by", "at")
    list_select_related = ("meeting", "by")
    search_fields = ("text", "meeting__title")

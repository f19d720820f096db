from django.contrib import admin

from projects.models import Project


@admin.register(Project)
class ProjectAdmin(admin.ModelAdmin):
    """For looking things up; what changes a project goes through its own pages."""

    list_display = ["name", "client", "agency", "activated_at", "closed_at"]
    list_filter = ["agency"]
    search_fields = ["name", "client__name"]
    list_select_related = ["client", "agency"]

    def has_add_permission(self, _request) -> bool:
        return False

    def has_change_permission(self, _request, _row=None) -> bool:
        return False

    def has_delete_permission(self, _request, _row=None) -> bool:
        return False

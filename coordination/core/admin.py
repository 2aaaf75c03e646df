"""The group's settings in the admin."""

from django.contrib import admin
from simple_history.admin import SimpleHistoryAdmin

from coordination.core.models import Group, SourceDisagreement


@admin.register(Group)
class GroupAdmin(SimpleHistoryAdmin):
    """One row: the group's name, zone and numbers."""

    list_display = ("name", "acronym", "time_zone", "term_months", "focal_points_min", "focal_points_max")


@admin.register(SourceDisagreement)
class SourceDisagreementAdmin(admin.ModelAdmin[SourceDisagreement]):
    """Where sources disagree."""

    list_display = ("about", "topic")
    list_filter = ("topic",)
    search_fields = ("about",)

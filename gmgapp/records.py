"""Django's admin as the records of the group."""

from django.contrib.admin.apps import AdminConfig


class RecordsConfig(AdminConfig):
    """The admin with the front page of record keepers."""

    default_site = "coordination.desk.admin.RecordsSite"

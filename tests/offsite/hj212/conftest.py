"""Days apart are what the store of a city has: its tests belong to the run on PostgreSQL."""

from django.conf import settings

IS_CITY = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
collect_ignore = [] if IS_CITY else ["test_partitions.py"]

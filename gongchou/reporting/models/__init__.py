"""The quarter in numbers, and what oversight keeps."""

from gongchou.reporting.models.leaks import LeakTest
from gongchou.reporting.models.oversight import (
    Alarm,
    AssessmentAppeal,
    AssessmentSheet,
    MendingTask,
    Recheck,
    RecheckDraw,
)
from gongchou.reporting.models.tables import (
    DistrictTable,
    Fact,
    FactSet,
    Package,
    PackageFile,
    Receipt,
    Sending,
    StatisticsTable,
    SummaryVersion,
    TableTemplate,
)

__all__ = [
    "Alarm",
    "AssessmentAppeal",
    "AssessmentSheet",
    "DistrictTable",
    "Fact",
    "FactSet",
    "LeakTest",
    "MendingTask",
    "Package",
    "PackageFile",
    "Receipt",
    "Recheck",
    "RecheckDraw",
    "Sending",
    "StatisticsTable",
    "SummaryVersion",
    "TableTemplate",
]

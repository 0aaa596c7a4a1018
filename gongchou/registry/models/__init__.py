"""What the registers hold; nothing that was decided is ever overwritten or deleted."""

from gongchou.registry.models.areas import AreaOutline
from gongchou.registry.models.assistants import Assistant, Commission, CommissionedBody
from gongchou.registry.models.changes import ColumnMapping, ImportBatch, RefCounter, RegisterChange
from gongchou.registry.models.facts import (
    Complaint,
    CreditRecord,
    GradeRecord,
    Known,
    PastVisit,
    Penalty,
    PositiveListEntry,
    SubjectFact,
    SupervisedCase,
)
from gongchou.registry.models.items import InspectionItem, ItemGroup, ItemList
from gongchou.registry.models.memory import FrozenSnapshot
from gongchou.registry.models.people import Inspector, InspectorVersion
from gongchou.registry.models.policies import AdoptedPolicy, RecordedRuling
from gongchou.registry.models.proposals import ManualDesignation, RecusalDeclaration
from gongchou.registry.models.subjects import (
    OccurringValue,
    Subject,
    SubjectMerger,
    SubjectVersion,
)

__all__ = [
    "AdoptedPolicy",
    "AreaOutline",
    "Assistant",
    "ColumnMapping",
    "Commission",
    "CommissionedBody",
    "Complaint",
    "CreditRecord",
    "FrozenSnapshot",
    "GradeRecord",
    "ImportBatch",
    "InspectionItem",
    "Inspector",
    "InspectorVersion",
    "ItemGroup",
    "ItemList",
    "Known",
    "ManualDesignation",
    "OccurringValue",
    "PastVisit",
    "Penalty",
    "PositiveListEntry",
    "RecordedRuling",
    "RecusalDeclaration",
    "RefCounter",
    "RegisterChange",
    "Subject",
    "SubjectFact",
    "SubjectMerger",
    "SubjectVersion",
    "SupervisedCase",
]

"""Which tags of a subject hold one word of the glossary, and which several."""

from gongchou.core import terms

WORDS = {
    "construction_stage": terms.ConstructionStage,
    "scale": terms.Scale,
    "production_cycle": terms.ProductionCycle,
    "permit_category": terms.PermitCategory,
    "performance_grade": terms.PerformanceGrade,
    "risk_level": terms.RiskLevel,
    "operating_status": terms.OperatingStatus,
}
# Written freely, but few in a register: a filter offers those that occur.
TEXTS = ("grid", "industry_code", "region_code")
MANY = {
    "pollutant_types": terms.PollutantType,
    "monitoring_types": terms.MonitoringType,
    "key_unit_types": terms.KeyUnitType,
}

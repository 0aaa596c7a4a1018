"""What later rooms have to show, or to object, on the pages of earlier ones, in that order."""

SITE_PANELS = (
    "gongchou.offsite.panels.checks_of_site",
    "gongchou.offsite.panels.clues_of_site",
    "gongchou.offsite.panels.remote_of_site",
)

# Acts that may come too late, and who says so: on a place of a drawn list, or on a record.
OBJECTIONS = {
    "reseat": ("gongchou.inspection.objections.to_reseat",),
    "substitute": ("gongchou.inspection.objections.to_substitute",),
    "reopen_record": ("gongchou.publication.objections.to_reopen",),
    "reopen_in_time": ("gongchou.reporting.objections.to_reopen_in_time",),
}

"""What later rooms have to show, or to object, on the pages of earlier ones, in that order."""

SITE_PANELS = (
    "gongchou.offsite.panels.checks_of_site",
    "gongchou.offsite.panels.clues_of_site",
    "gongchou.offsite.panels.remote_of_site",
)

# Acts on a place of a drawn list, and who may say that they come too late.
LIST_OBJECTIONS = {
    "reseat": ("gongchou.inspection.objections.to_reseat",),
    "substitute": ("gongchou.inspection.objections.to_substitute",),
}

"""Which rooms have something to show on the page of a site, in the order of the page."""

SITE_PANELS = (
    "gongchou.offsite.panels.checks_of_site",
    "gongchou.inspection.panels.clues_of_site",
)

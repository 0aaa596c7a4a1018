from django.urls import path

from gongchou.reporting.views import forms, packages, summaries, tables

app_name = "reporting"
urlpatterns = [
    path("", tables.home, name="home"),
    path("count/", tables.count, name="count"),
    path("make/", tables.make, name="make"),
    path("rates/", tables.rates, name="rates"),
    path("cell/<str:key>/", tables.cell, name="cell"),
    path("table/<str:ref>/", tables.version, name="version"),
    path("<str:ref>.pdf", tables.paper, name="paper"),
    path("table/<str:ref>/xlsx/", tables.download, name="download"),
    path("table/<str:ref>/propose/", tables.propose, name="propose"),
    path("table/<str:ref>/cell/<str:key>/", tables.version_cell, name="version_cell"),
    path("table/<str:ref>/form/", forms.filled_form, name="filled_form"),
    path("table/<str:ref>/json/", forms.sealed, name="sealed"),
    path("template/", forms.template, name="template"),
    path("template/default/", forms.default_template, name="default_template"),
    path("template/current/", forms.current_template, name="current_template"),
    path("districts/", forms.districts, name="districts"),
    path("districts/receive/", forms.receive, name="receive_district"),
    path("compare/", forms.compare, name="compare"),
    path("summary/draft/", summaries.draft, name="draft_summary"),
    path("summary/<str:ref>/", summaries.summary, name="summary"),
    path("summary/<str:ref>/edit/", summaries.edit, name="edit_summary"),
    path("summary/<str:ref>/pick/", summaries.pick, name="pick_case"),
    path("summary/<str:ref>/drop/", summaries.drop, name="drop_case"),
    path("summary/<str:ref>/pdf/", summaries.pdf, name="summary_pdf"),
    path("summary/<str:ref>/word/", summaries.word, name="summary_word"),
    path("package/make/", packages.make, name="make_package"),
    path("package/<str:ref>/", packages.package, name="package"),
    path("package/<str:ref>/scan/", packages.scan, name="add_scan"),
    path("package/<str:ref>/send/", packages.send, name="send_package"),
    path("package/<str:ref>/receive/", packages.receive, name="receive_package"),
    path("package/<str:ref>/file/<int:number>/", packages.file, name="package_file"),
]

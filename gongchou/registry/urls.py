from django.urls import path, re_path

from gongchou.registry.views import decisions, imports, items, maps, people, recusals, registers

app_name = "registry"
urlpatterns = [
    path("", registers.subjects, name="subjects"),
    path("inspectors/", people.inspectors, name="inspectors"),
    path("inspectors/new/", people.add_inspector, name="add_inspector"),
    path("inspectors/<str:ref>/change/", people.change_inspector, name="change_inspector"),
    path("assistants/", people.assistants, name="assistants"),
    path("board/", decisions.board, name="board"),
    path("map/", maps.sites, name="map"),
    path("map/area/", maps.area, name="area"),
    path("changes/", decisions.changes, name="changes"),
    path("changes/<str:ref>/", decisions.change, name="register_change"),
    path("changes/<str:ref>/confirm/", decisions.confirm_change, name="confirm_change"),
    path("changes/<str:ref>/undo/", decisions.undo_change, name="undo_change"),
    path("designations/", decisions.designations, name="designations"),
    re_path(
        r"^designations/(?P<ref>[\w-]+)/(?P<act>approve|refuse|end)/$",
        decisions.decide_designation,
        name="decide_designation",
    ),
    path("recusals/", recusals.recusals, name="recusals"),
    path("recusals/new/", recusals.declare, name="declare_recusal"),
    re_path(
        r"^recusals/(?P<ref>[\w-]+)/(?P<act>confirm|refuse|end)/$",
        recusals.decide,
        name="decide_recusal",
    ),
    path("items/", items.items, name="items"),
    path("items/new/", items.write_item, name="new_item"),
    path("items/<str:ref>/", items.item_list, name="item_list"),
    path("items/<str:ref>/approve/", items.approve_items, name="approve_items"),
    path("items/<str:ref>/void/", items.void_items, name="void_items"),
    path("items/<str:ref>/<str:code>/", items.write_item, name="write_item"),
    path("items/<str:ref>/<str:code>/drop/", items.drop_item, name="drop_item"),
    re_path(
        r"^export/(?P<kind>subjects|inspectors|items)/$",
        registers.export_file,
        name="export_register",
    ),
    path("import/", imports.upload, name="upload"),
    path("import/mappings/", imports.mappings, name="mappings"),
    path("import/<str:ref>/", imports.batch, name="batch"),
    path("import/<str:ref>/commit/", imports.commit, name="commit"),
    path("subjects/new/", registers.add, name="add_subject"),
    path("subjects/<str:ref>/", registers.subject, name="subject"),
    path("subjects/<str:ref>/change/", registers.change, name="change"),
    path("subjects/<str:ref>/designate/", registers.designate, name="designate"),
    path("subjects/<str:ref>/part/<str:merged>/", registers.part, name="part"),
    path("subjects/<str:ref>/merge/", registers.merge, name="merge"),
]

from django.urls import path

from gongchou.drawing import log_views, views

app_name = "drawing"
urlpatterns = [
    path("", views.home, name="home"),
    path("freeze/", views.freeze, name="freeze"),
    path("keys/", views.keys, name="keys"),
    path("keys/enrol/", views.enrol, name="enrol"),
    path("keys/establish/", views.establish, name="establish"),
    path("log/", log_views.log, name="log"),
    path("log/sign/", log_views.sign, name="sign_log"),
    path("log/file.json", log_views.file, name="log_file"),
    path("witness/", log_views.witness, name="witness"),
    path("witness/cosign/", log_views.cosign, name="cosign"),
    path("openings/<str:ref>/agree/", views.agree, name="agree"),
    path("openings/<str:ref>/refuse/", views.refuse, name="refuse"),
    path("<str:ref>/", views.draw, name="draw"),
    path("<str:ref>/commit/", views.commit, name="commit"),
    path("<str:ref>/announce/", views.announce, name="announce"),
    path("<str:ref>/closing/", views.closing, name="closing"),
    path("<str:ref>/closing/confirm/", views.confirm_typed, name="confirm_typed"),
    path("<str:ref>/reveal/", views.reveal, name="reveal"),
    path("<str:ref>/escrow/", views.escrow, name="escrow"),
    path("<str:ref>/confirm/", views.confirm, name="confirm"),
    path("<str:ref>/void/", views.void, name="void"),
    path("<str:ref>/release/", views.release, name="release"),
    path("<str:ref>/publish/", views.publish, name="publish"),
    path("<str:ref>/papers/", views.listed_papers, name="papers"),
    path("<str:ref>/papers/<str:name>.pdf", views.paper, name="paper"),
    path("<str:ref>/record.json", views.record, name="record"),
    path("<str:ref>/released/", views.released, name="released"),
    path("<str:ref>/released/<int:number>/", views.visit, name="visit"),
    path("<str:ref>/released/<int:number>/substitute/", views.substitute, name="substitute"),
    path("<str:ref>/released/<int:number>/reseat/", views.reseat, name="reseat"),
]

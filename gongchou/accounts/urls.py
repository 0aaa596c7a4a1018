from django.urls import path

from gongchou.accounts import token_views, views

app_name = "accounts"
urlpatterns = [
    path("login/", views.sign_in, name="login"),
    path("logout/", views.sign_out, name="logout"),
    path("password/", views.password, name="password"),
    path("people/", views.people, name="people"),
    path("people/new/", views.new_person, name="new_person"),
    path("people/tokens/", token_views.tokens, name="tokens"),
    path("people/tokens/<str:ref>/revoke/", token_views.revoke, name="revoke_token"),
    path("people/<str:ref>/", views.person, name="person"),
    path("people/<str:ref>/role/", views.change_role, name="change_role"),
    path("people/<str:ref>/disable/", views.disable, name="disable"),
]

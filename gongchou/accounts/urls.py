from django.urls import path

from gongchou.accounts.views import factors, organisation, people, records, tokens

app_name = "accounts"
urlpatterns = [
    path("login/", people.sign_in, name="login"),
    path("logout/", people.sign_out, name="logout"),
    path("password/", people.password, name="password"),
    path("factor/", factors.factor, name="factor"),
    path("factor/bind/", factors.bind_factor, name="bind_factor"),
    path("factor/begin/", factors.begin_factor, name="begin_factor"),
    path("password/sign-ins/", factors.sign_ins, name="sign_ins"),
    path("password/sign-ins/<int:number>/end/", factors.end_sign_in, name="end_sign_in"),
    path("people/", people.people, name="people"),
    path("people/new/", people.new_person, name="new_person"),
    path("people/powers/", people.powers, name="powers"),
    path("people/superior/", people.superior, name="superior"),
    path("people/groups/", organisation.groups, name="groups"),
    path("people/groups/fill/", organisation.fill_seat, name="fill_seat"),
    path("people/groups/<int:number>/end/", organisation.end_seat, name="end_seat"),
    path("people/records/", records.rights, name="record_rights"),
    path("people/records/grant/", records.grant, name="grant_records"),
    path("people/records/<int:number>/end/", records.end, name="end_records"),
    path("people/small/", organisation.set_small, name="set_small"),
    path("people/small/end/", organisation.end_small, name="end_small"),
    path("people/tokens/", tokens.tokens, name="tokens"),
    path("people/tokens/<str:ref>/revoke/", tokens.revoke, name="revoke_token"),
    path("people/<str:ref>/", people.person, name="person"),
    path("people/<str:ref>/role/", people.change_role, name="change_role"),
    path("people/<str:ref>/password/", people.reset_password, name="reset_password"),
    path("people/<str:ref>/factor/", people.reset_factor, name="reset_factor"),
    path("people/<str:ref>/disable/", people.disable, name="disable"),
]

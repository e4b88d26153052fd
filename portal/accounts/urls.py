from django.urls import path

from portal.accounts.views import absence, members, people, record, signin, signup

app_name = "accounts"
urlpatterns = [
    path("login/", signin.login, name="login"),
    path("logout/", signin.logout, name="logout"),
    path("password/", signin.password_change, name="password_change"),
    path("sign-up/", signup.sign_up, name="sign_up"),
    path("members/", members.members, name="members"),
    path("members/<int:membership_id>/end/", members.end_member, name="end_member"),
    path("people/", people.people, name="people"),
    path("people/new/", people.new_person, name="new_person"),
    path("people/<int:user_id>/", people.person, name="person"),
    path("people/<int:user_id>/grant/", people.grant_role, name="grant_role"),
    path("people/<int:user_id>/close/", people.close_account, name="close_account"),
    path("people/<int:user_id>/open/", people.open_account, name="open_account"),
    path("people/<int:user_id>/password/", people.reset_password, name="reset_password"),
    path("roles/", people.roles, name="roles"),
    path("roles/<int:membership_id>/end/", people.end_role, name="end_role"),
    path("absence/", absence.absence, name="absence"),
    path("absence/<int:delegation_id>/end/", absence.end_absence, name="end_absence"),
    path("audit/", record.streams, name="audit"),
    path("audit/<path:name>/", record.stream, name="audit_stream"),
]

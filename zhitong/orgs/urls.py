"""Addresses of the configuration screens."""

from __future__ import annotations

from django.urls import path

from zhitong.orgs.views import calendar, general, lists, roster, staff

app_name = "orgs"

urlpatterns = [
    path("", general.index, name="index"),
    path("departments/", general.departments, name="departments"),
    path("departments/new/", general.new_department, name="new_department"),
    path("departments/<int:pk>/", general.department, name="department"),
    path("permissions/", general.permission_table, name="permissions"),
    path("audit/", general.audit_log, name="audit"),
    path("staff/", staff.staff, name="staff"),
    path("staff/new/", staff.new_staff, name="new_staff"),
    path("staff/<int:pk>/", staff.member, name="member"),
    path("staff/<int:pk>/post/", staff.add_post, name="add_post"),
    path("staff/<int:pk>/password/", staff.set_password, name="set_password"),
    path("staff/<int:pk>/second-factor/", staff.reset_second_factor, name="reset_second_factor"),
    path("staff/<int:pk>/leave/", staff.leave, name="leave"),
    path("staff/<int:pk>/delegate/", staff.delegate, name="delegate"),
    path("posts/<int:pk>/end/", staff.end_post, name="end_post"),
    path("delegations/<int:pk>/end/", staff.end_delegation, name="end_delegation"),
    path("views/", lists.save_view, name="save_view"),
    path("views/restore/", lists.restore_view, name="restore_view"),
    path("views/<int:pk>/delete/", lists.delete_view, name="delete_view"),
    path("roster/", roster.roster, name="roster"),
    path("roster/new/", roster.new_duty, name="new_duty"),
    path("roster/<int:pk>/remove/", roster.remove_duty, name="remove_duty"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/new/", calendar.new_day, name="new_day"),
    path("calendar/load/", calendar.load_year, name="load_year"),
    path("calendar/<int:pk>/remove/", calendar.remove_day, name="remove_day"),
]

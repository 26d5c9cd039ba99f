"""Addresses of the configuration screens."""

from __future__ import annotations

from django.urls import path

from zhitong.orgs import views, views_calendar, views_staff

app_name = "orgs"

urlpatterns = [
    path("", views.index, name="index"),
    path("departments/", views.departments, name="departments"),
    path("departments/new/", views.new_department, name="new_department"),
    path("departments/<int:pk>/", views.department, name="department"),
    path("permissions/", views.permission_table, name="permissions"),
    path("audit/", views.audit_log, name="audit"),
    path("staff/", views_staff.staff, name="staff"),
    path("staff/new/", views_staff.new_staff, name="new_staff"),
    path("staff/<int:pk>/", views_staff.member, name="member"),
    path("staff/<int:pk>/post/", views_staff.add_post, name="add_post"),
    path("staff/<int:pk>/leave/", views_staff.leave, name="leave"),
    path("staff/<int:pk>/delegate/", views_staff.delegate, name="delegate"),
    path("posts/<int:pk>/end/", views_staff.end_post, name="end_post"),
    path("delegations/<int:pk>/end/", views_staff.end_delegation, name="end_delegation"),
    path("calendar/", views_calendar.calendar, name="calendar"),
    path("calendar/new/", views_calendar.new_day, name="new_day"),
    path("calendar/load/", views_calendar.load_year, name="load_year"),
    path("calendar/<int:pk>/remove/", views_calendar.remove_day, name="remove_day"),
]

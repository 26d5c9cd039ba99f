"""Configuration screens: departments, staff, calendar, permissions, audit."""

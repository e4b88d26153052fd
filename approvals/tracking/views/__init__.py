"""Screens of a project with its stages: lists, registration, units, mandates, its end, and what the public sees."""

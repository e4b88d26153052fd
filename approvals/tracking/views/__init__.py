"""Screens of a project with its stages: lists, registration, mandates, and what the public sees."""

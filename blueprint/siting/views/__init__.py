"""Screens of a site: what it is, and how it is brought."""

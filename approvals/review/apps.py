"""The review slice as a Django app."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """Register the review slice."""

    name = "approvals.review"
    label = "review"

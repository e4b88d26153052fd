"""The certificates slice as a Django app."""

from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    """Register the certificates slice."""

    name = "approvals.certificates"
    label = "certificates"

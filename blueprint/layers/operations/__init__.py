"""Bring editions in and let them count."""

from blueprint.layers.operations.importing import (
    EditionExists,
    FeaturesRejected,
    Imported,
    LayerUnknown,
    import_edition,
)
from blueprint.layers.operations.jobs import ask_import, run_imports
from blueprint.layers.operations.publishing import publish_edition

__all__ = [
    "EditionExists",
    "FeaturesRejected",
    "Imported",
    "LayerUnknown",
    "ask_import",
    "import_edition",
    "publish_edition",
    "run_imports",
]

"""Readers of the exchange formats, one module each; every one gives a `blueprint.geometry.source.Source`."""

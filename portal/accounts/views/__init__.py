"""The slice's pages."""

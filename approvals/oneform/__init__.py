"""Oneform."""

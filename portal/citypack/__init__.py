"""Citypack."""

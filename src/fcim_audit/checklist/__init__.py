"""Knows the checklist: requirements, datasets, views and plan parameters, read from YAML."""

"""Tests of fcim_audit.readers."""

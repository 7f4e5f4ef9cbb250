"""Tests of fcim_audit.evidence."""

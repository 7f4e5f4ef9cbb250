"""Knows an organisation's evidence: where it lies, what it says, how it becomes typed tables."""

"""The audit folder on disk: plan, judgements, findings and their life, journal."""

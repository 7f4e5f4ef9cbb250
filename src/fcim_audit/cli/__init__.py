"""Knows the command line: commands, options, exit codes, clock, environment, where files go."""

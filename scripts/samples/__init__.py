"""The parts of the sample organisations, a module for each group of clauses."""

"""Further exports of the sample organisations, one module for each group of clauses."""

"""Knows file formats, one a module: bytes in, sheets of text cells with their places out."""

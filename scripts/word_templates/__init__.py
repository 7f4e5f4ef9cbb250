"""Makes the Word templates that come with the tool, one module a document, from the same blocks."""

"""The sample organisations' exports, one module an area."""

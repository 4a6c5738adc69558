"""The undo, kind of step by kind of step."""

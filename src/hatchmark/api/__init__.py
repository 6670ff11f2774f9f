"""The interface for programs: what the working pages can do, by token, over the same services."""

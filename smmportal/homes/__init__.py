"""Home, by what a person is in their projects."""

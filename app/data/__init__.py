"""Data sets: one a file, behind a registry that says what each is without loading it."""

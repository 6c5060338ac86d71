"""Experiments: one a file, with its question, what to look for, its source and its runs."""

"""Data sets: one a file, behind a registry that says what each is without loading it.

What a server asks (``registry``, ``status``, ``download``) loads neither numpy nor torch.
"""

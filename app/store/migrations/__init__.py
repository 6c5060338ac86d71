"""The steps from one version of the tables to the next, for Alembic."""

HEAD = "0005"  # the last step: a database that stands there needs none

"""The programs run in processes of their own; importing them here would need torch."""

collect_ignore = ["programs"]

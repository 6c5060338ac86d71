"""Where runs, studies and events are kept for good."""

"""The office's desk: pages only."""

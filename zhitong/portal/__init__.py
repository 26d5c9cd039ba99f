"""The firm's face on the phone: pages only."""

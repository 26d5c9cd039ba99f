"""Pages of supervised matters."""

"""The subcommands of `zhitong`, one module each."""

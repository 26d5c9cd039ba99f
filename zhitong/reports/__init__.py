"""Paper out: the ledger, a bureau's own templates filled in, reports that can be made again."""

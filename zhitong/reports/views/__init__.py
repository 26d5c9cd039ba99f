"""The office's pages of the ledger, of templates and of reports."""

"""A case: what troubles a firm, its flow, its owner and its clock."""

"""Instructions of leaders and orders of the supervision office: told to units, cleared by one office."""

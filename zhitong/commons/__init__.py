"""The same matter of several firms: proposed by the machine, confirmed by a person, answered together."""

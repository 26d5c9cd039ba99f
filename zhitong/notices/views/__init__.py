"""The pages of messages that leave the system, and the address for reports of gateways."""

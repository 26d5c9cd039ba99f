"""Sign-in: passwords, SMS codes, second factor, lockout, and outside accounts, on allauth and axes."""

"""Django glue shared by all apps: actors, audit, idempotency, outbox, schedules, uploads, slots."""

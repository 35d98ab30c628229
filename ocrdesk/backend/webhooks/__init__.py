"""Webhook deliveries in Redis."""

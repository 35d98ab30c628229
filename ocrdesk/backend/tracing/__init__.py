"""OpenTelemetry spans of jobs and pages."""

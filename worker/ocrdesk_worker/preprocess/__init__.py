"""Preprocessing: functions from image to image that make text easier to recognise."""

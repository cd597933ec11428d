"""Tests of rolecall."""

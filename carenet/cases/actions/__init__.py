"""Every write to consultations and cases."""

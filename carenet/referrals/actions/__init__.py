"""Every write to referrals; `transitions.py` holds the one transition function."""

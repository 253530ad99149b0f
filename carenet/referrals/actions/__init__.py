"""Every write to referrals; `stepping.py` holds the one transition function."""

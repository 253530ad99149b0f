"""The demo: real agencies and areas of Kohoku ward, fictional people, phones and events."""

"""The pages of auditors: the trail, who has read a record, bases, incidents."""

"""The review (点検): the network as a whole and watch by watch, for coordinators and managers."""

"""The review (地域の状況): the network as a whole and watch by watch, for coordinators and managers."""

# The commands of run.py, for fingers that type `make`. `make test ARGS="-k referral"`.
COMMANDS := demo manage test moments backup restore check messages diagrams screenshots bench storm upgrade faults lock clean

.PHONY: $(COMMANDS)

$(COMMANDS):
	@python3 run.py $@ $(ARGS)

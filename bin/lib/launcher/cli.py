"""The scripts in bin/, one function each."""

from launcher import checks, commands, places, portal, say, signals
from launcher.services import Services


def services(args: list[str]) -> int:
    """Start, stop or look at the private servers."""
    private = Services(places.find())
    match args:
        case ["start"]:
            private.start()
        case ["stop"]:
            private.stop()
        case ["status"] | []:
            up = private.running()
            for name, runs in up.items():
                print(f"{name}: {'running' if runs else 'stopped'}")
            return 0 if all(up.values()) else 3
        case _:
            raise say.Stop("usage: bin/services [start|stop|status]")
    return 0


def setup(args: list[str]) -> int:
    """Prepare the machine and .venv; with --tests also what the tests need."""
    if args not in ([], ["--tests"]):
        raise say.Stop("usage: bin/setup [--tests]")
    commands.set_up(tests=bool(args))
    return 0


COMMANDS = {
    "bench": commands.bench,
    "check": checks.check,
    "manage": commands.manage,
    "run": portal.run,
    "services": services,
    "setup": setup,
    "test": checks.test,
}


def main(args: list[str]) -> int:
    """Run one of the scripts and turn its faults into one clear message."""
    signals.listen()
    try:
        return COMMANDS[args[0]](args[1:])
    except say.Stop as stop:
        say.note(str(stop))
        return 1
    except KeyboardInterrupt:
        return 130

"""People, from the terminal: `user add`, `user password`, `user role`, `user invite`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from getpass import getpass

from rewrapped import bootstrap
from rewrapped import settings as reader
from rewrapped.cli import Commands
from rewrapped.deps import Deps
from rewrapped.domain.access import Role
from rewrapped.errors import InvalidInput
from rewrapped.services import invitations, operators
from rewrapped.services.accounts import Registration

Work = Callable[[Deps, argparse.Namespace], str]

_LONGEST_LINE = 4096


def register(commands: Commands) -> None:
    """Add the command `user` with its four verbs."""
    user = commands.add_parser("user", help="add people, set their password or role, invite somebody")
    verbs = user.add_subparsers(dest="verb", required=True, metavar="VERB")
    add = _verb(verbs, "add", _add, "create an account; you answer for its consents")
    add.add_argument("email")
    add.add_argument("--zone", default="UTC", help="IANA time zone, such as Europe/Berlin")
    _role_option(add)
    _password_option(add)
    password = _verb(verbs, "password", _password, "set somebody's password, and end their sign-ins")
    password.add_argument("email")
    _password_option(password)
    role = _verb(verbs, "role", _role, "give somebody another role")
    role.add_argument("email")
    role.add_argument("role", choices=[*operators.GIVEN_ROLES], type=Role)
    _role_option(_verb(verbs, "invite", _invite, "print a link that lets one person register, once, within seven days"))


def _verb(verbs: Commands, name: str, work: Work, says: str) -> argparse.ArgumentParser:
    def run(chosen: argparse.Namespace) -> int:
        with bootstrap.opened(reader.load()) as deps:
            print(work(deps, chosen))
        return 0

    parser: argparse.ArgumentParser = verbs.add_parser(name, help=says, description=says[0].upper() + says[1:] + ".")
    parser.set_defaults(run=run)
    return parser


def _role_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--role", choices=[*operators.GIVEN_ROLES], type=Role, default=Role.REGULAR)


def _password_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")


def _add(deps: Deps, chosen: argparse.Namespace) -> str:
    form = Registration(chosen.email, _read_password(chosen), chosen.zone)
    user_id = operators.add_account(deps, form, chosen.role)
    return f"{chosen.email} has an account now (number {user_id}, {chosen.role})."


def _password(deps: Deps, chosen: argparse.Namespace) -> str:
    operators.find_user_id(deps, chosen.email)  # before asking for a password in vain
    operators.set_password(deps, chosen.email, _read_password(chosen))
    return f"{chosen.email} has a new password; every sign-in of theirs has ended."


def _role(deps: Deps, chosen: argparse.Namespace) -> str:
    operators.set_role(deps, chosen.email, chosen.role)
    return f"{chosen.email} is {chosen.role} now."


def _invite(deps: Deps, chosen: argparse.Namespace) -> str:
    return invitations.invite(deps, chosen.role)


def _read_password(chosen: argparse.Namespace) -> str:
    """Return the password from standard input, or from a person who types it twice.

    Raises:
        InvalidInput: nothing was given, or the two differ.
    """
    if chosen.password_stdin:
        given = sys.stdin.buffer.readline(_LONGEST_LINE).decode("utf-8", "replace").rstrip("\r\n")
    elif not sys.stdin.isatty():
        raise InvalidInput("There is no terminal to ask for the password: give it with --password-stdin.")
    else:
        given = getpass("Password: ")
        if given != getpass("The same again: "):
            raise InvalidInput("The two passwords differ.")
    if not given:
        raise InvalidInput("No password was given.")
    return given

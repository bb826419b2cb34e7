"""People: who has an account, invitations, and the log of what was done to accounts."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, exists, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from rewrapped.domain.access import Role
from rewrapped.domain.importing import State
from rewrapped.storage.tables import (
    absorbed_plays,
    audit_log,
    imports,
    invites,
    listening_history,
    repeated_plays,
    users,
)

_FIRST_PERSON_LOCK = 0x72775F66  # any constant of our own


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account, or the sample listener (who has no address)."""

    id: int
    email: str | None
    role: Role
    display_name: str
    zone: str
    country: str | None
    play_rule: str
    is_demo: bool
    created_at: datetime
    history_consent_at: datetime | None
    terms_consent_at: datetime | None
    terms_version: str | None
    consent_given_by: str | None


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What is known of somebody the moment their account begins."""

    email: str | None
    role: Role
    zone: str
    display_name: str = ""
    password_hash: str | None = None
    country: str | None = None
    history_consent_at: datetime | None = None
    terms_consent_at: datetime | None = None
    terms_version: str | None = None
    consent_given_by: str | None = None
    is_demo: bool = False
    via_cli: bool = False


@dataclass(frozen=True, slots=True)
class Belongings:
    """What goes when an account is deleted."""

    row_count: int
    first_at: datetime | None
    last_at: datetime | None
    import_count: int  # done, and not removed again


_PERSON = [users.c[name] for name in Person.__dataclass_fields__]


def add_person(conn: Connection, new: NewPerson) -> int | None:
    """Store somebody; return their id, None when the address is taken."""
    query = upsert(users).values(**asdict(new)).on_conflict_do_nothing(index_elements=["email"]).returning(users.c.id)
    return conn.execute(query).scalar_one_or_none()


def register_guest(conn: Connection, user_id: int, new: NewPerson) -> int | None:
    """Make a guest's account a registered one; return its id, None when the address is taken or it is no guest's.

    The caller holds what `hold_first_person` gives, so nobody takes the address meanwhile.
    """
    if find_by_email(conn, new.email or "") is not None:
        return None
    values = {name: value for name, value in asdict(new).items() if name not in ("is_demo", "via_cli")}
    if not new.display_name:  # what they are called so far stays
        del values["display_name"]
    query = update(users).where(users.c.id == user_id, users.c.role == Role.GUEST).values(values)
    return conn.execute(query.returning(users.c.id)).scalar_one_or_none()


def find_person(conn: Connection, user_id: int) -> Person | None:
    """Return the person with this id, None when there is none."""
    row = conn.execute(select(*_PERSON).where(users.c.id == user_id)).one_or_none()
    return _person(row._asdict()) if row else None


def list_known(conn: Connection, user_ids: set[int]) -> set[int]:
    """Return which of these ids belong to somebody."""
    return set(conn.scalars(select(users.c.id).where(users.c.id.in_(user_ids))))


def list_countries(conn: Connection) -> list[str]:
    """Return the countries that people live in, sorted; the sample listener's isn't among them."""
    query = select(users.c.country).where(users.c.country.is_not(None), ~users.c.is_demo)
    return sorted(set(conn.scalars(query)))


def find_by_email(conn: Connection, email: str) -> Person | None:
    """Return the person with this (cleaned) address, None when there is none."""
    row = conn.execute(select(*_PERSON).where(users.c.email == email)).one_or_none()
    return _person(row._asdict()) if row else None


def find_sample_listener(conn: Connection) -> int | None:
    """Return the id of the sample listener, None while there is none; the oldest when there are several."""
    is_listener = users.c.is_demo & users.c.email.is_(None)  # sample promoters have an address to sign in with
    found: int | None = conn.scalar(select(func.min(users.c.id)).where(is_listener))
    return found


def find_password_hash(conn: Connection, user_id: int) -> str | None:
    """Return the stored argon2id hash, None for somebody without a password."""
    return conn.execute(select(users.c.password_hash).where(users.c.id == user_id)).scalar_one_or_none()


def set_password_hash(conn: Connection, user_id: int, password_hash: str, *, expected: str | None = None) -> bool:
    """Replace the stored hash, if it still is the expected one (None: whatever it is); return whether that was so.

    Whoever else would replace it waits until this transaction ends.
    """
    condition = users.c.id == user_id
    if expected is not None:
        condition &= users.c.password_hash == expected
    return conn.execute(update(users).where(condition).values(password_hash=password_hash)).rowcount == 1


def list_people(conn: Connection, search: str, limit: int, after_id: int = 0) -> list[Person]:
    """Return people whose address or name holds a text, by id from after one of them; the sample's aren't listed."""
    query = select(*_PERSON).where(users.c.id > after_id, ~users.c.is_demo).order_by(users.c.id).limit(limit)
    if search:
        is_address = users.c.email.contains(search.lower(), autoescape=True)
        query = query.where(is_address | users.c.display_name.icontains(search, autoescape=True))
    return [_person(row._asdict()) for row in conn.execute(query)]


def list_admins(conn: Connection) -> list[int]:
    """Return the ids of the site's admins."""
    return list(conn.scalars(select(users.c.id).where(users.c.role == Role.ADMIN).order_by(users.c.id)))


def hold_people(conn: Connection, user_ids: set[int]) -> dict[int, Person]:
    """Return people by id, and keep everybody else from changing them until the transaction ends."""
    query = select(*_PERSON).where(users.c.id.in_(user_ids)).order_by(users.c.id).with_for_update()
    return {row.id: _person(row._asdict()) for row in conn.execute(query)}


def hold_person(conn: Connection, user_id: int) -> None:
    """Keep everybody else from changing this person or their password, until the transaction ends."""
    conn.execute(select(users.c.id).where(users.c.id == user_id).with_for_update())


def set_role(conn: Connection, user_id: int, role: Role) -> None:
    """Give a person another role."""
    conn.execute(update(users).where(users.c.id == user_id).values(role=role))


def set_profile(conn: Connection, user_id: int, **values: str | None) -> None:
    """Change display_name, zone, country or play_rule; cleaned values only."""
    conn.execute(update(users).where(users.c.id == user_id).values(**values))


def set_consents(conn: Connection, user_id: int, moment: datetime, terms_version: str) -> None:
    """Note that somebody agreed, themselves, to both: that their history is stored, and to the terms."""
    values = {"history_consent_at": moment, "terms_consent_at": moment, "terms_version": terms_version}
    conn.execute(update(users).where(users.c.id == user_id).values(**values, consent_given_by="self"))


def hold_first_person(conn: Connection) -> None:
    """Let one registration at a time ask whether it is the first, until its transaction ends."""
    conn.execute(select(func.pg_advisory_xact_lock(_FIRST_PERSON_LOCK)))


def is_anyone_registered(conn: Connection) -> bool:
    """Return whether somebody has registered on the site itself; guests, the sample and CLI people don't count."""
    others = exists().where(~users.c.is_demo, ~users.c.via_cli, users.c.role != Role.GUEST)
    return bool(conn.scalar(select(others)))


def is_any_but(conn: Connection, user_id: int) -> bool:
    """Return whether anybody else has an account; invented people don't count."""
    others = exists().where(users.c.id != user_id, ~users.c.is_demo)
    return bool(conn.scalar(select(others)))


def is_any_admin(conn: Connection) -> bool:
    """Return whether the site has an admin."""
    return bool(conn.scalar(select(exists().where(users.c.role == Role.ADMIN))))


def list_belongings(conn: Connection, user_id: int) -> Belongings:
    """Return what is stored of a listener, in figures; times in UTC."""
    rows = listening_history.c
    query = select(func.count(), func.min(rows.ended_at), func.max(rows.ended_at)).where(rows.user_id == user_id)
    row_count, first_at, last_at = conn.execute(query).one()
    standing = imports.c.user_id == user_id, imports.c.state == State.DONE
    import_count = conn.scalar(select(func.count()).select_from(imports).where(*standing)) or 0
    return Belongings(row_count, first_at, last_at, import_count)


def delete_person(conn: Connection, user_id: int) -> None:
    """Delete a person with every row of theirs."""
    conn.execute(delete(audit_log).where(audit_log.c.user_id == user_id))
    for table in (listening_history, absorbed_plays, repeated_plays):  # they have no foreign key
        conn.execute(delete(table).where(table.c.user_id == user_id))
    conn.execute(delete(users).where(users.c.id == user_id))


def add_audit(conn: Connection, user_id: int | None, action: str) -> None:
    """Note that something was done; `action` is a word of ours, never a value somebody gave."""
    conn.execute(insert(audit_log).values(user_id=user_id, action=action))


def delete_audit_before(conn: Connection, moment: datetime) -> int:
    """Prune the log; return how many rows went."""
    return conn.execute(delete(audit_log).where(audit_log.c.at < moment)).rowcount


def add_invite(conn: Connection, token_hash: bytes, role: Role, created_at: datetime, expires_at: datetime) -> None:
    """Store a one-time invitation."""
    values = {"token_hash": token_hash, "role": role, "created_at": created_at, "expires_at": expires_at}
    conn.execute(insert(invites).values(values))


def use_invite(conn: Connection, token_hash: bytes, now: datetime) -> Role | None:
    """Take an invitation out of the table; return the role it gives, None when it isn't there or too old."""
    query = delete(invites).where(invites.c.token_hash == token_hash).returning(invites.c.role, invites.c.expires_at)
    row = conn.execute(query).one_or_none()
    return Role(row.role) if row and row.expires_at > now else None


def delete_invites(conn: Connection, *, before: datetime, role: Role | None = None) -> int:
    """Delete invitations that ended before a moment, with `role` all that give it; return how many went."""
    ended = invites.c.expires_at < before
    condition = ended if role is None else ended | (invites.c.role == role)
    return conn.execute(delete(invites).where(condition)).rowcount


def _person(values: dict[str, object]) -> Person:
    return Person(**{**values, "role": Role(str(values["role"]))})  # type: ignore[arg-type]  # columns are in step with the fields by name
